// docs/errors.md has an entry for every code that the sources throw: those of codegen/ are found here by text and not by
// syntax, those of src/ in their list. That no entry is stale is what `npm run generate:check` holds.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { printCatalogue } from "../../scripts/error-catalogue.mjs";

const page = readFileSync("docs/errors.md", "utf8");

test("every error thrown in codegen has an entry", () => {
  const entries = new Set([...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code));
  const thrown = readdirSync("codegen", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => codesIn(readFileSync(join("codegen", name), "utf8")));
  expect(thrown.length).toBeGreaterThan(40);
  expect(thrown.filter((code) => !entries.has(code))).toEqual([]);
});

test("every code of the runtime has an entry, in order", () => {
  const type = readFileSync("src/errors/codes.ts", "utf8");
  const listed = [...type.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
  const section = page.split(/^## /m).find((text) => text.startsWith("In functions")) ?? "";
  expect(listed).toEqual([...section.matchAll(/^### (\S+)$/gm)].map(([, code]) => code));
  expect(listed).toContain("TRIGGER_CANCELLED");
});

test("a catalogue is printed with its parameters, whatever its functions do with them", () => {
  const data = ({ tables, oldId }: { tables: readonly string[]; oldId: string }) => ({
    code: "GONE",
    message: `No ${oldId} in ${[...tables].map((one) => `"${one}"`).join(", ")}.`,
    hint: "Read `<docs>`, or <docs>.",
  });
  const last = () => ({ data: { code: "A", message: "First.", hint: "*Go.*" } });
  expect(printCatalogue([{ data, again: data }, { last }])).toBe(`### A

\`\`\`text
First.
\`\`\`

\\*Go.\\*

### GONE

\`\`\`text
No <old id> in "<tables>".
\`\`\`

Read \`<docs>\`, or \\<docs>.`);
});

// --- internal ---

/** Codes of errors; examples in comments aside. */
function codesIn(text: string): string[] {
  const code = text.replace(/^\s*\*.*$/gm, "");
  return [...code.matchAll(/new CodegenError\(\{\s*code: "([A-Z_]+)"/g)].map(
    ([, name = ""]) => name,
  );
}
