// `npm run test:all`: repositories of several packages as npm hoists them and as pnpm keeps them apart, with kitcn's pack.
// One run anywhere installs and wires all; each package type-checks, and somebody signs up through each front end.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { buildApp, freePort, startServer } from "../browser/support/app.js";
import { signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { argsOfNext, NPM_INSTALL, succeeded } from "../support/commands.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";

type Manager = {
  readonly name: string;
  /** How a package asks for the backend. */
  readonly link: string;
  /** Files of the root. */
  readonly files: Readonly<Record<string, string>>;
  readonly install: readonly string[];
};

const MANAGERS: readonly Manager[] = [
  {
    name: "npm",
    link: "*",
    files: {},
    install: [...NPM_INSTALL, "--prefer-offline"],
  },
  {
    name: "pnpm",
    link: "workspace:*",
    files: {
      ".npmrc": "hoist=false\nauto-install-peers=false\nstrict-peer-dependencies=false\n",
      "pnpm-workspace.yaml":
        "packages:\n  - apps/*\n  - packages/*\nignoredBuiltDependencies: [esbuild, sharp]\n",
    },
    install: ["pnpm", "install"],
  },
];

const BACKEND = "packages/backend";
const WEB = "apps/web";
const ADMIN = "apps/admin";

const home = resolve(".tmp/monorepo");
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test.each(MANAGERS)(
  "$name installs: one run in a front end, the root or the backend wires all, and all works",
  async (manager) => {
    const { root, env } = await makeRepo(manager);
    const deployment = await startDeployment();
    closing.push(() => deployment.stop());
    const live = { ...env, ...deployment.cliEnv };
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    await writeFiles(appIn(root), {
      [`${BACKEND}/.env.local`]: `CONVEX_URL=${deployment.url}\nCONVEX_SITE_URL=${deployment.siteUrl}\n`,
      [`${BACKEND}/convex/.env`]: `SITE_URL=${origin}\n`,
    });
    const kitcn = async (folder: string, ...args: string[]) =>
      succeeded(await runIn(join(root, folder), [kitcnOf(root), ...args], live));
    const before = await sourcesOf(root);

    await kitcn(ADMIN, "add", "auth", "--yes");
    await expectOwnPackages(root);
    const wired = await sourcesOf(root);
    for (const folder of ["", BACKEND, WEB, ADMIN])
      expect((await kitcn(folder, "add", "auth", "--yes")).stdout).toContain("nothing was written");
    await kitcn(WEB, "add", "plugin", "username", "--yes");
    await expectToWork(root, { env: live, deployment, port });

    for (const folder of ["", BACKEND]) {
      await restore(root, before);
      succeeded(await runIn(root, manager.install, env));
      await kitcn(folder, "add", "auth", "--yes");
      expect(await sourcesOf(root)).toEqual(wired);
    }
  },
  1_200_000,
);

// --- internal ---

type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
  [key: string]: unknown;
};

/** A backend, a Next.js app and a Vite app. Only the backend asks for kitcn and convex. */
async function makeRepo({ name, link, files, install }: Manager) {
  const root = join(home, name);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const env = { PATH: `${await pnpmFolder()}${delimiter}${process.env.PATH ?? ""}` };
  await cp("examples/notes/convex", join(root, BACKEND, "convex"), { recursive: true });
  const { version: convex } = await readManifest("node_modules/convex/package.json");
  const types = { "@types/node": "^20", typescript: "~5.9.0" };
  const workspaces = name === "npm" ? { workspaces: ["apps/*", "packages/*"] } : {};
  await writeJson(join(root, "package.json"), { name: "acme", private: true, ...workspaces });
  await writeJson(join(root, BACKEND, "package.json"), {
    name: "@acme/backend",
    private: true,
    type: "module",
    exports: { "./convex/*": "./convex/*.ts" },
    dependencies: { convex, kitcn: `file:${await packKitcn()}` },
    devDependencies: types,
  });
  for (const [folder, fixture] of [
    [WEB, "next"],
    [ADMIN, "vite"],
  ] as const) {
    await cp(join("test/fixtures/apps", fixture), join(root, folder), { recursive: true });
    await rm(join(root, folder, "convex"), { recursive: true, force: true });
    const path = join(root, folder, "package.json");
    const manifest = await readManifest(path);
    const { dependencies = {}, devDependencies, ...rest } = manifest;
    for (const own of ["better-auth", "kitcn", "convex"]) delete dependencies[own];
    const react = { "@types/react": "^19", "@types/react-dom": "^19" };
    await writeJson(path, {
      ...rest,
      name: folder.slice("apps/".length),
      dependencies: { ...dependencies, "@acme/backend": link },
      devDependencies: { ...devDependencies, ...react, ...types },
    });
  }
  await writeFiles(appIn(root), {
    ...files,
    [`${WEB}/tsconfig.json`]: tsconfig(["**/*.ts", "**/*.tsx", ".next/types/**/*.ts"]),
    [`${ADMIN}/tsconfig.app.json`]: tsconfig(["src"], ["vite/client"]),
  });
  succeeded(await runIn(root, install, env));
  return { root, env };
}

