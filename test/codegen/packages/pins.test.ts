// Lines of an app that decide a version whatever a command installs: what is found, and what the reader is told to write.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { planInstall } from "../../../codegen/commands/install.js";
import { loadProject } from "../../../codegen/disk/project.js";
import { loadPackages } from "../../../codegen/doctor/load-packages.js";
import { checkPackages } from "../../../codegen/doctor/check-packages.js";
import { packageManager } from "../../../codegen/packages/package-manager.js";
import { placeIn } from "../../../codegen/packages/satellites.js";
import { BETTER_AUTH_VERSION } from "../../../codegen/packages/supported.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp, PACKAGES } from "../support/cli.js";
import { makeRepo } from "../support/repo.js";

const OLD = JSON.stringify({ name: "better-auth", version: "1.6.34" });

/** A repository whose backend asks for better-auth by `spec`, and has an old one. */
function repoWith(files: Record<string, string | undefined>, spec: string) {
  const packages = PACKAGES.filter((name) => name !== "better-auth");
  const backend = { app: "plain", name: "backend", dependencies: { "better-auth": spec } };
  const repo = makeRepo(
    { "packages/backend": backend },
    { packages, files: { "package.json": '{ "workspaces": ["packages/*"] }', ...files } },
  );
  repo.write("packages/backend/node_modules/better-auth/package.json", OLD);
  return repo;
}

const root = (more: object) => JSON.stringify({ workspaces: ["packages/*"], ...more });

describe("better-auth that a line keeps old", () => {
  test.each([
    {
      name: "npm's overrides",
      files: {
        "package-lock.json": "{}",
        "package.json": root({ overrides: { "better-auth": "1.6.34" } }),
      },
      want: '"better-auth" in overrides of <root>/package.json keeps it at 1.6.34. Write "<version>" in that line, then run in <root>: npm install',
    },
    {
      name: "Bun's overrides that name its catalog",
      files: {
        "bun.lock": "",
        "package.json": JSON.stringify({
          workspaces: { packages: ["packages/*"], catalog: { "better-auth": "1.6.34" } },
          overrides: { "better-auth": "catalog:" },
        }),
      },
      want: '"better-auth" in catalog of <root>/package.json keeps it at 1.6.34. Write "<version>" in that line, then run in <root>: bun install',
    },
    {
      name: "pnpm's overrides",
      files: {
        "pnpm-lock.yaml": "",
        "package.json": '{ "packageManager": "pnpm@11.0.0" }',
        "pnpm-workspace.yaml": 'packages: ["packages/*"]\noverrides:\n  better-auth: ^1.6.0\n',
      },
      want: '"better-auth" in overrides of <root>/pnpm-workspace.yaml keeps it at ^1.6.0. Write "<version>" in that line, then run in <root>: pnpm install',
    },
    {
      name: "a named catalog of pnpm",
      spec: "catalog:auth",
      files: {
        "pnpm-lock.yaml": "",
        "package.json": "{}",
        "pnpm-workspace.yaml":
          'packages: ["packages/*"]\ncatalogs:\n  auth:\n    better-auth: ^1.6.0\n',
      },
      want: '"better-auth" in catalogs.auth of <root>/pnpm-workspace.yaml keeps it at ^1.6.0. Write "<version>" in that line, then run in <root>: pnpm install',
    },
    {
      name: "Bun's catalog beside workspaces",
      spec: "catalog:",
      files: { "bun.lock": "", "package.json": root({ catalog: { "better-auth": "1.6.34" } }) },
      want: '"better-auth" in catalog of <root>/package.json keeps it at 1.6.34. Write "<version>" in that line, then run in <root>: bun install',
    },
    {
      name: "Yarn's catalog",
      spec: "catalog:",
      files: {
        "yarn.lock": "__metadata:\n",
        "package.json": root({}),
        ".yarnrc.yml": "nodeLinker: node-modules\ncatalog:\n  better-auth: 1.6.34\n",
      },
      want: '"better-auth" in catalog of <root>/.yarnrc.yml keeps it at 1.6.34. Write "<version>" in that line, then run in <root>: yarn install',
    },
    {
      name: "a reference to the app's own dependency: none",
      files: {
        "package-lock.json": "{}",
        "package.json": root({ overrides: { "better-auth": "$better-auth" } }),
      },
      want: "Install the tested version: npm install better-auth@<version>",
    },
  ])("$name", async ({ files, spec = "^1.6.0", want }) => {
    const repo = repoWith(files, spec);
    const told = (version: string) =>
      want.replaceAll("<root>", repo.root).replaceAll("<version>", version);
    const project = loadProject(repo.path("packages/backend"));
    await expect(planInstall(openWorkspace(project))).rejects.toMatchObject({
      code: "UNSUPPORTED_BETTER_AUTH",
      hint: expect.stringContaining(told(BETTER_AUTH_VERSION)) as string,
    });
    const found = checkPackages(loadPackages(project)).find(
      (one) => one.code === "PACKAGE_VERSION",
    );
    expect(found?.fix).toContain(
      want.includes("Write") ? told(">=1.7.8 <1.8.0") : 'npm install "better-auth@>=1.7.8',
    );
  });
});

test("a library that goes cannot take an override with it: it is named before anything is uninstalled", async () => {
  const app = cliApp("plain", {
    packages: PACKAGES.filter((name) => name !== "better-auth"),
    files: {
      "package.json": JSON.stringify({
        dependencies: { convex: "^1.48.0", "better-auth": "1.6.34" },
        overrides: { "better-auth": "1.6.34" },
      }),
      "node_modules/better-auth/package.json": OLD,
    },
  });
  const ws = openWorkspace(loadProject(app.root));
  await expect(planInstall(ws, { replaces: ["@convex-dev/better-auth"] })).rejects.toMatchObject({
    code: "UNSUPPORTED_BETTER_AUTH",
    hint: expect.stringContaining('Your line "better-auth" in overrides') as string,
  });
});

test.each([
  { name: "in its own folder", at: "packages/backend/package-lock.json", want: "bun" },
  { name: "beside Bun's, at the root", at: "package-lock.json", want: "bun" },
  {
    name: "of a package that the repository does not link",
    at: "tool/package-lock.json",
    want: "npm",
  },
])("a lock file of npm in a repository of Bun, $name", async ({ at, want }) => {
  const repo = repoWith({ "bun.lock": "" }, "^1.6.0");
  for (const file of [at, "tool/package.json"]) {
    mkdirSync(dirname(join(repo.root, file)), { recursive: true });
    writeFileSync(join(repo.root, file), "{}");
  }
  const folder = repo.path(at.startsWith("tool") ? "tool" : "packages/backend");
  expect(placeIn(folder).form).toBe(want);
  expect((await packageManager(folder)).agent).toBe(want);
});
