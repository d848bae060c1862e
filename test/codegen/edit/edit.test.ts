// The shared parser and editor: what a patch changes, and that nothing else moves.
import type { Node } from "@babel/types";
import { describe, expect, test } from "vitest";
import {
  addImport,
  detectStyle,
  findDefaultExport,
  findImport,
  finishEdit,
  freeName,
  insertMembers,
  listBindings,
  listImports,
  openEditor,
  parseModule,
  removeImports,
  removeItems,
  resolveExpression,
  type ImportRequest,
} from "../../../codegen/edit/index.js";
import { CodegenError } from "../../../codegen/errors.js";

const parse = (text: string) => parseModule(text, "/app/convex/schema.ts");

describe("parseModule", () => {
  test("names file, line and column of a syntax error", () => {
    const run = () => parse("const a = 1;\nconst b = ;\n");
    expect(run).toThrow(CodegenError);
    expect(run).toThrow(/^\/app\/convex\/schema\.ts:2:11 does not parse: Unexpected token/);
  });
});

describe("addImport", () => {
  const cases: { name: string; given: string; add: ImportRequest[]; want: string }[] = [
    {
      name: "extends a declaration of the same source",
      given: `import { defineSchema } from "convex/server";\n`,
      add: [{ source: "convex/server", name: "defineTable" }],
      want: `import { defineSchema, defineTable } from "convex/server";\n`,
    },
    {
      name: "keeps one name a line",
      given: `import {\n  defineSchema,\n} from 'convex/server'\n`,
      add: [{ source: "convex/server", name: "defineTable" }],
      want: `import {\n  defineSchema,\n  defineTable,\n} from 'convex/server'\n`,
    },
    {
      name: "follows quotes and missing semicolons",
      given: `import { defineSchema } from 'convex/server'\nexport default defineSchema({})\n`,
      add: [{ source: "convex/values", name: "v" }],
      want: `import { defineSchema } from 'convex/server'\nimport { v } from 'convex/values'\nexport default defineSchema({})\n`,
    },
    {
      name: "aliases a name that is used for something else",
      given: `import { defineSchema } from "convex/server";\nconst v = 1;\n`,
      add: [{ source: "convex/values", name: "v" }],
      want: `import { defineSchema } from "convex/server";\nimport { v as v2 } from "convex/values";\nconst v = 1;\n`,
    },
    {
      name: "never widens a type-only declaration",
      given: `import type { Infer } from "convex/values";\n`,
      add: [{ source: "convex/values", name: "v" }],
      want: `import type { Infer } from "convex/values";\nimport { v } from "convex/values";\n`,
    },
    {
      name: "stays below a header comment and directives",
      given: `// @ts-nocheck\n// Ours.\n\nconst a = 1;\n`,
      add: [{ source: "a", name: "default", local: "a" }],
      want: `// @ts-nocheck\n// Ours.\n\nimport a2 from "a";\n\nconst a = 1;\n`,
    },
    {
      name: "uses CRLF where the file does",
      given: `"use node";\r\nconst a = 1;\r\n`,
      add: [{ source: "b", name: "*", local: "b" }],
      want: `"use node";\r\nimport * as b from "b";\r\n\r\nconst a = 1;\r\n`,
    },
    {
      name: "writes into an empty file",
      given: ``,
      add: [
        { source: "a", name: "x" },
        { source: "a", name: "y", typeOnly: true },
      ],
      want: `import { x } from "a";\nimport type { y } from "a";\n`,
    },
    {
      name: "keeps an alphabet",
      given: `import { b } from "b";\nimport { d } from "@/d";\n\nimport e from "../e";\nimport f from "./f";\n`,
      add: [
        { source: "./g", name: "g" },
        { source: "c/c", name: "z" },
        { source: "c/c", name: "Y" },
        { source: "@a/a", name: "default", local: "a" },
        { source: "../../d", name: "dd" },
      ],
      want: `import a from "@a/a";\nimport { b } from "b";\nimport { Y, z } from "c/c";\nimport { d } from "@/d";\nimport { dd } from "../../d";\n\nimport e from "../e";\nimport f from "./f";\nimport { g } from "./g";\n`,
    },
    {
      name: "keeps an alphabet of names",
      given: `import { b, type D } from "x";\nimport {\n  m,\n} from "y";\n`,
      add: ["e", "A", "c"].flatMap((name) => [
        { source: "x", name },
        { source: "y", name: "l" },
      ]),
      want: `import { A, b, c, type D, e } from "x";\nimport {\n  l,\n  m,\n} from "y";\n`,
    },
    {
      name: "comes last where there is no alphabet",
      given: `import { z, b } from "b";\nimport a from "a";\nimport c from "c";\n`,
      add: [
        { source: "b", name: "k" },
        { source: "b2", name: "b2" },
      ],
      want: `import { z, b, k } from "b";\nimport a from "a";\nimport c from "c";\nimport { b2 } from "b2";\n`,
    },
    {
      name: "passes no import that is there for its effect",
      given: `import z from "z";\nimport "./style.css";\nimport b from "b";\nimport "./last.css";\n`,
      add: [{ source: "a", name: "a" }],
      want: `import z from "z";\nimport "./style.css";\nimport b from "b";\nimport "./last.css";\nimport { a } from "a";\n`,
    },
    {
      name: "parts no import from its comment",
      given: `// What this file is for.\nimport b from "b"; // of b\n// Of x.\nimport x from "x";\n`,
      add: [
        { source: "a", name: "a" },
        { source: "c", name: "c" },
      ],
      want: `// What this file is for.\nimport b from "b"; // of b\nimport { c } from "c";\n// Of x.\nimport x from "x";\nimport { a } from "a";\n`,
    },
  ];
  test.each(cases)("$name", ({ given, add, want }) => {
    const editor = openEditor(parse(given));
    for (const request of add) addImport(editor, request);
    expect(finishEdit(editor)).toBe(want);
  });

  test.each<{ name: string; given: string; add: ImportRequest[]; want: string }>([
    {
      name: "the first of an alphabet",
      given: `"use client";\nimport { gone } from "b";\nimport { c } from "c";\nuse(c);\n`,
      add: [{ source: "a", name: "a" }],
      want: `"use client";\nimport { a } from "a";\nimport { c } from "c";\nuse(c);\n`,
    },
    {
      name: "the one before",
      given: `import { b } from "b";\nimport { gone } from "c";\nuse(b);\n`,
      add: [{ source: "d", name: "d" }],
      want: `import { b } from "b";\nimport { d } from "d";\nuse(b);\n`,
    },
    {
      name: "the first of a file",
      given: `import { gone } from "b";\nimport { c } from "c";\nuse(c);\n`,
      add: [
        { source: "b", name: "b" },
        { source: "d", name: "d" },
      ],
      want: `import { b } from "b";\nimport { c } from "c";\nimport { d } from "d";\nuse(c);\n`,
    },
    {
      name: "a name beside it",
      given: `import { b, gone, z } from "b";\nuse(b, z);\n`,
      add: [{ source: "b", name: "h" }],
      want: `import { b, z, h } from "b";\nuse(b, z);\n`,
    },
  ])("where $name leaves", ({ given, add, want }) => {
    const editor = openEditor(parse(given));
    const source = listImports(editor.module).find(({ local }) => local === "gone")!.source;
    removeImports(editor, [{ source, name: "gone" }], new Set());
    for (const request of add) addImport(editor, request);
    expect(finishEdit(editor)).toBe(want);
  });

  test("reuses aliases and namespaces", () => {
    const module = parse(
      `import { v as values } from "convex/values";\nimport * as s from "convex/server";`,
    );
    expect(findImport(module, { source: "convex/values", name: "v" })).toBe("values");
    expect(findImport(module, { source: "convex/server", name: "defineTable" })).toBe(
      "s.defineTable",
    );
    expect(freeName(module, "v")).toBe("v2");
  });
});

