// Which app a command is about in a repository of several packages, from each folder of it.
import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { loadRepo } from "../../../codegen/monorepo/load-repo.js";
import { makeRepo, TURBO, type TestRepo } from "../support/repo.js";

describe("members of a repository", () => {
  const member = '{ "name": "one" }';
  const files = {
    "apps/web/package.json": member,
    "apps/old/package.json": member,
    "packages/ui/nested/package.json": member,
    "packages/ui/package.json": member,
    "tools/package.json": member,
    "apps/web/node_modules/dep/package.json": member,
  };
  test.each([
    {
      name: "npm, yarn and bun",
      root: { "package.json": '{ "workspaces": ["apps/*", "./tools/"] }' },
      want: ["", "apps/old", "apps/web", "tools"],
    },
    {
      name: "the object of yarn 1, with a folder left out",
      root: { "package.json": '{ "workspaces": { "packages": ["apps/*", "!apps/old"] } }' },
      want: ["", "apps/web"],
    },
    {
      name: "pnpm, at any depth",
      root: {
        "package.json": "{}",
        "pnpm-workspace.yaml": "packages:\n  - 'packages/**'\n  # tools\n  - tools\n",
      },
      want: ["", "packages/ui", "packages/ui/nested", "tools"],
    },
  ])("$name", ({ root, want }) => {
    const repo = makeRepo({}, { files: { ...files, ...root } });
    const found = loadRepo(repo.root);
    expect(found?.members.map((one) => relative(repo.root, one.root))).toEqual(want);
  });

  test("settings of pnpm alone make no repository of several packages", () => {
    const repo = makeRepo(
      {},
      {
        files: {
          "package.json": "{}",
          "pnpm-workspace.yaml": "onlyBuiltDependencies: [esbuild]\n",
        },
      },
    );
    expect(loadRepo(repo.root)).toBeUndefined();
  });

  test("a package below that no pattern names is none of its members", () => {
    const repo = makeRepo({}, { files });
    expect(loadRepo(repo.path("tools"))).toBeUndefined();
  });

  test("YAML that does not parse is refused, and named", () => {
    const repo = makeRepo({}, { files: { "pnpm-workspace.yaml": "packages: [" } });
    expect(() => loadRepo(repo.root)).toThrow(
      expect.objectContaining({
        code: "INVALID_PNPM_WORKSPACE",
        message: expect.stringContaining("pnpm-workspace.yaml") as string,
      }),
    );
  });
});

