// Writing: all files or none, also when the process is killed between any two steps.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  keepFiles,
  recoverWrites,
  STAGING_FOLDER,
  writeChanges,
} from "../../../codegen/disk/changes.js";
import type { FileChange } from "../../../codegen/types.js";
import { makeApp, REPO, type TestApp } from "../support/app.js";

const FILES = { "convex/schema.ts": "old schema\n", "convex/http.ts": "old http\n" };

function changesOf(app: TestApp): FileChange[] {
  return [
    { path: app.path("convex/schema.ts"), before: "old schema\n", after: "new schema\n" },
    { path: app.path("convex/http.ts"), before: "old http\n", after: "new http\r\n" },
    { path: app.path("convex/generated/deep/auth.ts"), before: undefined, after: "new file\n" },
  ];
}

const NEW = {
  "convex/schema.ts": "new schema\n",
  "convex/http.ts": "new http\r\n",
  "convex/generated/deep/auth.ts": "new file\n",
};

function state(app: TestApp): Record<string, string> {
  const { "package.json": _, "convex/auth.config.ts": __, ...files } = app.snapshot();
  return files;
}

/** Runs a write in a child process that kills itself, unasked, at its nth step. */
function killedAt(app: TestApp, step: number): void {
  const script = `
    import { createJiti } from "jiti";
    const { writeChanges } = await createJiti(import.meta.url).import("./codegen/disk/changes.ts");
    let left = ${step};
    writeChanges(${JSON.stringify(changesOf(app))}, { root: ${JSON.stringify(app.project.root)}, onStep: () => {
      left -= 1;
      if (left === 0) process.kill(process.pid, "SIGKILL");
    } });`;
  expect(() =>
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: REPO,
      stdio: "pipe",
    }),
  ).toThrow();
}

describe("writeChanges", () => {
  test("writes every file, keeps modes, and leaves nothing behind", () => {
    const app = makeApp(FILES);
    chmodSync(app.path("convex/http.ts"), 0o600);
    writeChanges(changesOf(app), app.project);
    expect(state(app)).toEqual(NEW);
    expect(lstatSync(app.path("convex/http.ts")).mode & 0o777).toBe(0o600);
  });

  test("writes through a symbolic link", () => {
    const app = makeApp({ "shared/schema.ts": "old\n" });
    symlinkSync(app.path("shared/schema.ts"), app.path("convex/schema.ts"));
    writeChanges(
      [{ path: app.path("convex/schema.ts"), before: "old\n", after: "new\n" }],
      app.project,
    );
    expect(lstatSync(app.path("convex/schema.ts")).isSymbolicLink()).toBe(true);
    expect(app.read("shared/schema.ts")).toBe("new\n");
  });

  test("takes nothing away behind a symbolic link, be it of the file or of a folder", () => {
    const app = makeApp({ ...FILES, "shared/middleware.ts": "old\n" });
    symlinkSync(app.path("shared/middleware.ts"), app.path("convex/linked.ts"));
    symlinkSync(app.path("shared"), app.path("convex/folder"));
    const before = state(app);
    for (const name of ["convex/linked.ts", "convex/folder/middleware.ts"]) {
      const gone = { path: app.path(name), before: "old\n", after: "", isRemoved: true } as const;
      expect(() => writeChanges([...changesOf(app), gone], app.project)).toThrow(
        /behind a symbolic link/,
      );
    }
    expect(state(app)).toEqual(before);
    const own = { before: "old\n", after: "", isRemoved: true } as const;
    writeChanges([{ path: app.path("shared/middleware.ts"), ...own }], app.project);
    expect(existsSync(app.path("shared/middleware.ts"))).toBe(false);
  });

  test("writes nothing when a file changed since it was read", () => {
    const app = makeApp({ ...FILES, "convex/http.ts": "edited meanwhile\n" });
    expect(() => writeChanges(changesOf(app), app.project)).toThrow(
      /http\.ts changed while kitcn was running/,
    );
    expect(state(app)).toEqual({ ...FILES, "convex/http.ts": "edited meanwhile\n" });
  });

  test("writes nothing when a folder stands where a file should be", () => {
    const app = makeApp(FILES);
    mkdirSync(app.path("convex/generated/deep/auth.ts"), { recursive: true });
    expect(() => writeChanges(changesOf(app), app.project)).toThrow();
    expect(state(app)).toEqual(FILES);
    expect(existsSync(app.path(STAGING_FOLDER))).toBe(false);
  });

  test("does nothing for equal texts", () => {
    const app = makeApp(FILES);
    writeChanges(
      [{ path: app.path("convex/schema.ts"), before: "old schema\n", after: "old schema\n" }],
      app.project,
    );
    expect(state(app)).toEqual(FILES);
  });

  test("refuses while another process writes, and takes over from a dead one", () => {
    const app = makeApp(FILES);
    mkdirSync(app.path(STAGING_FOLDER));
    writeFileSync(join(app.path(STAGING_FOLDER), "pid"), String(process.ppid));
    expect(() => writeChanges(changesOf(app), app.project)).toThrow(
      /Another kitcn \(process \d+\) is writing/,
    );
    writeFileSync(join(app.path(STAGING_FOLDER), "pid"), "2147483646");
    writeChanges(changesOf(app), app.project);
    expect(state(app)).toEqual(NEW);
  });
});

test("keepFiles puts back every byte, and takes away what was not there", () => {
  const app = makeApp(FILES);
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  writeFileSync(app.path("bun.lockb"), bytes);
  const before = state(app);
  const paths = [...Object.keys(FILES), "bun.lockb", "new/package-lock.json"];
  const restore = keepFiles(paths.map(app.path), app.project);
  app.write("convex/schema.ts", "changed\n");
  app.remove("convex/http.ts");
  app.write("bun.lockb", "changed");
  app.write("new/package-lock.json", "{}");
  app.write("other.txt", "not kept\n");
  restore();
  expect(state(app)).toEqual({ ...before, "other.txt": "not kept\n" });
  expect(readFileSync(app.path("bun.lockb"))).toEqual(bytes);
});

// Three files: staged three times, committed once, moved three times.
describe.each([1, 2, 3, 4, 5, 6, 7])("killed at step %i", (step) => {
  test("the next run sees all of it or none", () => {
    const app = makeApp(FILES);
    killedAt(app, step);
    const visible = Object.entries(state(app)).filter(([name]) => !name.startsWith(STAGING_FOLDER));
    if (step <= 4) expect(Object.fromEntries(visible)).toEqual(FILES);
    const finished = recoverWrites(app.project.root);
    expect(state(app)).toEqual(step < 4 ? FILES : NEW);
    expect(finished.length > 0).toBe(step >= 4 && step < 7);
    expect(recoverWrites(app.project.root)).toEqual([]);
  });
});

test("an edit after an interrupted write is never overwritten", () => {
  const app = makeApp(FILES);
  killedAt(app, 5);
  app.write("convex/http.ts", "edited by hand\n");
  expect(() => recoverWrites(app.project.root)).toThrow(/http\.ts was edited after an earlier run/);
  expect(readFileSync(app.path("convex/http.ts"), "utf8")).toBe("edited by hand\n");
});
