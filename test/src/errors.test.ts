// The catalogue of the runtime's errors: every code and every function of it is used, and every sentence is whole.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorsOf } from "../../scripts/error-catalogue.mjs";
import { errorOf, isKitcnError } from "../../src/errors/error.js";

const FOLDER = "src/errors";
const rooms = readdirSync(FOLDER)
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => name !== "error" && name !== "codes");

const errors = (
  await Promise.all(
    rooms.map(async (room) => {
      const module = (await import(`../../src/errors/${room}.ts`)) as Record<string, unknown>;
      return errorsOf(module).map((error) => ({ room, ...error }));
    }),
  )
).flat();

test("every code has a sentence, and the codes are in order", () => {
  const codes = [...readFileSync(join(FOLDER, "codes.ts"), "utf8").matchAll(/"([A-Z_]+)"/g)].map(
    ([, code]) => code,
  );
  expect(codes).toEqual([...new Set(errors.map(({ code }) => code))].sort());
});

test("every function is called where the runtime refuses something", () => {
  const callers = readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((name) => join("src", name))
    .filter((path) => /\.tsx?$/.test(path) && !path.startsWith(FOLDER))
    .map((path) => readFileSync(path, "utf8"));
  const unused = errors.filter(({ room, name }) => {
    const from = `/errors/${room}.js"`;
    const call = new RegExp(`\\b${name}\\(`);
    return !callers.some((text) => text.includes(from) && call.test(text));
  });
  expect(unused).toEqual([]);
});

test.each(errors)("$room $name says what failed and what to do next", ({ message, hint }) => {
  expect(`${message} ${hint}`).not.toMatch(/\[object|\$\{|<[^>]*$/);
  expect(message).toMatch(/^\S.{10,}[.>]$/);
  expect(hint).toMatch(/^\S.{5,}\.$/);
});

test("a value that is missing at run time is said to be missing", () => {
  const invalid = errorOf("INVALID_SITE_URL", 'got "<value>".', "Set it.");
  const siteUrl = process.env.NO_SUCH_VARIABLE as string; // as an app does that trusts its variables
  expect(invalid({ value: siteUrl }).data.message).toBe('got "undefined".');
});

test("an error has its names in its sentences, a list with commas, and no value is read as a name", () => {
  const unknown = errorOf(
    "UNKNOWN_TABLE",
    'No "<table>", <how many>.',
    "There are <tables>: <most>.",
  );
  const error: unknown = unknown({ table: "<most> $&", tables: ["a", "b"], most: 2 });
  expect(isKitcnError(error) && error.data).toEqual({
    kitcn: true,
    code: "UNKNOWN_TABLE",
    message: 'No "<most> $&", <how many>.',
    hint: "There are a, b: 2.",
  });
  // @ts-expect-error each name needs its value
  unknown({ table: "a" });
});
