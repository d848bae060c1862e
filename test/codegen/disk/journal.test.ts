// A journal that nobody here wrote: it came along with a cloned repository. Whatever it names, nothing outside of
// the app is touched, nothing behind a link, and the refusal says what to delete.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { recoverWrites, STAGING_FOLDER, writeChanges } from "../../../codegen/disk/changes.js";
import { makeApp, type TestApp } from "../support/app.js";

const TEXT = "written by an attacker\n";
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

type Move = { staged?: unknown; path?: unknown; before?: unknown; after?: unknown };

/** An app with a left-over write of these moves; the staged text is the attacker's. */
function appWith(moves: readonly Move[] | string, setUp: (app: TestApp) => void = () => {}) {
  const app = makeApp({ "convex/schema.ts": "old\n" });
  const staging = app.path(STAGING_FOLDER);
  mkdirSync(staging);
  setUp(app);
  const journal =
    typeof moves === "string"
      ? moves
      : JSON.stringify(moves.map((move, at) => ({ ...moveOf(at), ...move })));
  writeFileSync(join(staging, "journal.json"), journal);
  for (let at = 0; at < 2; at++)
    if (!existsSync(join(staging, String(at)))) writeFileSync(join(staging, String(at)), TEXT);
  return app;
}

const moveOf = (at: number) => ({ staged: String(at), before: "", after: hash(TEXT) });

/** The refusal; the journal is still there, and the app is as it was. */
function refusalOf(app: TestApp): Error & { code?: string; hint?: string } {
  const before = app.snapshot();
  let refusal: unknown;
  try {
    recoverWrites(app.project.root);
  } catch (error) {
    refusal = error;
  }
  expect(app.snapshot()).toEqual(before);
  expect(refusal).toMatchObject({ code: "RECOVERY_REFUSED" });
  return refusal as Error & { hint: string }; // as the line above says
}

describe("a journal is refused that names", () => {
  const outside = (app: TestApp) => join(dirname(app.project.root), "outside.txt");
  const paths: [string, (app: TestApp) => string][] = [
    ["an absolute path", outside],
    ["an absolute path of the app", (app) => app.path("convex/auth.ts")],
    ["a path of Windows", () => "C:\\Users\\ada\\evil.txt"],
    ["a drive", () => "c:evil.txt"],
    ["the parent", () => "../outside.txt"],
    ["the parent, hidden in a path", () => "convex/../../outside.txt"],
    ["the parent, with backslashes", () => "..\\outside.txt"],
    ["another app", () => "../other-app/convex/auth.ts"],
    ["git's own files", () => ".git/hooks/post-checkout"],
    ["git's own files, spelled otherwise", () => ".GIT/hooks/post-checkout"],
    ["a package", () => "node_modules/convex/package.json"],
    ["a package of the functions directory", () => "convex/node_modules/x/index.js"],
    ["git's own files, by their short name on Windows", () => "GIT~1/hooks/post-checkout"],
    ["a package, by the short name of its folder", () => "NODE_M~1/convex/package.json"],
    ["a package, with a dot that Windows leaves out", () => "node_modules./convex/package.json"],
    ["a package, with a space that Windows leaves out", () => "node_modules /convex/package.json"],
    ["a package, as a stream of its folder", () => "node_modules::$INDEX_ALLOCATION/x.js"],
    ["a package, with a letter that shows nothing", () => "node_mod\u200cules/convex/package.json"],
    ["a package, with another letter for s", () => "node_module\u017f/convex/package.json"],
    ["an editor's tasks", () => ".vscode/tasks.json"],
    ["a file that kitcn never writes", () => ".npmrc"],
    ["the staging folder", () => `${STAGING_FOLDER}/journal.json`],
    ["a folder", () => "convex"],
    ["a file as a folder", () => "convex/schema.ts/x.ts"],
    ["nothing", () => ""],
    ["an empty part", () => "convex//x.ts"],
    ["a null byte", () => "convex/x.ts\0"],
  ];
  test.each(paths)("%s", (_title, pathOf) => {
    const app = appWith([]);
    const path = pathOf(app);
    const own = { ...moveOf(0), path: "convex/fine.ts" };
    const staging = app.path(STAGING_FOLDER);
    const moves = [own, { ...moveOf(1), path }];
    writeFileSync(join(staging, "journal.json"), JSON.stringify(moves));
    const { message, hint } = refusalOf(app);
    expect(message).toContain(JSON.stringify(path));
    expect(hint).toContain(`Delete the folder ${staging}`);
    expect(existsSync(outside(app))).toBe(false);
    expect(app.has("convex/fine.ts")).toBe(false);
  });

  test("a place behind a linked folder", () => {
    const other = makeApp({ "secret/key.txt": "kept\n" });
    const app = appWith([{ path: "convex/linked/new.ts" }], (own) =>
      symlinkSync(other.path("secret"), own.path("convex/linked")),
    );
    expect(refusalOf(app).message).toContain("behind a symbolic link");
    expect(existsSync(other.path("secret/new.ts"))).toBe(false);
  });

  test("a linked file, also one whose text it knows", () => {
    const other = makeApp({ "key.txt": "kept\n" });
    const app = appWith([{ path: "convex/linked.ts", before: hash("kept\n") }], (own) =>
      symlinkSync(other.path("key.txt"), own.path("convex/linked.ts")),
    );
    expect(refusalOf(app).message).toContain("behind a symbolic link");
    expect(other.read("key.txt")).toBe("kept\n");
  });

  test("a staged text that is a link", () => {
    const other = makeApp({ "key.txt": TEXT });
    const app = appWith([{ path: "convex/stolen.ts" }], (own) =>
      symlinkSync(other.path("key.txt"), join(own.path(STAGING_FOLDER), "0")),
    );
    refusalOf(app);
    expect(app.has("convex/stolen.ts")).toBe(false);
  });

  test.each([
    ["a staged text elsewhere", { path: "convex/x.ts", staged: "../package.json" }],
    ["a staged text out of turn", { path: "convex/x.ts", staged: "1" }],
    ["a staged text with another hash", { path: "convex/x.ts", after: hash("other") }],
    [
      "a file to take away, with a text",
      { path: "convex/schema.ts", before: hash("old\n"), after: "" },
    ],
  ])("%s", (_title, move) => void refusalOf(appWith([move])));

  test("a file twice", () => {
    refusalOf(appWith([{ path: "convex/x.ts" }, { path: "convex/X.ts" }]));
  });
});

