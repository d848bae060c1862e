// Where modules name something: keys of objects and texts.
import { expect, test } from "vitest";
import { findName, parseModule } from "../../../codegen/edit/index.js";

test.each([
  { given: "const a = {\n  first: 1 };", name: "first", want: "a.ts:2" },
  { given: 'const a = {\n\n  "x-y": 1 };', name: "x-y", want: "a.ts:3" },
  { given: 'call({ modelName:\n "people" });', name: "people", want: "a.ts:2" },
  { given: "const people = { [first]: people };", name: "first", want: undefined },
  { given: "// people\nconst a = `people`;", name: "people", want: undefined },
  {
    given:
      'hook({ data: { role: "user" } });\ncall({ user: { additionalFields: {\n role: { type: "enum" } } } });',
    name: "role",
    want: "a.ts:3",
  },
  {
    given: 'const roles = ["role"];\ncall({ schema: { user: { fields: {\n role: "role" } } } });',
    name: "role",
    want: "a.ts:3",
  },
  { given: 'call({ role: 1 });\ncall("role");', name: "role", want: undefined },
  {
    given: "call({ fields: { role: 1 } });\ncall({ additionalFields: { role: 1 } });",
    name: "role",
    want: undefined,
  },
])("$name is found at $want", ({ given, name, want }) => {
  const other = parseModule("export {};", "b.ts");
  expect(findName([other, parseModule(given, "a.ts")], name)).toBe(want);
});
