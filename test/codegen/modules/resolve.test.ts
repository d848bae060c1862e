// One module graph: which file an import means, what a name stands for, and what can be reached, by one rule each.
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, relative } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { isMadeWith } from "../../../codegen/modules/made-with.js";
import { createScope, findHome, findPackageName } from "../../../codegen/modules/names.js";
import { reachableFrom } from "../../../codegen/modules/reach.js";
import { openModules, resolveInApp, resolvePackage } from "../../../codegen/modules/resolve.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp } from "../support/app.js";

type Files = Readonly<Record<string, string>>;

/** An app of these files, its modules, and a way to see where its convex/http.ts imports from. */
function open(files: Files) {
  const app = makeApp(files);
  const ws = openWorkspace(app.project);
  const module = (name: string) => {
    const found = ws.module(app.path(name));
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const resolve = (specifier: string, from = "convex/http.ts") => {
    const path = resolveInApp(ws, specifier, app.path(from));
    return path === undefined ? undefined : relative(app.project.root, path);
  };
  return { app, ws, module, resolve, read: openModules(ws) };
}

describe("the file behind an import", () => {
  const here = { "convex/lib/a.ts": "" };
  const tsconfig = (paths: object, more: object = {}) =>
    JSON.stringify({ ...more, compilerOptions: { paths } });
  const cases: [string, { files: Files; specifier: string; want: string | undefined }][] = [
    ["by path", { files: here, specifier: "./lib/a", want: "convex/lib/a.ts" }],
    ["with the output's ending", { files: here, specifier: "./lib/a.js", want: "convex/lib/a.ts" }],
    [
      "of a folder",
      { files: { "convex/lib/index.ts": "" }, specifier: "./lib", want: "convex/lib/index.ts" },
    ],
    ["that is not there", { files: here, specifier: "./lib/b", want: undefined }],
    ["of a package", { files: here, specifier: "convex/server", want: undefined }],
    ["of kitcn, linked or not", { files: here, specifier: "kitcn/auth/http", want: undefined }],
    [
      "by an alias",
      {
        files: { ...here, "tsconfig.json": tsconfig({ "@/*": ["./none/*", "./convex/lib/*"] }) },
        specifier: "@/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by an alias without a leading dot, in a config with comments",
      {
        files: {
          ...here,
          "tsconfig.json": `{ // mine\n"compilerOptions": { "paths": { "~/*": ["convex/*"], } } }`,
        },
        specifier: "~/lib/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by an inherited alias",
      {
        files: {
          ...here,
          "tsconfig.json": '{ "extends": "./base/tsconfig.json" }',
          "base/tsconfig.json": tsconfig({ "@/*": ["../convex/lib/*"] }),
        },
        specifier: "@/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by an alias beside a parent that is not installed",
      {
        files: {
          ...here,
          "tsconfig.json": tsconfig({ "@/*": ["./convex/lib/*"] }, { extends: "@none/base" }),
        },
        specifier: "@/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by an alias of tsconfig.app.json",
      {
        files: { ...here, "tsconfig.app.json": tsconfig({ "@/*": ["./convex/lib/*"] }) },
        specifier: "@/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by `imports` of package.json, as a pattern",
      {
        files: { ...here, "package.json": '{ "imports": { "#lib/*": "./convex/lib/*" } }' },
        specifier: "#lib/a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by `imports` of package.json, by name and condition",
      {
        files: {
          ...here,
          "package.json":
            '{ "imports": { "#a": { "browser": "./none.ts", "default": "./convex/lib/a.ts" } } }',
        },
        specifier: "#a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by `imports` of the nearest package.json",
      {
        files: {
          ...here,
          "package.json": '{ "imports": { "#a": "./none.ts" } }',
          "convex/package.json": '{ "imports": { "#a": "./lib/a.ts" } }',
        },
        specifier: "#a",
        want: "convex/lib/a.ts",
      },
    ],
    [
      "by an alias that looks like one of `imports`",
      {
        files: { ...here, "tsconfig.json": tsconfig({ "#/*": ["./convex/*"] }) },
        specifier: "#/lib/a",
        want: "convex/lib/a.ts",
      },
    ],
  ];
  test.each(cases)("%s", (_name, { files, specifier, want }) => {
    expect(open(files).resolve(specifier)).toBe(want);
  });

  test("of a package of the workspace, and not of an installed one", () => {
    const { app } = open({
      "packages/routes/package.json":
        '{ "name": "@repo/routes", "exports": { ".": "./src/index.ts", "./*": "./src/*.ts" } }',
      "packages/routes/src/index.ts": "",
      "packages/routes/src/auth.ts": "",
      "packages/plain/package.json": '{ "name": "plain", "main": "./main.js" }',
      "packages/plain/main.js": "",
    });
    rmSync(app.path("node_modules"));
    for (const [name, folder] of [
      ["@repo/routes", "routes"],
      ["plain", "plain"],
    ] as const) {
      const link = app.path(`node_modules/${name}`);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(app.path(`packages/${folder}`), link);
    }
    app.write("node_modules/other/package.json", '{ "name": "other", "main": "./main.js" }');
    app.write("node_modules/other/main.js", "");
    const ws = openWorkspace(app.project);
    const from = app.path("convex/http.ts");
    const found = ["@repo/routes", "@repo/routes/auth", "plain", "other", "none"].map((one) =>
      resolveInApp(ws, one, from),
    );
    expect(found).toEqual([
      app.path("packages/routes/src/index.ts"),
      app.path("packages/routes/src/auth.ts"),
      app.path("packages/plain/main.js"),
      undefined,
      undefined,
    ]);
  });

  test("a file that is only staged", () => {
    const { app, ws } = open({});
    ws.stage(app.path("convex/late.ts"), "");
    expect(resolveInApp(ws, "./late", app.path("convex/http.ts"))).toBe(app.path("convex/late.ts"));
  });

  test("a tsconfig that does not parse is refused, since its aliases cannot be seen", () => {
    const { resolve } = open({ "tsconfig.json": '{ "compilerOptions": {' });
    expect(() => resolve("@/a")).toThrow(expect.objectContaining({ code: "INVALID_TSCONFIG" }));
  });
});

describe("names", () => {
  const files = {
    "package.json": '{ "imports": { "#*": "./convex/*.ts" } }',
    "convex/http.ts": `import made, { one as local, group } from "#pass";
import * as all from "./pass";
export const value = local;
export const inner = group.deep;
export { made };
export const routes = all.create();
`,
    "convex/pass.ts": `export * from "./other";
export { one } from "./home";
export { default } from "./home";
export { create } from "some-package";
import * as home from "./home";
export const group = { deep: home.one };
`,
    "convex/home.ts": `export const one = [1];
export default one;
`,
    "convex/other.ts": `export const one = "another";
export * from "./pass";
`,
  };

  test.each([
    ["value", "[1]", "convex/home.ts"],
    ["inner", "[1]", "convex/home.ts"],
    ["made", "[1]", "convex/home.ts"],
  ])("%s is followed to what it stands for", (name, text, home) => {
    const { app, module, read } = open(files);
    const found = createScope(read).exportsOf(module("convex/http.ts")).get(name);
    const at = found && createScope(read).follow(found);
    expect(at?.module.text.slice(at.node.start ?? 0, at.node.end ?? 0)).toBe(text);
    expect(at?.module.path).toBe(app.path(home));
  });

  test("circles of `export *` end, and a name that is written out stands before them", () => {
    const { module, read } = open(files);
    const names = [...createScope(read).exportsOf(module("convex/other.ts")).keys()].sort();
    expect(names).toEqual(["group", "one"]);
    expect(findHome({ module: module("convex/pass.ts"), name: "none" }, read)).toBeUndefined();
  });

  test("lead to the module that makes them, or the package", () => {
    const { app, module, read } = open(files);
    const http = module("convex/http.ts");
    expect(findHome({ module: http, name: "made" }, read)?.path).toBe(app.path("convex/home.ts"));
    const create = { source: "some-package", name: "create" };
    expect(findPackageName(http, "all.create", read)).toEqual(create);
    expect(findPackageName(http, "local", read)).toBeUndefined();
    expect(isMadeWith({ module: http, name: "routes" }, create, read)).toBe(true);
    expect(isMadeWith({ module: http, name: "value" }, create, read)).toBe(false);
  });
});

test("what can be reached is each module once, nearest first, types left out", () => {
  const { app, module, read } = open({
    "package.json": '{ "imports": { "#*": "./convex/*.ts" } }',
    "convex/http.ts": `import "#a";\nexport * from "./b";\nimport type { T } from "./types";\n`,
    "convex/a.ts": `const late = import("./late");\nimport "./http";\n`,
    "convex/b.ts": `import "./a";\n`,
    "convex/late.ts": "",
    "convex/types.ts": "export type T = 1;",
  });
  const paths = reachableFrom([module("convex/http.ts")], read).map(({ path }) =>
    relative(app.path("convex"), path),
  );
  expect(paths).toEqual(["http.ts", "a.ts", "b.ts", "late.ts"]);
});

test("a package with an old form of main is found without a warning of Node's", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const { app, ws } = open({
    "convex/lib/node_modules/old-main/package.json": '{ "type": "module", "main": "./lib/index" }',
    "convex/lib/node_modules/old-main/lib/index.js": "export {};",
  });
  const found = resolvePackage(ws, "old-main", app.path("convex/lib/a.ts"));
  expect(found).toBe(app.path("convex/lib/node_modules/old-main/lib/index.js"));
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
