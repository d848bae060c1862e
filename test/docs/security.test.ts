// SECURITY.md: each threat in its table names a test that is run and says something.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";

type Row = { readonly threat: string; readonly tests: readonly string[] };

function loadRows(): Row[] {
  const text = readFileSync("SECURITY.md", "utf8");
  const [, defended = ""] = text.split("## What is defended");
  const table = defended.split("\n## ")[0] ?? "";
  const lines = table.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => {
    const cells = line.split("|").slice(1, -1);
    const links = [...(cells.at(-1) ?? "").matchAll(/\]\(([^)#]+)\)/g)];
    return { threat: (cells[0] ?? "").trim(), tests: links.map(([, path = ""]) => path) };
  });
}

const rows = loadRows();

test("there are rows", () => {
  expect(rows.length).toBeGreaterThan(20);
});

test.each(rows.map((row) => [row.threat, row] as const))("%s", (_threat, { tests }) => {
  expect(tests).not.toEqual([]);
  for (const path of tests) {
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, "utf8"), path).toMatch(/\b(test|it)[.(]/);
    expect(isRun(path), path).toBe(true);
  }
});

/** A test file, or a suite that a test file imports. */
function isRun(path: string): boolean {
  if (!path.startsWith("test/")) return false;
  if (/\.test\.tsx?$/.test(path)) return true;
  const imported = `/${basename(path, ".ts")}.js"`;
  const files = readdirSync("test", { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.test\.tsx?$/.test(file))
    .some((file) => readFileSync(`test/${file}`, "utf8").includes(imported));
}
