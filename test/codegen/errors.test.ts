// The catalogue of the CLI: every code is used, every function is called, and every sentence can be printed with
// placeholders, which is how docs/errors.md gets it. That a sentence is right is what the tests of its room hold.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../codegen/errors/codes.js";
import { FINDING_CODES } from "../../codegen/errors/finding-codes.js";
import { noRelations } from "../../codegen/errors/tables.js";
import { RELATIONS_IMPORT } from "../../codegen/print/relations.js";
import { errorsOf, isRoomOfCommands, isRoomOfFindings } from "../../scripts/error-catalogue.mjs";

const FOLDER = "codegen/errors";

const commands = await errorsIn(isRoomOfCommands);
const findings = await errorsIn(isRoomOfFindings);
const all = [...commands, ...findings];

test.each([
  ["errors", commands, CODES],
  ["findings", findings, FINDING_CODES],
] as const)("every code of the %s is used, and listed in order", (_name, errors, codes) => {
  expect([...new Set(errors.map(({ code }) => code))].sort()).toEqual(codes);
});

test("every sentence can be printed with placeholders", () => {
  expect(commands.length).toBeGreaterThan(150);
  expect(findings.length).toBeGreaterThan(50);
  for (const { name, message, hint } of all) {
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
  expect(all.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
});

test("the import that relations.ts needs is the one that kitcn writes", () => {
  const { name, source } = RELATIONS_IMPORT;
  expect(noRelations({ path: "relations.ts" }).hint).toContain(
    `import { ${name} as defineRelations } from "${source}";`,
  );
});

// --- internal ---

/** What the functions of some modules make. */
async function errorsIn(isRoom: (name: string) => boolean) {
  const rooms = readdirSync(FOLDER)
    .filter(isRoom)
    .map((name) => name.replace(/\.ts$/, ""));
  const modules = await Promise.all(rooms.map((name) => import(`../../codegen/errors/${name}.ts`)));
  return modules.flatMap((module) => errorsOf(module as object)); // an import is of a module
}

/** Of an import, the names that the module calls otherwise. */
function renames(statement: string): string {
  return [...statement.matchAll(/(\w+) as \w+/g)].map(([, name]) => name).join(" ");
}
