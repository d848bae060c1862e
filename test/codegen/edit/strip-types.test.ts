// Types are taken out of a text, and everything else stays.
import { expect, test } from "vitest";
import { stripTypes } from "../../../codegen/edit/index.js";

test.each([
  { name: "an annotation", given: "const a: string = b;", want: "const a = b;" },
  { name: "a call's types", given: "useRef<HTMLElement>(null);", want: "useRef(null);" },
  { name: "`!`", given: "new Client(process.env.URL!);", want: "new Client(process.env.URL);" },
  {
    name: "casts, and what is in them",
    given: "f(a as string, (b! satisfies B) as const);",
    want: "f(a, (b));",
  },
  {
    name: "a signature",
    given: "async function f<T>(this_: T, { a }: { a?: string }, b?: number): Promise<T> {}",
    want: "async function f(this_, { a }, b) {}",
  },
  { name: "an arrow", given: "const f = (a?: A): a is B => a;", want: "const f = (a) => a;" },
  {
    name: "imports of types",
    given:
      'import type { A } from "a";\nimport type {} from "b";\nimport { type C } from "c";\nimport "d";\nimport e, { type F, g as h } from "e";\n',
    want: 'import "d";\nimport e, { g as h } from "e";\n',
  },
  {
    name: "declarations of types",
    given:
      "type A = string;\nexport interface B {}\nexport type { A };\nexport type C = A;\nexport const d = 1;\n",
    want: "export const d = 1;\n",
  },
  {
    name: "nothing of comments, strings and JSX",
    given: 'const a = <A b="c as d">e as f</A>; // g: h\n',
    want: 'const a = <A b="c as d">e as f</A>; // g: h\n',
  },
])("$name", ({ given, want }) => {
  expect(stripTypes(given)).toBe(want);
});

test.each(["enum A { B }", "namespace A { export const b = 1 }", "import a = require('a');"])(
  "%s is refused: it is more than a type",
  (given) => {
    expect(() => stripTypes(given)).toThrow(/more than a type/);
  },
);
