// Apps of other auth libraries on their way to kitcn: installed by npm with those libraries, moved by a kitcn that is
// outside of them as npx has it, and held to the same end. Writes only below .tmp in the repository.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { signUp } from "../codegen/support/live-app.js";
import type { Deployment } from "../deployment/index.js";
import { installIn, installWishes } from "./installation.js";
import {
  appIn,
  CONVEX_TSCONFIG,
  runIn,
  snapshotOf,
  writeFiles,
  type PackedApp,
  type Ran,
} from "./packed-app.js";

export const VITE_ORIGIN = "http://localhost:5173";
export const NEXT_ORIGIN = "http://localhost:3000";

/** A place for such apps. */
export type Moving = {
  /** A fresh app with its packages, by npm. */
  readonly appOf: (name: string, files: Readonly<Record<string, string>>) => Promise<PackedApp>;
  /** Runs kitcn in an app, with a deployment. */
  readonly kitcn: (app: PackedApp, args: readonly string[], deployment: Deployment) => Promise<Ran>;
};

/** Opens the place, with kitcn where npx keeps it. */
export async function openMoving(name: string): Promise<Moving> {
  const tmp = resolve(".tmp", name);
  const home = join(tmp, "npx");
  await rm(tmp, { recursive: true, force: true });
  await mkdir(join(home, "app"), { recursive: true });
  await writeFile(join(home, "app/package.json"), '{ "name": "npx", "private": true }');
  await installIn(home, { specs: [], flags: [] });
  const cli = join(home, "app/node_modules/kitcn/dist/codegen/bin.js");
  return {
    async appOf(app, files) {
      const dir = join(tmp, app);
      const made = appIn(dir);
      await mkdir(dir, { recursive: true });
      await writeFiles(made, files);
      await installWishes(dir, ["--ignore-scripts"]);
      return made;
    },
    kitcn: ({ dir }, args, { cliEnv }) => runIn(dir, [process.execPath, cli, ...args], cliEnv),
  };
}

/** Both compilers' answers, a push, and a user who signs up and is known to a query. */
export async function expectWorking(
  app: PackedApp,
  deployment: Deployment,
  origin: string = VITE_ORIGIN,
): Promise<void> {
  for (const project of ["convex", "."]) {
    const checked = await app.run(["tsc", "-p", project, "--noEmit"]);
    expect(checked, checked.stdout).toMatchObject({ code: 0 });
  }
  const command = ["convex", "deploy", "--yes", "--typecheck", "disable"]; // tsc has just answered
  const pushed = await app.run(command, deployment.cliEnv);
  expect(pushed, pushed.stdout + pushed.stderr).toMatchObject({ code: 0 });
  const user = await signUp(deployment.siteUrl, "ada@example.com", origin);
  expect(await user.token()).toMatch(/^ey/);
}

/** Names of the packages that an app declares. */
export async function packagesOf(app: PackedApp): Promise<string[]> {
  const manifest = JSON.parse((await snapshotOf(app))["package.json"] ?? "{}") as {
    dependencies?: object;
    devDependencies?: object;
  };
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
}

export const PACKAGE = (dependencies: Record<string, string>) =>
  JSON.stringify({
    name: "moving",
    private: true,
    type: "module",
    dependencies: { convex: "^1.48.0", react: "^19.0.0", "react-dom": "^19.0.0", ...dependencies },
    devDependencies: {
      "@types/node": "^24.0.0",
      "@types/react": "^19.0.0",
      "@types/react-dom": "^19.0.0",
      ...("next" in dependencies ? {} : { "@vitejs/plugin-react": "^6.1.2", vite: "^8.3.4" }),
      // Next's build needs the API that TypeScript 7 does not have.
      typescript: "next" in dependencies ? "~5.9.3" : "~7.0.2",
    },
  });

const COMPILER = {
  target: "ES2022",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  module: "ESNext",
  moduleResolution: "Bundler",
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** What an app on Vite has beside its modules. */
export const VITE: Readonly<Record<string, string>> = {
  "index.html": `<!doctype html>
<html lang="en">
  <body>
    <div id="root"></div>
    <script type="module" src="/src/main.tsx"></script>
  </body>
</html>
`,
  "vite.config.ts": `import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [react()] });
`,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      ...COMPILER,
      jsx: "react-jsx",
      noUnusedLocals: true,
      types: ["vite/client", "node"],
    },
    include: ["src"],
  }),
  "convex/tsconfig.json": CONVEX_TSCONFIG,
};

/** What an app on Next has beside its modules. */
export const NEXT: Readonly<Record<string, string>> = {
  "next-env.d.ts":
    '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n',
  "next.config.ts": "export default {};\n",
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      ...COMPILER,
      jsx: "preserve",
      noUnusedLocals: true,
      paths: { "@/*": ["./*"] },
    },
    include: ["next-env.d.ts", "**/*.ts", "**/*.tsx"],
    exclude: ["node_modules", "convex"],
  }),
  "convex/tsconfig.json": CONVEX_TSCONFIG,
};

/** The modules of an app that the other tests have types for: here its packages are the real ones. */
export function withoutTypes(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.startsWith("node_modules/")),
  );
}