describe("insertMembers", () => {
  const cases: { name: string; given: string; want: string }[] = [
    { name: "empty", given: `f({});`, want: `f({\n  a: 1,\n  b,\n});` },
    {
      name: "empty with a comment",
      given: `f({/* x */});`,
      want: `f({/* x */\n  a: 1,\n  b,\n});`,
    },
    { name: "one line", given: `f({ x: 1 });`, want: `f({ x: 1, a: 1, b });` },
    {
      name: "trailing comma and comment",
      given: `f({\n\tx: 1, // why\n\t// end\n});`,
      want: `f({\n\tx: 1, // why\n\ta: 1,\n\tb,\n\t// end\n});`,
    },
    {
      name: "no trailing comma",
      given: `f({\n  x: 1 // why\n});`,
      want: `f({\n  x: 1, // why\n  a: 1,\n  b\n});`,
    },
    {
      name: "closing brace on the last member's line",
      given: `f({ x: {\n  y: 1,\n}, });`,
      want: `f({ x: {\n  y: 1,\n},\n  a: 1,\n  b,\n });`,
    },
    {
      name: "comma inside a comment is no comma",
      given: `f({\n  x: 1 /* , */ ,\n});`,
      want: `f({\n  x: 1 /* , */ ,\n  a: 1,\n  b,\n});`,
    },
  ];
  test.each(cases)("$name", ({ given, want }) => {
    const editor = openEditor(parse(given));
    const statement = editor.module.program.body[0];
    if (statement?.type !== "ExpressionStatement") throw new Error("fixture");
    if (statement.expression.type !== "CallExpression") throw new Error("fixture");
    const object = statement.expression.arguments[0];
    if (object?.type !== "ObjectExpression") throw new Error("fixture");
    insertMembers(editor, object, ["a: 1", "b"]);
    const text = finishEdit(editor);
    expect(text).toBe(want);
    parse(text);
  });
});

