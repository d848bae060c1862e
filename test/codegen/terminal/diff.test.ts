// Unified diffs: what git accepts.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { printDiff } from "../../../codegen/terminal/diff.js";
import { makeApp } from "../support/app.js";

const diff = (before: string | undefined, after: string) =>
  printDiff([{ path: "/app/convex/schema.ts", before, after }], { root: "/app" });

describe("printDiff", () => {
  const cases: { name: string; given: [string | undefined, string]; want: string }[] = [
    { name: "equal texts", given: ["a\n", "a\n"], want: "" },
    {
      name: "a new file",
      given: [undefined, "a\nb\n"],
      want: "--- /dev/null\n+++ b/convex/schema.ts\n@@ -0,0 +1,2 @@\n+a\n+b\n",
    },
    {
      name: "a changed line with context",
      given: ["1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"],
      want: "--- a/convex/schema.ts\n+++ b/convex/schema.ts\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    },
    {
      name: "two far changes in two hunks",
      given: ["a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\n8\nB\n"],
      want:
        "--- a/convex/schema.ts\n+++ b/convex/schema.ts\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n" +
        "@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-b\n+B\n",
    },
    {
      name: "lines at the end of an empty file",
      given: ["", "a\n"],
      want: "--- a/convex/schema.ts\n+++ b/convex/schema.ts\n@@ -0,0 +1 @@\n+a\n",
    },
    {
      name: "a last line without its end",
      given: ["a\nb", "a\nb\n"],
      want:
        "--- a/convex/schema.ts\n+++ b/convex/schema.ts\n@@ -1,2 +1,2 @@\n a\n-b\n" +
        "\\ No newline at end of file\n+b\n",
    },
  ];
  test.each(cases)("$name", ({ given: [before, after], want }) => {
    expect(diff(before, after)).toBe(want);
  });

  test("random edits apply with git", () => {
    let seed = 42;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const app = makeApp({});
    for (let round = 0; round < 25; round += 1) {
      const before = Array.from({ length: 1 + random(40) }, () => `line ${random(9)}`);
      const after = before.flatMap((line) =>
        random(5) === 0 ? [] : random(5) === 0 ? [line, `new ${random(9)}`] : [line],
      );
      const [a, b] = [before, after].map((lines) =>
        lines
          .map((line) => `${line}\n`)
          .join("")
          .slice(0, random(2) === 0 ? undefined : -1),
      );
      if (a === undefined || b === undefined || a === b || b === "") continue;
      app.write("file.txt", a);
      app.write("again.txt", a);
      const text = printDiff([{ path: app.path("file.txt"), before: a, after: b }], app.project);
      execFileSync("git", ["apply", "-"], { cwd: app.project.root, input: text });
      expect(app.read("file.txt")).toBe(b);
      execFileSync("patch", ["--quiet", app.path("again.txt")], { input: text });
      expect(app.read("again.txt")).toBe(b);
    }
  });

  test.each([
    { name: "all lines changed", change: (line: string) => `${line}!` },
    {
      name: "every tenth line changed",
      change: (line: string, at: number) => (at % 10 ? line : ""),
    },
  ])("2,000 lines, $name", ({ change }) => {
    const lines = Array.from({ length: 2000 }, (_, at) => `line ${at}`);
    const [before, after] = [lines.join("\n"), lines.map(change).join("\n")];
    const app = makeApp({ "file.txt": before });
    const text = printDiff([{ path: app.path("file.txt"), before, after }], app.project);
    execFileSync("git", ["apply", "-"], { cwd: app.project.root, input: text });
    expect(app.read("file.txt")).toBe(after);
  });

  test("a new file without a last line end", () => {
    const app = makeApp({});
    const change = { path: app.path("new.txt"), before: undefined, after: "a\nb" };
    const text = printDiff([change], app.project);
    execFileSync("git", ["apply", "-"], { cwd: app.project.root, input: text });
    expect(app.read("new.txt")).toBe("a\nb");
  });
});
