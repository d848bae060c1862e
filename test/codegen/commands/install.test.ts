// Installing what an app lacks: the commands of its package manager, versions, and what happens when it fails.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { planBaseInstall, planInstall } from "../../../codegen/commands/install.js";
import { printCommand } from "../../../codegen/packages/overrides.js";
import { BETTER_AUTH_VERSION } from "../../../codegen/packages/supported.js";
import { nodeTypesFor } from "../../../codegen/packages/node-engine.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { loadFolder, loadProject } from "../../../codegen/disk/project.js";
import { kitcnVersion } from "../../../codegen/packages/version.js";
import { cliApp, PACKAGES, type CliApp } from "../support/cli.js";

const without = (...names: string[]) => PACKAGES.filter((one) => !names.includes(one));
const bare = '{ "name": "x", "dependencies": { "convex": "^1.44.0" } }';

beforeEach(() => {
  for (const name of ["CONVEX_SELF_HOSTED_URL", "CONVEX_DEPLOYMENT", "CONVEX_DEPLOY_KEY"])
    vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

const NODE_TYPES = nodeTypesFor(process.versions.node);

test.each([
  ["20.19.0", "@types/node@^20"],
  ["22.12.0", "@types/node@^22"],
  ["23.1.0", "@types/node@^22"],
  ["24.0.0", "@types/node@^24"],
  ["18.0.0", "@types/node@^20"],
])("types for Node %s: %s", (version, want) => expect(nodeTypesFor(version)).toBe(want));

describe("planInstall", () => {
  const kitcn = `kitcn@${kitcnVersion()}`;
  const betterAuth = `better-auth@${BETTER_AUTH_VERSION}`;
  test.each([
    { name: "nothing", packages: PACKAGES, files: {}, want: [] },
    {
      name: "npm, exact versions",
      packages: without("kitcn", "better-auth", "@types/node"),
      files: { "package.json": bare },
      want: [`npm i --save-exact ${kitcn} ${betterAuth}`, `npm i -D ${NODE_TYPES}`],
    },
    {
      name: "pnpm, by its lockfile",
      packages: without("better-auth"),
      files: { "package.json": bare, "pnpm-lock.yaml": "" },
      want: [`pnpm add --save-exact ${betterAuth}`],
    },
    {
      name: "yarn, by its lockfile",
      packages: without("better-auth"),
      files: { "package.json": bare, "yarn.lock": "" },
      want: [`yarn add --exact ${betterAuth}`],
    },
    {
      name: "bun, by packageManager",
      packages: without("better-auth"),
      files: { "package.json": bare.replace("{", '{ "packageManager": "bun@1.2.0",') },
      want: [`bun add --exact ${betterAuth}`],
    },
    {
      name: "types alone start no package manager",
      packages: without("@types/node"),
      files: { "package.json": bare },
      want: [],
    },
    {
      name: "what package.json names is fetched as it says",
      packages: without("better-auth"),
      files: {},
      want: ["npm i"],
    },
    {
      name: "yarn from version 2 on, told to make node_modules",
      packages: without("better-auth"),
      files: {
        "package.json": bare.replace("{", '{ "packageManager": "yarn@4.5.0",'),
        ".yarnrc.yml": "nodeLinker: node-modules\n",
      },
      want: [`yarn add --exact ${betterAuth}`],
    },
  ])("$name", async ({ packages, files, want }) => {
    const app = cliApp("plain", { packages, files });
    const { commands } = await planInstall(openWorkspace(loadProject(app.root)));
    expect(commands.map((one) => one.join(" "))).toEqual(want);
  });

  describe("an app inside of a folder that has the packages", () => {
    const nested = (manifest: string) =>
      cliApp("plain", { files: { "package.json": manifest, "apps/web/package.json": bare } });

    test("installs its own: another package's do not come along", async () => {
      const { commands } = await planInstall(
        openWorkspace(loadProject(nested(bare).path("apps/web"))),
      );
      expect(commands.map((one) => one.join(" "))).toEqual([
        `npm i --save-exact ${kitcn} ${betterAuth}`,
      ]);
    });

    test("has those of its workspace", async () => {
      const app = nested('{ "name": "root", "workspaces": ["apps/*"] }');
      const { commands, notes } = await planInstall(
        openWorkspace(loadProject(app.path("apps/web"))),
      );
      expect(commands).toEqual([]);
      expect(notes.join("\n")).toMatch(/kitcn .* package\.json does not name it[^]*better-auth/);
    });
  });

  test("convex that only a peer brought is written into package.json, as a range", async () => {
    const app = cliApp("plain", { packages: [], files: { "package.json": '{ "name": "x" }' } });
    const { commands } = await planBaseInstall(openWorkspace(loadFolder(app.root)), {
      crpc: false,
      getEnv: false,
    });
    expect(commands.map((one) => one.join(" "))).toEqual([
      "npm i convex@^1.48.0",
      `npm i -D ${NODE_TYPES}`,
    ]);
  });

  test("what init's files import is installed: exact where it has to fit, else a range", async () => {
    const app = cliApp("plain", { packages: [], files: { "package.json": bare } });
    const { commands } = await planBaseInstall(openWorkspace(loadFolder(app.root)), {
      crpc: true,
      getEnv: true,
    });
    expect(commands.map((one) => one.join(" "))).toEqual([
      `npm i --save-exact ${kitcn} ${betterAuth}`,
      expect.stringMatching(/^npm i zod@\^4\.\S+ hono@\^4\.\S+$/),
      `npm i -D ${NODE_TYPES}`,
    ]);
  });

  test("with procedures: zod and hono, where package.json does not name them", async () => {
    const app = cliApp("plain");
    const { commands } = await planInstall(openWorkspace(loadProject(app.root)), { crpc: true });
    expect(commands.map((one) => one.join(" "))).toEqual([
      expect.stringMatching(/^npm i zod@\^4\.\S+ hono@\^4\.\S+$/),
    ]);
  });

  test("zod that lib/get-env.ts imports, after an init that installed nothing", async () => {
    const files = { "lib/get-env.ts": 'import { z } from "zod";\n' };
    const { commands } = await planInstall(
      openWorkspace(loadProject(cliApp("plain", { files }).root)),
    );
    expect(commands.map((one) => one.join(" "))).toEqual([expect.stringMatching(/^npm i zod@\^4/)]);
    const installed = cliApp("plain", { files, packages: [...PACKAGES, "zod"] });
    expect((await planInstall(openWorkspace(loadProject(installed.root)))).commands).toEqual([]);
  });

  test("convex that package.json names and nobody installed is fetched", async () => {
    const app = cliApp("plain");
    rmSync(app.path("node_modules/convex"), { recursive: true });
    const { packages, commands } = await planInstall(openWorkspace(loadProject(app.root)));
    expect(packages).toEqual(["convex@^1.44.0"]);
    expect(commands.map((one) => one.join(" "))).toEqual(["npm i"]);
  });

  test.each(["1.9.3", "1.43.0"])(
    "convex %s is replaced where any 1.x is asked for",
    async (version) => {
      const app = cliApp("plain");
      app.write("node_modules/convex/package.json", JSON.stringify({ version }));
      const { packages, commands } = await planInstall(openWorkspace(loadProject(app.root)));
      expect(packages).toEqual([expect.stringMatching(/^convex@[~^]1\.48\.0$/)]);
      expect(commands.map((one) => one.join(" "))).toEqual([`npm i ${packages[0] ?? ""}`]);
    },
  );

  test.each([
    ["1.43.0", "1.43.0"],
    ["1.43.0", "~1.43.0"],
    ["2.0.0", "^1.44.0"],
  ])("convex %s is refused where package.json asks for %s", async (version, asked) => {
    const app = cliApp("plain", { files: { "package.json": bare.replace("^1.44.0", asked) } });
    app.write("node_modules/convex/package.json", JSON.stringify({ version }));
    await expect(planInstall(openWorkspace(loadProject(app.root)))).rejects.toMatchObject({
      code: "UNSUPPORTED_CONVEX",
      hint: expect.stringMatching(/: npm install convex@[~^]1\.48\.0$/) as string,
    });
  });

  test.each([
    { name: "its modules", files: { ".pnp.cjs": "" } },
    {
      name: "its version, and no other linker",
      files: { "package.json": bare.replace("{", '{ "packageManager": "yarn@4.5.0",') },
    },
  ])("Plug'n'Play is refused, by $name", async ({ files }) => {
    const app = cliApp("plain", { files });
    // What makes none has none.
    rmSync(app.path("node_modules"), { recursive: true });
    await expect(planInstall(openWorkspace(loadProject(app.root)))).rejects.toMatchObject({
      code: "PLUG_AND_PLAY",
      hint: expect.stringContaining("nodeLinker: node-modules") as string,
    });
  });

  test.each(["1.6.34", "1.7.7", "1.8.0", "2.0.0"])("better-auth %s is refused", async (version) => {
    const app = cliApp("plain", { packages: without("better-auth") });
    app.write("node_modules/better-auth/package.json", JSON.stringify({ version }));
    await expect(planInstall(openWorkspace(loadProject(app.root)))).rejects.toMatchObject({
      code: "UNSUPPORTED_BETTER_AUTH",
      hint: `Install the tested version: npm install better-auth@${BETTER_AUTH_VERSION}`,
    });
  });
});

describe("Better Auth's separate packages change with the better-auth whose version they ask for", () => {
  const release = (version: string) => JSON.stringify({ version });
  const dependencies = {
    convex: "^1.44.0",
    "@convex-dev/better-auth": "0.10.13",
    "better-auth": "1.4.9",
    "@better-auth/passkey": "1.4.9",
    "@better-auth/infra": "0.4.5",
    "@better-auth/core": "1.4.9",
  };
  const withPasskey = () => {
    const app = cliApp("plain", {
      // Not linked: their files are written below.
      packages: without(...Object.keys(dependencies)),
      files: { "package.json": JSON.stringify({ name: "x", dependencies }) },
    });
    for (const [name, version] of Object.entries(dependencies))
      if (name !== "convex") app.write(`node_modules/${name}/package.json`, release(version));
    return openWorkspace(loadProject(app.root));
  };
  const OVERRIDES =
    'npm pkg set "overrides[@better-auth/passkey][better-call]=>=0" "overrides[@better-auth/passkey][@better-auth/utils]=>=0" "overrides[@better-auth/passkey][@better-fetch/fetch]=>=0"';

  test("in the commands of add auth --replace", async () => {
    const { commands } = await planInstall(withPasskey(), {
      replaces: ["@convex-dev/better-auth"],
    });
    expect(commands.map(printCommand)).toEqual([
      "npm uninstall @convex-dev/better-auth",
      OVERRIDES,
      `npm i --save-exact better-auth@${BETTER_AUTH_VERSION} @better-auth/passkey@1.7`,
    ]);
  });

  test("where they are named, and not installed", async () => {
    const specs = { "@better-auth/expo": "1.6.17", "better-auth": "^1.6.0" };
    const files = {
      "package.json": JSON.stringify({ name: "x", dependencies: { convex: "^1.44.0", ...specs } }),
    };
    const app = cliApp("plain", { packages: without("better-auth"), files });
    const { packages } = await planInstall(openWorkspace(loadProject(app.root)), {
      replaces: ["@convex-dev/better-auth"],
    });
    expect(packages).toEqual([`better-auth@${BETTER_AUTH_VERSION}`, "@better-auth/expo@1.7"]);
  });

  test("in the command that a refusal of the old version names", async () => {
    await expect(planInstall(withPasskey())).rejects.toMatchObject({
      code: "UNSUPPORTED_BETTER_AUTH",
      hint: `Install the tested version: ${OVERRIDES} && npm install better-auth@${BETTER_AUTH_VERSION} @better-auth/passkey@1.7`,
    });
  });
});

describe("add auth with a package manager that keeps books", () => {
  test("installs first, then plans the schema with what was installed", async () => {
    const app = cliApp("plain", {
      packages: without("better-auth", "@types/node"),
      files: { "package.json": bare },
    });
    const log = fakeNpm(
      app,
      `ln -s "${join(process.cwd(), "node_modules/better-auth")}" node_modules/better-auth`,
    );
    const dry = await app.kitcn("add", "auth", "--dry-run");
    expect(dry.stdout).toContain(
      `would run  npm i --save-exact better-auth@${BETTER_AUTH_VERSION}`,
    );
    expect(app.has("npm.log")).toBe(false);
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(log()).toEqual([
      `i --save-exact better-auth@${BETTER_AUTH_VERSION}`,
      `i -D ${NODE_TYPES}`,
    ]);
    expect(app.read("convex/schema.ts")).toContain("user: userTable");
  });

  test("one that installs what kitcn refuses: that packages were installed is told", async () => {
    const packages = without("better-auth", "@types/node");
    const app = cliApp("plain", { packages, files: { "package.json": bare } });
    const old = "node_modules/better-auth/package.json";
    fakeNpm(app, `mkdir node_modules/better-auth; echo '{ "version": "1.6.0" }' > ${old}`);
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/has better-auth 1\.6\.0[^]*Packages were installed; no other file/);
    expect(app.has("convex/auth.ts")).toBe(false);
  });

  test("a run that cannot go on without the library it replaces takes the uninstallation back", async () => {
    const named = JSON.stringify({
      name: "moving",
      dependencies: { "@convex-dev/better-auth": "0.12.5", convex: "^1.48.0" },
    });
    const app = cliApp("plain", {
      packages: without("better-auth", "@types/node"),
      files: {
        "package.json": named,
        "convex/convex.config.ts": `import betterAuth from "@convex-dev/better-auth/convex.config";
import { defineApp } from "convex/server";

const app = defineApp();
app.use(betterAuth);
export default app;
`,
        "convex/auth.ts": `import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);

export const createAuth = (ctx) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    plugins: [(() => { throw new Error("no such plugin"); })()],
  });
`,
      },
    });
    const link = `ln -sfn "${join(process.cwd(), "node_modules/better-auth")}" node_modules/better-auth`;
    const left = JSON.stringify({ dependencies: { convex: "^1.48.0" } });
    const log = fakeNpm(app, `[ $1 = uninstall ] && echo '${left}' > package.json; ${link}`);
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--replace", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/no such plugin[^]*The packages are as they were/);
    expect(log()).toEqual([
      "uninstall @convex-dev/better-auth",
      `i --save-exact better-auth@${BETTER_AUTH_VERSION}`,
      `i -D ${NODE_TYPES}`,
      "i",
    ]);
    const { "npm.log": _log, ...after } = app.snapshot();
    expect(after).toEqual(before);
  });

  test("one that fails leaves the app as it was", async () => {
    const app = cliApp("plain", {
      packages: without("better-auth"),
      files: { "package.json": bare },
    });
    fakeNpm(app, "echo 'registry is down' >&2; exit 1");
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain("registry is down");
    const { "npm.log": _log, ...after } = app.snapshot();
    expect(after).toEqual(before);
  });

  test.each([
    {
      name: "of the app",
      given: "npm error code ERESOLVE / Found: react@19.2.0",
      want: `run \`npm i --legacy-peer-deps --save-exact better-auth@${BETTER_AUTH_VERSION}\`: npm then installs`,
    },
    {
      name: "of Babel",
      given: "npm error code ERESOLVE / Found: @babel/core@7.29.13",
      want: 'run `npm pkg set "overrides[better-auth][@babel/core]=>=0" "overrides[kitcn][@babel/core]=>=0"`: npm then installs',
    },
  ])(
    "npm that refuses packages $name: the command after which it does not",
    async ({ given, want }) => {
      const files = { "package.json": bare };
      const app = cliApp("plain", { packages: without("better-auth"), files });
      fakeNpm(app, `echo '${given}' >&2; exit 1`);
      const { code, stderr } = await app.kitcn("add", "auth", "--yes");
      expect(code).toBe(1);
      expect(stderr).toContain(given);
      expect(stderr).toContain(want);
    },
  );

  test("pnpm that ran no build scripts: the command that allows them, and the second run finishes", async () => {
    const files = { "package.json": bare, "pnpm-lock.yaml": "" };
    const app = cliApp("plain", { packages: without("better-auth"), files });
    const link = `ln -s "${join(process.cwd(), "node_modules/better-auth")}" node_modules/better-auth`;
    const says = "ERR_PNPM_IGNORED_BUILDS  Ignored build scripts: esbuild@0.27.0";
    fakeManager(app, "pnpm", `${link}; echo '${says}'; exit 1`);
    const first = await app.kitcn("add", "auth", "--yes");
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/Ignored build scripts: esbuild[^]*pnpm approve-builds --all/);
    expect(app.has("convex/auth.ts")).toBe(false);
    const second = await app.kitcn("add", "auth", "--yes");
    expect(second, second.stderr).toMatchObject({ code: 0 });
    expect(app.has("convex/auth.ts")).toBe(true);
  });

  test("one that fails half way names its command; the second run finishes", async () => {
    const packages = without("better-auth");
    const app = cliApp("plain", { packages, files: { "package.json": bare } });
    fakeNpm(app, "echo 'network' >&2; exit 1");
    const first = await app.kitcn("add", "auth", "--yes");
    expect(first.stderr).toContain(`Run \`npm i --save-exact better-auth@${BETTER_AUTH_VERSION}\``);
    fakeNpm(
      app,
      `ln -s "${join(process.cwd(), "node_modules/better-auth")}" node_modules/better-auth`,
    );
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  });

  test("one that is not there is named, with how to get it", async () => {
    const files = { "package.json": bare, "bun.lock": "" };
    const app = cliApp("plain", { packages: without("better-auth"), files });
    vi.stubEnv("PATH", app.path("no-such-folder"));
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/asks for bun, which was not found[^]*npm install -g bun/);
    expect(app.snapshot()).toEqual(before);
  });

  test("--no-install runs nothing", async () => {
    const app = cliApp("plain", { packages: without("@types/node") });
    fakeNpm(app, "exit 1");
    const { code, stdout } = await app.kitcn("add", "auth", "--yes", "--no-install");
    expect(code).toBe(0);
    expect(stdout).toContain("TypeScript needs @types/node to know process.env: npm i");
    expect(app.has("npm.log")).toBe(false);
  });
});

/** An `npm` among the bins of the app, which come first, that writes its arguments to npm.log, then does `script`. */
function fakeNpm(app: CliApp, script: string): () => string[] {
  return fakeManager(app, "npm", script);
}

function fakeManager(app: CliApp, name: string, script: string): () => string[] {
  const folder = app.path("node_modules/.bin");
  mkdirSync(folder, { recursive: true });
  const text = `#!/bin/sh\necho "$@" >> npm.log\n[ -e node_modules/better-auth ] || { ${script}; }\n`;
  writeFileSync(join(folder, name), text, { mode: 0o755 });
  return () => app.read("npm.log").trim().split("\n");
}
