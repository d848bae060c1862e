// The catalogue of the CLI: every code is used, every function is called, and every sentence can be printed with
// placeholders, which is how docs/errors.md gets it. That a sentence is right is what the tests of its room hold.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../codegen/errors/codes.js";
import { noRelations } from "../../codegen/errors/tables.js";
import { RELATIONS_IMPORT } from "../../codegen/print/relations.js";
import { errorsOf } from "../../scripts/error-catalogue.mjs";

const FOLDER = "codegen/errors";

/** What the rooms share. */
const NO_ROOMS = ["by-hand.ts", "codes.ts", "words.ts"];

const errors = await Promise.all(
  readdirSync(FOLDER)
    .filter((name) => !NO_ROOMS.includes(name))
    .map(async (name) => errorsOf((await import(`../../${FOLDER}/${name}`)) as object)), // a module
).then((all) => all.flat());

test("every code is used, and listed in order", () => {
  expect([...new Set(errors.map(({ code }) => code))].sort()).toEqual(CODES);
});

test("every sentence can be printed with placeholders", () => {
  expect(errors.length).toBeGreaterThan(150);
  for (const { name, message, hint } of errors) {
    expect(message.trim(), name).not.toBe("");
    expect(hint.trim(), name).not.toBe("");
    expect(`${message} ${hint}`, name).not.toMatch(/undefined|\[object|NaN|\bfunction \(/);
  }
});

test("every function is called outside of the catalogue", () => {
  const texts = readdirSync("codegen", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("errors/"))
    .map((name) =>
      readFileSync(join("codegen", name), "utf8").replace(/^import [^;]*;$/gm, renames),
    );
  const used = new Set(texts.join("\n").match(/\w+/g));
  expect(errors.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

test("the import that relations.ts needs is the one that kitcn writes", () => {
  const { name, source } = RELATIONS_IMPORT;
  expect(noRelations({ path: "relations.ts" }).hint).toContain(
    `import { ${name} as defineRelations } from "${source}";`,
  );
});

// --- internal ---

/** Of an import, the names that the module calls otherwise. */
function renames(statement: string): string {
  return [...statement.matchAll(/(\w+) as \w+/g)].map(([, name]) => name).join(" ");
}
