// `kitcn init` and `kitcn add auth` on apps without TypeScript: what they write is JavaScript, and bundles.
import { build } from "esbuild";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  newPages,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const FUNCTIONS = [
  "convex/auth.config.js",
  "convex/auth.js",
  "convex/convex.config.js",
  "convex/http.js",
  "convex/relations.js",
  "convex/schema.js",
];

/** What is generated on every run is TypeScript in both: the convex CLI bundles it, and nobody edits it. */
const GENERATED = /^convex\/(_generated|generated)\//;

const modulesOf = (folder: string) =>
  newPages(folder, "js").filter((path) => !path.endsWith(".css"));

const CASES = [
  {
    name: "vite-js",
    written: [
      ...modulesOf("src/auth"),
      "src/components/ConvexClientProvider.jsx",
      "src/lib/auth-client.js",
    ],
    entry: "src/main.jsx",
  },
  {
    name: "next-js",
    written: [
      "app/api/auth/[...all]/route.js",
      ...modulesOf("app/auth"),
      "app/auth/page.jsx",
      "components/ConvexClientProvider.jsx",
      "lib/auth-client.js",
      "lib/auth-server.js",
    ],
    entry: "app/layout.js",
  },
];

describe.each(CASES)("$name", ({ name, written, entry }) => {
  test("gets JavaScript of init and add auth, and a second run is empty", async () => {
    const app = cliApp(name, { ...COMPILED, packages: [...COMPILED.packages, "zod"] });
    const before = app.snapshot();
    await succeed(app, "init", "--yes", "--no-install");
    await succeed(app, "add", "auth", "--yes");
    const created = Object.keys(app.snapshot()).filter((path) => !(path in before));
    const modules = created.filter((path) => /\.[jt]sx?$/.test(path) && !GENERATED.test(path));
    expect(modules).toEqual([...written, ...FUNCTIONS, "lib/get-env.js"].sort());
    expect(created.filter((path) => path.endsWith("tsconfig.json"))).toEqual([]);
    await expectSecondRunEmpty(app);
    await succeed(app, "codegen", "--check");
    await succeed(app, "add", "auth", "--schema", "--check");
  });

  test("bundles as JavaScript, with every import resolved", async () => {
    const app = cliApp(name, COMPILED);
    await succeed(app, "add", "auth", "--yes");
    const entries = [entry, ...written.filter((path) => /page|route/.test(path)), "convex/http.js"];
    const { errors, warnings } = await bundle(app, entries);
    expect([...errors, ...warnings]).toEqual([]);
  });
});

test("an app's own TypeScript functions stay the language of its functions", async () => {
  const schema = `import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n`;
  const app = cliApp("vite-js", { files: { "convex/schema.ts": schema } });
  await succeed(app, "add", "auth", "--yes");
  expect(app.has("convex/auth.ts")).toBe(true);
  expect(app.has("src/lib/auth-client.js")).toBe(true);
});

test("a module of JavaScript in an app with TypeScript changes nothing", async () => {
  const tsconfig = '{ "compilerOptions": { "allowJs": true } }\n';
  const app = cliApp("vite-js", { files: { "tsconfig.json": tsconfig } });
  await succeed(app, "add", "auth", "--yes");
  for (const path of ["convex/auth.ts", "src/lib/auth-client.ts", "src/auth/AuthPage.tsx"])
    expect(app.has(path), path).toBe(true);
});

test("--crpc and --preset convex write JavaScript, too", async () => {
  const app = cliApp("vite-js", { packages: [...PACKAGES, "zod"] });
  await succeed(app, "init", "--yes", "--no-install");
  await succeed(app, "add", "auth", "--preset", "convex", "--yes");
  expect(app.has("convex/authSchema.js")).toBe(true);
  const other = cliApp("next-js", { packages: [...PACKAGES, "zod", "hono"] });
  const manifest = other
    .read("package.json")
    .replace('"convex"', '"hono": "4", "zod": "4", "convex"');
  other.write("package.json", manifest);
  await succeed(other, "add", "auth", "--crpc", "--yes");
  expect(other.read("lib/crpc.js")).toContain("initCRPC.dataModel().create({");
  await expectSecondRunEmpty(other, "--crpc");
});

// --- internal ---

async function succeed(app: CliApp, ...args: string[]): Promise<void> {
  const ran = await app.kitcn(...args);
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
}

/** Packages aside, and with a parser that knows no types in `.js` and `.jsx`. */
function bundle(app: CliApp, entries: readonly string[]) {
  return build({
    entryPoints: entries.map((path) => app.path(path)),
    absWorkingDir: app.root,
    outdir: join(app.root, "out"),
    bundle: true,
    write: false,
    packages: "external",
    format: "esm",
    jsx: "automatic",
    loader: { ".js": "jsx" },
    logLevel: "silent",
  });
}
