// What `add auth` installs in a repository of several packages: in each package what it lacks, by the commands with
// which its package manager names one package.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { planInstall, planPackages } from "../../../codegen/commands/install.js";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { BETTER_AUTH_VERSION } from "../../../codegen/packages/supported.js";
import { kitcnVersion } from "../../../codegen/packages/version.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { PACKAGES, type AppOptions } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO, type TestRepo } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const kitcn = `kitcn@${kitcnVersion()}`;
const betterAuth = `better-auth@${BETTER_AUTH_VERSION}`;

/** A repository whose packages lack these. */
function lacking(
  names: readonly string[],
  files: NonNullable<AppOptions["files"]>,
  folders = Object.keys(TURBO),
): TestRepo {
  const packages = PACKAGES.filter((one) => !names.includes(one));
  const repo = makeRepo(TURBO, { packages, files });
  for (const folder of folders) {
    const path = `${folder}/package.json`;
    const manifest = JSON.parse(repo.read(path)) as { dependencies: Record<string, string> }; // a fixture's
    for (const name of names) delete manifest.dependencies[name];
    repo.write(path, JSON.stringify(manifest));
  }
  return repo;
}

const commandsOf = async (repo: TestRepo) => {
  const { commands } = await planInstall(openWorkspace(await loadApp(repo.path("apps/web"))));
  return commands.map((one) => one.join(" "));
};

describe("one package each, from the root", () => {
  test.each([
    {
      name: "npm",
      files: { "package-lock.json": "{}" },
      want: [
        `npm i -w packages/backend -w apps/web -w apps/admin --save-exact ${kitcn} ${betterAuth}`,
      ],
    },
    {
      name: "pnpm",
      files: {
        "pnpm-lock.yaml": "",
        "pnpm-workspace.yaml": "packages: [apps/*, packages/*]\n",
      },
      want: [
        `pnpm --filter @acme/backend --filter web --filter admin add --save-exact ${kitcn} ${betterAuth}`,
      ],
    },
    {
      name: "yarn",
      files: { "yarn.lock": "" },
      want: ["@acme/backend", "web", "admin"].map(
        (name) => `yarn workspace ${name} add --exact ${kitcn} ${betterAuth}`,
      ),
    },
    {
      name: "bun",
      files: { "bun.lock": "{}" },
      want: ["packages/backend", "apps/web", "apps/admin"].map(
        (folder) => `bun add --cwd ${folder} --exact ${kitcn} ${betterAuth}`,
      ),
    },
  ])("$name", async ({ files, want }) => {
    expect(await commandsOf(lacking(["kitcn", "better-auth"], files))).toEqual(want);
  });
});

test("a front end does not rely on what only another package asks for", async () => {
  const lock = { "package-lock.json": "{}" };
  const repo = lacking(["kitcn"], lock, ["apps/admin"]);
  // As npm hoists it for the backend.
  const hoisted = makeRepo(TURBO, { files: lock });
  hoisted.write("apps/admin/package.json", repo.read("apps/admin/package.json"));
  expect(await commandsOf(hoisted)).toEqual(["npm i -w apps/admin kitcn@^0.1.0"]);
  // The root asks for it on behalf of all.
  const manifest = hoisted
    .read("package.json")
    .replace("{", '{ "devDependencies": { "kitcn": "0.1.0" },');
  hoisted.write("package.json", manifest);
  expect(await commandsOf(hoisted)).toEqual([]);
});

test("a convex that a lock file keeps old is replaced, also where a front end only finds it hoisted", async () => {
  const lock = { "package-lock.json": "{}" };
  const repo = lacking(["convex"], lock, ["apps/admin"]);
  const hoisted = makeRepo(TURBO, { files: lock });
  hoisted.write("apps/admin/package.json", repo.read("apps/admin/package.json"));
  hoisted.write("node_modules/convex/package.json", JSON.stringify({ version: "1.31.0" }));
  expect(await commandsOf(hoisted)).toEqual([
    expect.stringMatching(
      /^npm i -w packages\/backend -w apps\/web -w apps\/admin convex@[~^]1\.48\.0$/,
    ),
  ]);
});

test("a front end gets the releases that the backend has", async () => {
  const repo = lacking(["kitcn", "better-auth"], { "package-lock.json": "{}" }, ["apps/web"]);
  const manifest = repo.read("packages/backend/package.json");
  repo.write(
    "packages/backend/package.json",
    manifest
      .replace(/"better-auth": "[^"]*"/, '"better-auth": "~1.7.20"')
      .replace(/"kitcn": "[^"]*"/, '"kitcn": "file:../kitcn.tgz"'),
  );
  expect(await commandsOf(repo)).toEqual([
    `npm i -w apps/web --save-exact kitcn@file:${repo.path("packages/kitcn.tgz")}`,
    "npm i -w apps/web better-auth@~1.7.20",
  ]);
});

test("a run that may install nothing names the commands, and where to run them", async () => {
  const repo = lacking(["kitcn", "better-auth"], { "package-lock.json": "{}" }, ["apps/web"]);
  const ran = await repo.kitcnIn("apps/admin", "add", "auth", "--yes", "--no-install");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(
    `Run in ${repo.root}: npm i -w apps/web --save-exact ${betterAuth} && npm i -w apps/web kitcn@^0.1.0`,
  );
});

test("packages of plugins: overrides at the root, the client's half in the front ends", async () => {
  const repo = makeRepo(TURBO, { files: { "package-lock.json": "{}" } });
  const ws = openWorkspace(await loadApp(repo.root));
  const plan = await planPackages(ws, {
    names: ["@better-auth/passkey", "stripe@^20.0.0"],
    inBrowser: ["@better-auth/passkey"],
  });
  const [overrides, ...adds] = plan.commands.map((one) => one.join(" "));
  expect(overrides).toMatch(/^npm pkg set overrides\[@better-auth\/passkey\]/);
  expect(adds).toEqual([
    "npm i -w packages/backend @better-auth/passkey@~1.7.0 stripe@^20.0.0",
    "npm i -w apps/web -w apps/admin @better-auth/passkey@~1.7.0",
  ]);
});