describe("lookup", () => {
  test.each([
    { given: `export default ({} as const)`, want: "ObjectExpression" },
    {
      given: `const a = {} satisfies X; const b = a; export { b as default }`,
      want: "ObjectExpression",
    },
    { given: `export { a as default } from "./a"`, want: "reexport" },
    { given: `export const a = 1`, want: undefined },
  ])("default export of $given", ({ given, want }) => {
    const module = parse(given);
    const found = findDefaultExport(module);
    expect(
      found?.kind === "expression" ? resolveExpression(module, found.node).type : found?.kind,
    ).toBe(want);
  });

  test.each([
    { given: `import a from 'a'\nf("it's")\n`, want: { quote: "'", semicolons: false } },
    { given: `import a from "a";\nf('x');\nf("y");\n`, want: { quote: '"', semicolons: true } },
    { given: `f({\n\ta: 1,\n\tb: {\n\t\tc: 1\n\t}\n});\n`, want: { indent: "\t" } },
    { given: `f({\n    a: {\n        c: 1\n    }\n});\r\n`, want: { indent: "    ", eol: "\n" } },
    { given: `f(1);\r\nf(2);\r\n`, want: { eol: "\r\n" } },
  ])("style of $given", ({ given, want }) => {
    expect(detectStyle(parse(given))).toMatchObject(want);
  });
});

describe("removeItems and removeImports", () => {
  const cases: Record<string, { given: string; gone: readonly string[]; want: string }> = {
    "the last of one line": {
      given: 'import { a, b, c } from "x";\nexport const list = [a(), b(), c()];\n',
      gone: ["b", "c"],
      want: 'import { a } from "x";\nexport const list = [a()];\n',
    },
    "the first of one line": {
      given: 'import { a, b } from "x";\nexport const list = [a(), b()];\n',
      gone: ["a"],
      want: 'import { b } from "x";\nexport const list = [b()];\n',
    },
    "all of one line, and the whole import": {
      given: 'import z from "z";\nimport { a, b } from "x";\nexport const list = [a(), b(), z];\n',
      gone: ["a", "b"],
      want: 'import z from "z";\nexport const list = [z];\n',
    },
    "lines of their own; comments stay": {
      given:
        'import x, { a, b } from "x";\nexport const list = [\n  // one\n  a(),\n  b({\n    deep: [1],\n  }),\n  x,\n];\n',
      gone: ["a", "b"],
      want: 'import x from "x";\nexport const list = [\n  // one\n  x,\n];\n',
    },
    "an import that something else mentions": {
      given: 'import { a, b } from "x";\nexport const list = [a(), b];\nexport const c = a;\n',
      gone: ["a"],
      want: 'import { a, b } from "x";\nexport const list = [b];\nexport const c = a;\n',
    },
  };

  test.each(Object.entries(cases))("%s", (_name, { given, gone, want }) => {
    const module = parseModule(given, "list.ts");
    const list = resolveExpression(module, listBindings(module).get("list")!.init!);
    if (list.type !== "ArrayExpression") throw new Error("The list is an array.");
    const items = list.elements.filter(
      (one) =>
        one?.type === "CallExpression" &&
        one.callee.type === "Identifier" &&
        gone.includes(one.callee.name),
    ) as Node[]; // no holes
    const editor = openEditor(module);
    removeItems(editor, list, items);
    const names = gone.map((name) => ({ source: "x", name }));
    removeImports(editor, names, new Set(items));
    expect(finishEdit(editor)).toBe(want);
  });
});