describe("the app of a folder", () => {
  const app = async (repo: TestRepo, folder: string) => {
    const project = await loadApp(repo.path(folder));
    return {
      backend: relative(repo.root, project.root),
      home: project.home === undefined ? undefined : relative(repo.root, project.home),
      fronts: project.fronts?.map((one) => relative(repo.root, one.root)),
    };
  };
  const TURBO_APP = { backend: "packages/backend", home: "", fronts: ["apps/web", "apps/admin"] };

  test.each(["", "packages/backend", "packages/backend/convex", "apps/web", "apps/admin/src"])(
    "is the backend with every front end that depends on it, seen from /%s",
    async (folder) => {
      expect(await app(makeRepo(TURBO), folder)).toEqual(TURBO_APP);
    },
  );

  test("is the same before anything is installed", async () => {
    const repo = makeRepo(TURBO);
    repo.remove("node_modules/@acme/backend");
    expect(await app(repo, "apps/web")).toEqual(TURBO_APP);
  });

  test("has front ends that import the functions by path, or by an alias", async () => {
    const api = (specifier: string) => `import { api } from "${specifier}";\nexport { api };\n`;
    const repo = makeRepo(
      {
        "packages/backend": { app: "plain", name: "backend" },
        "apps/web": { app: "next", name: "web" },
        "apps/admin": { app: "vite", name: "admin" },
        "apps/other": { app: "vite", name: "other" },
      },
      {
        files: {
          "packages/backend/convex/_generated/api.js": "export const api = {};\n",
          "apps/web/lib/api.ts": api("../../../packages/backend/convex/_generated/api"),
          "apps/admin/tsconfig.json":
            '{ "compilerOptions": { "paths": { "~convex/*": ["../../packages/backend/convex/*"] } } }',
          "apps/admin/src/api.ts": api("~convex/_generated/api"),
          "apps/other/src/api.ts": api("convex/react"),
        },
      },
    );
    for (const folder of ["", "apps/web", "apps/admin"])
      expect(await app(repo, folder)).toEqual(TURBO_APP);
    // It may want another one.
    await expect(app(repo, "apps/other")).rejects.toMatchObject({
      code: "BACKEND_UNLINKED",
      hint: expect.stringMatching(/"backend": "workspace:\*"[^]*mkdir apps\/other\/convex/),
    });
    mkdirSync(repo.path("apps/other/convex"));
    expect(await app(repo, "apps/other")).toMatchObject({ backend: "apps/other" });
  });

  test("has front ends that reach it through a package, where they use Convex themselves", async () => {
    const shared = '{ "name": "@acme/data", "dependencies": { "@acme/backend": "*" } }';
    const through = { "@acme/data": "*" };
    const repo = makeRepo(
      {
        ...TURBO,
        "apps/web": { app: "next", name: "web", dependencies: through },
        "apps/admin": { app: "vite", name: "admin", dependencies: through, manifest: {} },
      },
      { files: { "packages/data/package.json": shared } },
    );
    expect(await app(repo, "packages/data")).toEqual(TURBO_APP);
    const manifest = repo.read("apps/admin/package.json").replace(/\s*"convex": .*/, "");
    repo.write("apps/admin/package.json", manifest);
    expect(await app(repo, "packages/data")).toMatchObject({ fronts: ["apps/web"] });
  });

  test("is the whole repository's where the functions are at its root", async () => {
    const repo = makeRepo(
      { "apps/web": { app: "next", name: "web" } },
      {
        files: {
          "package.json": '{ "workspaces": ["apps/*"], "dependencies": { "convex": "1" } }',
          "convex/schema.ts": "export default {};\n",
          "convex/_generated/api.js": "export const api = {};\n",
          "apps/web/app/api.ts": 'export { api } from "../../../convex/_generated/api";\n',
        },
      },
    );
    for (const folder of ["", "apps/web"])
      expect(await app(repo, folder)).toEqual({ backend: "", home: "", fronts: ["apps/web"] });
  });

  test("has no front end in a package of shared components", async () => {
    const repo = makeRepo(TURBO, {
      files: {
        "packages/ui/package.json": JSON.stringify({
          name: "@acme/ui",
          scripts: { dev: "vite build --watch", test: "vitest" },
          dependencies: { "@acme/backend": "*", convex: "1", react: "19" },
          devDependencies: { vite: "7" },
        }),
        "packages/kit/package.json": JSON.stringify({
          name: "@acme/kit",
          scripts: { dev: "storybook dev" },
          dependencies: { "@acme/backend": "*", convex: "1", react: "19" },
          peerDependencies: { next: "16" },
        }),
      },
    });
    expect(await app(repo, "")).toEqual(TURBO_APP);
    const served = repo.read("packages/ui/package.json").replace("vite build --watch", "vite");
    repo.write("packages/ui/package.json", served);
    expect((await app(repo, "")).fronts).toContain("packages/ui");
  });

  test("has a front end at the root that imports it by an alias, and none at a root that does not", async () => {
    const root = {
      workspaces: ["packages/*"],
      scripts: { dev: "vite" },
      dependencies: { convex: "1", react: "19", vite: "7" },
    };
    const repo = makeRepo(
      { "packages/backend": { app: "plain", name: "backend" } },
      {
        files: {
          "package.json": JSON.stringify(root),
          "packages/backend/convex/_generated/api.js": "export const api = {};\n",
          "packages/backend/convex/own.ts": 'export { api } from "./_generated/api";\n',
          "tsconfig.json":
            '{ "compilerOptions": { "paths": { "~convex/*": ["./packages/backend/convex/*"] } } }',
        },
      },
    );
    expect((await app(repo, "")).fronts ?? []).toEqual([]);
    repo.write("src/api.ts", 'export { api } from "~convex/_generated/api";\n');
    expect(await app(repo, "")).toEqual({ backend: "packages/backend", home: "", fronts: [""] });
  });

  test("is the member called convex, and not its folder at the root", async () => {
    const repo = makeRepo(
      { convex: { app: "plain", name: "convex-backend" } },
      {
        files: {
          "package.json": '{ "workspaces": ["convex"], "dependencies": { "convex": "1" } }',
        },
      },
    );
    expect(await app(repo, "")).toMatchObject({ backend: "convex" });
  });

  test("is not chosen among several: each is named, with the way there", async () => {
    const repo = makeRepo({
      ...TURBO,
      "packages/second": { app: "plain", name: "second" },
      "apps/shop": { app: "next", name: "shop", dependencies: { second: "*" } },
    });
    expect(await app(repo, "apps/shop")).toEqual({
      backend: "packages/second",
      home: "",
      fronts: ["apps/shop"],
    });
    await expect(app(repo, "")).rejects.toMatchObject({
      code: "SEVERAL_BACKENDS",
      message: expect.stringContaining("packages/backend and packages/second"),
      hint: expect.stringContaining("cd packages/backend\n  cd packages/second\n"),
    });
  });

  test("is the package alone where it has its front end itself", async () => {
    const repo = makeRepo({
      "apps/one": { app: "plain", name: "one" },
      "apps/two": { app: "plain", name: "two" },
    });
    expect(await app(repo, "apps/one")).toEqual({ backend: "apps/one" });
  });
});
