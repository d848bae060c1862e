// Where modules name something: keys of objects and texts.
import { expect, test } from "vitest";
import { findName, parseModule } from "../../../codegen/edit/index.js";

test.each([
  { given: "const a = {\n  first: 1 };", name: "first", want: "a.ts:2" },
  { given: 'const a = {\n\n  "x-y": 1 };', name: "x-y", want: "a.ts:3" },
  { given: 'call({ modelName:\n "people" });', name: "people", want: "a.ts:2" },
  { given: "const people = { [first]: people };", name: "first", want: undefined },
  { given: "// people\nconst a = `people`;", name: "people", want: undefined },
])("$name is found at $want", ({ given, name, want }) => {
  const other = parseModule("export {};", "b.ts");
  expect(findName([other, parseModule(given, "a.ts")], name)).toBe(want);
});
