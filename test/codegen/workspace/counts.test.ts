// One view of the disk: how often a run of the CLI opens it, reads a file, and parses one.
import { relative } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type * as ReadText from "../../../codegen/disk/read-text.js";
import type * as Babel from "../../../codegen/edit/babel.js";
import type * as TreeModule from "../../../codegen/workspace/tree.js";

const seen = { parsed: [] as string[], read: [] as string[], opened: 0 };

// Other files of the same worker have loaded the CLI already: this one counts in a CLI of its own.
vi.resetModules();

vi.doMock("../../../codegen/edit/babel.js", async (original) => {
  const real = await original<typeof Babel>();
  const parse: typeof real.parse = (text, options) => {
    seen.parsed.push(options?.sourceFilename ?? "?");
    return real.parse(text, options);
  };
  return { ...real, parse };
});

vi.doMock("../../../codegen/disk/read-text.js", async (original) => {
  const real = await original<typeof ReadText>();
  const readTextFile: typeof real.readTextFile = (path) => {
    seen.read.push(path);
    return real.readTextFile(path);
  };
  return { ...real, readTextFile };
});

vi.doMock("../../../codegen/workspace/tree.js", async (original) => {
  const real = await original<typeof TreeModule>();
  const openTree: typeof real.openTree = () => {
    seen.opened += 1;
    return real.openTree();
  };
  return { ...real, openTree };
});

const { cliApp } = await import("../support/cli.js");

afterAll(() => {
  for (const name of ["edit/babel", "disk/read-text", "workspace/tree"])
    vi.doUnmock(`../../../codegen/${name}.js`);
  vi.resetModules();
});

beforeEach(() => {
  seen.parsed.length = 0;
  seen.read.length = 0;
  seen.opened = 0;
});

/** The modules of the app, those below generated/ left out, that a check of its schema looks at. */
const LOOKED_AT = [
  "convex/auth.config.ts",
  "convex/auth.ts",
  "convex/relations.ts",
  "convex/schema.ts",
];

test("a check of the schema opens the disk once, and reads and parses each file once", async () => {
  const app = cliApp("next");
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added.code, added.stderr).toBe(0);
  seen.parsed.length = 0;
  seen.read.length = 0;
  seen.opened = 0;

  const checked = await app.kitcn("add", "auth", "--schema", "--check");
  expect(checked.code, checked.stdout + checked.stderr).toBe(0);
  expect(seen.opened).toBe(1);
  expect(repeated(seen.parsed)).toEqual([]);
  expect(repeated(seen.read)).toEqual([]);
  const own = seen.parsed.map((path) => relative(app.root, path));
  expect(own.filter((path) => !path.startsWith("..")).sort()).toEqual(LOOKED_AT);
});

test("a whole run opens the disk once and reads each module once, for its front end, too", async () => {
  const app = cliApp("next");
  const added = await app.kitcn("add", "auth", "--dry-run");
  expect(added.code, added.stderr).toBe(0);
  expect(seen.opened).toBe(1);
  expect(repeated(seen.read.filter((path) => /\.[jt]sx?$/.test(path)))).toEqual([]);
});

// --- internal ---

function repeated(paths: readonly string[]): string[] {
  return [...new Set(paths.filter((path, at) => paths.indexOf(path) !== at))];
}
