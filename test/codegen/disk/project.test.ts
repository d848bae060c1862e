// Finding the app: upward from a folder, through convex.json.
import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  declaredSpec,
  envFileOf,
  installedIn,
  loadProject,
  shortPath,
} from "../../../codegen/disk/project.js";
import { cliApp } from "../support/cli.js";

describe("loadProject", () => {
  test.each([
    { name: "no convex.json", convexJson: undefined, functions: "convex", env: "convex/.env" },
    { name: "an empty convex.json", convexJson: "{}", functions: "convex", env: "convex/.env" },
    {
      name: "convex/functions",
      convexJson: '{ "functions": "convex/functions/" }',
      functions: "convex/functions",
      env: "convex/.env",
    },
    {
      name: "a folder of another name",
      convexJson: '{ "functions": "./src/backend" }',
      functions: "src/backend",
      env: "src/backend/.env",
    },
  ])("$name", ({ convexJson, functions, env }) => {
    const app = cliApp("plain", { files: convexJson ? { "convex.json": convexJson } : {} });
    const project = loadProject(app.path("convex"));
    expect(project.root).toBe(app.root);
    expect(shortPath(project, project.functionsDir)).toBe(functions);
    expect(shortPath(project, envFileOf(project))).toBe(env);
  });

  test("an .env in the functions directory is kept", () => {
    const app = cliApp("functions-dir", { files: { "convex/functions/.env": "A=1\n" } });
    const project = loadProject(app.root);
    expect(shortPath(project, envFileOf(project))).toBe("convex/functions/.env");
  });

  test("says what is installed and what is declared", () => {
    const project = loadProject(cliApp("plain").root);
    expect(installedIn(project, "better-auth")).toMatch(/^1\.7\./);
    expect(installedIn(project, "no-such-package")).toBeUndefined();
    expect(declaredSpec(project, "better-auth")).toBe("1.7.25");
    expect(declaredSpec(project, "typescript")).toBe("^5.9.0");
    expect(declaredSpec(project, "toString")).toBeUndefined();
  });

  test("does not take for installed what only NODE_PATH has, as pnpm sets it", () => {
    const app = cliApp("plain");
    app.write("store/no-such-package/package.json", '{ "version": "1.0.0" }');
    vi.stubEnv("NODE_PATH", app.path("store"));
    // Node reads the variable when it starts; this is how it does it.
    const { _initPaths } = Module as unknown as { _initPaths: () => void };
    _initPaths();
    try {
      const require = Module.createRequire(app.path("package.json"));
      expect(require.resolve("no-such-package/package.json")).toContain("store");
      expect(installedIn(loadProject(app.root), "no-such-package")).toBeUndefined();
    } finally {
      vi.unstubAllEnvs();
      _initPaths();
    }
  });

  test("a byte order mark in package.json is no error", () => {
    const app = cliApp("plain");
    app.write("package.json", `\uFEFF${app.read("package.json")}`);
    expect(loadProject(app.root).root).toBe(app.root);
  });

  test.each([
    { name: "named", convexJson: '{ "functions": "package.json" }' },
    { name: "of the usual name", convexJson: '{ "functions": "convex/schema.ts" }' },
  ])("a functions directory that is a file, $name", ({ convexJson }) => {
    const app = cliApp("plain", { files: { "convex.json": convexJson } });
    expect(() => loadProject(app.root)).toThrow(
      expect.objectContaining({ code: "NO_FUNCTIONS_DIR", exitCode: 1 }),
    );
  });

  test("one level too high, it names the app", () => {
    const app = cliApp("plain", {
      files: {
        "package.json": '{ "name": "outer" }',
        apps: "a file",
        "broken/package.json": "{",
        "my-app/package.json": '{ "dependencies": { "convex": "^1.44.0" } }',
        "other/package.json": "{}",
      },
    });
    expect(() => loadProject(app.root)).toThrow(
      expect.objectContaining({
        code: "NO_CONVEX",
        hint: "Run the command in my-app: cd my-app",
      }),
    );
  });

  test("outside of any app, and in no folder", () => {
    const empty = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-none-")));
    mkdirSync(join(empty, "a"));
    expect(() => loadProject(join(empty, "a"))).toThrow(
      expect.objectContaining({
        code: "NOT_AN_APP",
        exitCode: 1,
        hint: expect.stringContaining("kitcn init my-app -t next") as string,
      }),
    );
    expect(() => loadProject(join(empty, "b"))).toThrow(
      expect.objectContaining({ code: "NO_SUCH_FOLDER", exitCode: 2 }),
    );
  });
});
