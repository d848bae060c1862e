// Packages of an installation that was interrupted: a package.json, and not all that it names.
import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { assertWhole, findBroken } from "../../../codegen/packages/whole-package.js";
import { cliApp, PACKAGES } from "../support/cli.js";

describe("findBroken", () => {
  const dot = { ".": { "dev-source": "./src.ts", types: "./index.d.ts", import: "./index.mjs" } };
  const cases: { name: string; manifest: unknown; files?: string[]; want: string | undefined }[] = [
    { name: "an entry", manifest: { exports: dot }, files: ["index.mjs"], want: undefined },
    { name: "no entry", manifest: { exports: dot }, files: ["index.d.ts"], want: "./index.mjs" },
    {
      name: "subpaths alone",
      manifest: { exports: { "./a": "./a.js", "./b": { default: "./b.js" }, "./c/*": "./c/*.js" } },
      files: ["a.js"],
      want: "./b.js",
    },
    {
      name: "main without its ending",
      manifest: { main: "lib" },
      files: ["lib/index.js"],
      want: undefined,
    },
    { name: "no main", manifest: { main: "lib" }, want: "lib" },
    { name: "types alone", manifest: { main: "", types: "index.d.ts" }, want: undefined },
    {
      name: "declarations alone",
      manifest: { exports: { ".": { types: "./i.d.mts" } } },
      want: undefined,
    },
    { name: "half a package.json", manifest: undefined, want: "a package.json that can be read" },
  ];
  test.each(cases)("$name", ({ manifest, files = [], want }) => {
    const app = cliApp("plain", { packages: [] });
    const text = manifest === undefined ? '{ "name": "x", ' : JSON.stringify(manifest);
    app.write("node_modules/x/package.json", text);
    for (const file of files) app.write(`node_modules/x/${file}`, "");
    expect(findBroken(app, "x")?.file).toBe(want);
  });

  test("the packages that kitcn is tested with are whole", () => {
    const app = cliApp("plain", { convex: "real" });
    expect(() => assertWhole(app, ["convex", ...PACKAGES, "no-such-package"])).not.toThrow();
  });
});

test.each([["add", "auth", "--yes"], ["add", "auth", "--schema", "--check"], ["codegen"]])(
  "%s %s names the folder to delete",
  async (...args) => {
    const app = cliApp("plain");
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    rmSync(app.path("node_modules/better-auth"));
    const manifest = {
      name: "better-auth",
      version: "1.7.25",
      exports: { ".": "./dist/index.mjs" },
    };
    app.write("node_modules/better-auth/package.json", JSON.stringify(manifest));
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn(...args.filter((one) => one !== undefined));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /node_modules\/better-auth is incomplete[^]*Delete .*better-auth, install/,
    );
    expect(app.snapshot()).toEqual(before);
  },
);