function tsconfig(include: readonly string[], types?: readonly string[]): string {
  return `${JSON.stringify(
    {
      compilerOptions: {
        target: "ES2022",
        lib: ["DOM", "DOM.Iterable", "ES2022"],
        module: "esnext",
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        isolatedModules: true,
        jsx: "react-jsx",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        ...(types && { types }),
      },
      include,
    },
    null,
    2,
  )}\n`;
}

/** The program in the package that asks for kitcn, or where npm hoisted it to. */
function kitcnOf(root: string): string {
  const paths = [BACKEND, ""].map((folder) => join(root, folder, "node_modules/.bin/kitcn"));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error(`kitcn is not installed in ${root}`);
  return found;
}

/** Each front end asks for what it imports. */
async function expectOwnPackages(root: string): Promise<void> {
  for (const folder of [WEB, ADMIN]) {
    const { dependencies = {} } = await readManifest(join(root, folder, "package.json"));
    expect(Object.keys(dependencies)).toEqual(
      expect.arrayContaining(["kitcn", "better-auth", "convex"]),
    );
  }
}

/** All packages compile, the real CLI pushes, and people sign up through both front ends. */
async function expectToWork(
  root: string,
  at: { env: Record<string, string>; deployment: Deployment; port: number },
): Promise<void> {
  const { env, deployment, port } = at;
  const [backend, web, admin] = [BACKEND, WEB, ADMIN].map((one) => appIn(join(root, one))) as [
    PackedApp,
    PackedApp,
    PackedApp,
  ]; // of three folders
  succeeded(await backend.run(["convex", "deploy", "--yes"], env));
  succeeded(await backend.run(["kitcn", "env", "push"], env));
  succeeded(await backend.run(["tsc", "-p", "convex"]));
  succeeded(await web.run(["next", "typegen"]));
  succeeded(await web.run(["tsc", "--noEmit"]));
  succeeded(await admin.run(["tsc", "-p", "tsconfig.app.json", "--noEmit"]));

  const origin = `http://localhost:${port}`;
  await buildApp(web);
  const server = await startServer({
    app: web,
    args: argsOfNext([join(root, WEB), root], port),
    origin,
  });
  closing.push(server.end);
  const onWeb = await signUp(origin, "web@example.com", origin);
  expect(await onWeb.token()).toMatch(/^e/);
  await buildApp(admin);
  // The page of a Vite app calls the deployment itself.
  const onAdmin = await signUp(deployment.siteUrl, "admin@example.com", "http://localhost:5173");
  expect(await onAdmin.token()).toMatch(/^e/);
}

/** Every file that is written by people or by kitcn, without secrets. */
async function sourcesOf(root: string): Promise<Record<string, string>> {
  const files = Object.entries(await snapshotOf(appIn(root)));
  return Object.fromEntries(
    files
      .filter(([path]) => !OF_TOOLS.test(path))
      .map(([path, text]) => [path, text.replace(/(BETTER_AUTH_SECRET=).*/, "$1secret")]),
  );
}

const OF_TOOLS = /node_modules\/|\.next\/|dist\/|package-lock\.json|pnpm-lock\.yaml|tsbuildinfo/;

async function restore(root: string, before: Readonly<Record<string, string>>): Promise<void> {
  for (const path of Object.keys(await sourcesOf(root)))
    if (!(path in before)) await rm(join(root, path));
  await writeFiles(appIn(root), before);
}

async function readManifest(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(path, "utf8")) as Manifest; // npm's format
}

async function writeJson(path: string, value: object): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** pnpm comes from npm. */
async function pnpmFolder(): Promise<string> {
  const folder = join(home, "tools");
  const bin = join(folder, "node_modules/.bin");
  if (existsSync(join(bin, "pnpm"))) return bin;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  succeeded(await runIn(folder, [...NPM_INSTALL, "pnpm@10"]));
  return bin;
}
