// docs/errors.md has an entry for every code that the sources throw, found here by text and not by syntax.
// That none is stale is what `npm run generate:check` holds.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test.each(["src", "codegen"])("every error thrown in %s has an entry", (folder) => {
  const page = readFileSync("docs/errors.md", "utf8");
  const entries = new Set([...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code));
  const thrown = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => codesIn(readFileSync(join(folder, name), "utf8")));
  expect(thrown.length).toBeGreaterThan(40);
  expect(thrown.filter((code) => !entries.has(code))).toEqual([]);
});

test("the type of the codes has every code of the runtime", () => {
  const type = readFileSync("generated/error-codes.ts", "utf8");
  const listed = [...type.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
  const page = readFileSync("docs/errors.md", "utf8");
  const section = page.split(/^## /m).find((text) => text.startsWith("In functions")) ?? "";
  expect(listed).toEqual([...section.matchAll(/^### (\S+)$/gm)].map(([, code]) => code));
  expect(listed).toContain("TRIGGER_CANCELLED");
});

// --- internal ---

/** Codes of both error classes; examples in comments aside. */
function codesIn(text: string): string[] {
  const code = text.replace(/^\s*\*.*$/gm, "");
  return [...code.matchAll(/new (?:Kitcn|Codegen)Error\(\{\s*code: "([A-Z_]+)"/g)].map(
    ([, name = ""]) => name,
  );
}