describe("a journal is refused that is", () => {
  const valid = { ...moveOf(0), path: "convex/x.ts" };
  test.each([
    ["empty", ""],
    ["no JSON", "{"],
    ["no list", JSON.stringify(valid)],
    ["null", "null"],
    ["a list of something else", "[1]"],
    ["without paths", JSON.stringify([moveOf(0)])],
    ["with a hash that is none", JSON.stringify([{ ...valid, before: "x" }])],
    ["a list of lists", JSON.stringify([[valid]])],
    ["huge", JSON.stringify([{ ...valid, more: "x".repeat(2_000_000) }])],
    [
      "endless",
      JSON.stringify(
        Array.from({ length: 1001 }, (_, at) => ({
          staged: String(at),
          path: `convex/x${at}.ts`,
          before: "",
          after: "",
        })),
      ),
    ],
  ])("%s", (_title, text) => void refusalOf(appWith(text)));

  test("a link to a journal", () => {
    const other = makeApp({ "journal.json": JSON.stringify([valid]) });
    const app = makeApp({});
    mkdirSync(app.path(STAGING_FOLDER));
    symlinkSync(other.path("journal.json"), join(app.path(STAGING_FOLDER), "journal.json"));
    writeFileSync(join(app.path(STAGING_FOLDER), "0"), TEXT);
    refusalOf(app);
  });

  test("in a linked folder", () => {
    const other = makeApp({ "w/journal.json": JSON.stringify([valid]), "w/0": TEXT });
    const app = makeApp({});
    symlinkSync(other.path("w"), app.path(STAGING_FOLDER));
    refusalOf(app);
    expect(other.has("w/0")).toBe(true);
  });
});

test("a journal of kitcn's own is finished", () => {
  const app = appWith([{ path: "convex/generated/x.ts" }]);
  expect(recoverWrites(app.project.root)).toEqual([app.path("convex/generated/x.ts")]);
  expect(app.read("convex/generated/x.ts")).toBe(TEXT);
  expect(app.has(STAGING_FOLDER)).toBe(false);
});

test("the folder of a write ignores itself, and nothing else is said to git", () => {
  const app = makeApp({ ".gitignore": "dist\n" });
  let seen = "";
  writeChanges([{ path: app.path("convex/x.ts"), before: undefined, after: "x\n" }], {
    root: app.project.root,
    onStep: () => (seen = readFileSync(join(app.path(STAGING_FOLDER), ".gitignore"), "utf8")),
  });
  expect(seen).toBe("*\n");
  expect(app.read(".gitignore")).toBe("dist\n");
});
