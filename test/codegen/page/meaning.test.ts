// What counts as another layout of a file of the auth pages, and what as an edit.
import { describe, expect, test } from "vitest";
import { fingerprint } from "../../../codegen/merge/fingerprint.js";
import { hashOf, isHashOf } from "../../../codegen/page/owned.js";
import { meaningOf } from "../../../codegen/page/meaning.js";

const component = (jsx: string) => `export const C = () => ${jsx};`;

describe("an edit", () => {
  test.each([
    ["a.tsx", component("<p>User name</p>"), component("<p>Username</p>")],
    ["a.tsx", component("<p>No, thanks</p>"), component("<p>No thanks</p>")],
    ["a.tsx", component("<p>It is</p>"), component("<p>(It is)</p>")],
    ["a.tsx", component("<p>Hi <b>you</b></p>"), component("<p>Hi<b>you</b></p>")],
    ["a.tsx", component('<a title="a b" />'), component('<a title="ab" />')],
    ["a.ts", 'f("User name");', 'f("Username");'],
    ["a.ts", 'f("it\'s");', 'f("its");'],
    ["a.ts", "f(`a  b`);", "f(`a b`);"],
    ["a.ts", "if (a && b || c) f();", "if (a && (b || c)) f();"],
    ["a.ts", "f(a, b);", "f((a, b));"],
    ["a.ts", "f(1);", "f(-1);"],
    ["a.ts", "// Two words.\nf();", "// Twowords.\nf();"],
    ["a.ts", "f();\n// About g.\ng();", "// About g.\nf();\ng();"],
    ["a.ts", "f();", "// New.\nf();"],
    ["a.ts", "let a: string[] = [];", "let a: string = [];"],
    ["a.ts", "f(;", "f( ;"],
    ["a.ts", 'import "a";\nimport { b } from "b";', 'import { b } from "b";\nimport "a";'],
    ["a.ts", 'import { b as a } from "b";', 'import { a } from "b";'],
    ["a.css", ".card .row { top: 0 }", ".card.row { top: 0 }"],
    ["a.css", ".card :hover { top: 0 }", ".card:hover { top: 0 }"],
    ["a.css", ".a { margin: 1rem 0 2rem }", ".a { margin: 1rem 02rem }"],
    ["a.css", ".a { margin: 1rem 0 2rem }", ".a { margin: 1rem, 0 2rem }"],
    ["a.css", '.a { content: "a b" }', '.a { content: "ab" }'],
    ["a.css", ".a { width: calc(1px + 2px) }", ".a { width: calc((1px + 2px)) }"],
    ["a.css", "/* Two words. */ .a { top: 0 }", "/* Twowords. */ .a { top: 0 }"],
  ])("%s: %s -> %s", (path, before, after) => {
    expect(meaningOf(path, after)).not.toBe(meaningOf(path, before));
  });
});

describe("another layout", () => {
  test.each([
    ["a.tsx", component("<p>User name</p>"), component("(\n<p>\n  User\n  name\n</p>\n)")],
    ["a.tsx", component("<p>Hi <b>you</b></p>"), component('<p>\n  Hi{" "}\n  <b>you</b>\n</p>')],
    ["a.tsx", component('<a title="b" />'), component("<a title={'b'} />")],
    ["a.tsx", component("<p>{/* Two\n words. */}</p>"), component("<p>\n{/* Two words. */}\n</p>")],
    ["a.ts", 'f("x", { a: 1 });', "f(\n\t'x',\n\t{ 'a': 1, },\n)"],
    ["a.ts", "const g = (x) => x;", "const g = x => (x)"],
    ["a.ts", "f();\n[a] = b;", "f()\n;[a] = b"],
    ["a.ts", "type A = { b: 1; c: 2 };", "type A = (\n{ b: 1, c: 2 }\n)"],
    ["a.ts", "f();\r\ng();\r\n", "f();\n\n\ng();"],
    [
      "a.ts",
      'import a, { c, type B } from "a";\nimport type { E } from "e";\nimport { d } from "./d";\nf();',
      "import { d } from './d'\nimport a, { type B, c } from 'a'\nimport type { E } from 'e'\n\nf()",
    ],
    ["a.css", ".a,\n.b { top: 0; left: 0; }", ".a, .b{\n\ttop:0;\n\tleft: 0\n}\n"],
    ["a.css", '.a > .b { content: "c" }', ".a>.b {\n content: 'c';\n}"],
    [
      "a.css",
      "@media (width < 9px) { .a { top: 0 } }",
      "@media ( width < 9px ) {\n.a {\n top: 0;\n}\n}",
    ],
  ])("%s: %s = %s", (path, before, after) => {
    expect(meaningOf(path, after)).toBe(meaningOf(path, before));
  });
});

test("a hash of an earlier lock, in which the order of imports counted, is still known", () => {
  const text = 'import { b, a } from "x";\n';
  const other = 'import { a, b } from "x";\n';
  const earlier = fingerprint(meaningOf("a.ts", text, "written"));
  expect(earlier).not.toBe(hashOf("a.ts", text));
  expect(isHashOf(earlier, "a.ts", text)).toBe(true);
  expect(isHashOf(earlier, "a.ts", other)).toBe(false);
  expect(isHashOf(hashOf("a.ts", text), "a.ts", other)).toBe(true);
  expect(isHashOf(undefined, "a.ts", text)).toBe(false);
});
