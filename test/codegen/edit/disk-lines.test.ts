// The line that a reader finds on disk, of a module that a run has edited in memory.
import { expect, test } from "vitest";
import { locationOf, mapLine, parseModule } from "../../../codegen/edit/index.js";

const BEFORE = `import { a } from "a";
import { b, c } from "b";

export const one = a(b);
export const two = c();
`;

test.each([
  { what: "an untouched line", after: BEFORE, line: 4, want: { line: 4, isThere: true } },
  {
    what: "a line below removed ones",
    after: BEFORE.replace('import { a } from "a";\n', ""),
    line: 3,
    want: { line: 4, isThere: true },
  },
  {
    what: "a line below added ones",
    after: `import d from "d";\nimport e from "e";\n${BEFORE}`,
    line: 7,
    want: { line: 5, isThere: true },
  },
  {
    what: "an edited line among others that are",
    after: BEFORE.replace(
      'import { a } from "a";\nimport { b, c } from "b";',
      'import { c } from "b";',
    ),
    line: 1,
    want: { line: 2, isThere: true },
  },
  {
    what: "a line that the edit added",
    after: BEFORE.replace("export const two", "console.log(42);\nexport const two"),
    line: 5,
    want: { line: 5, isThere: false },
  },
  {
    what: "a line of another kind of line ends",
    after: BEFORE.replace('import { a } from "a";\n', "").replaceAll("\n", "\r\n"),
    line: 4,
    want: { line: 5, isThere: true },
  },
  {
    what: "a line that the edit added at the end",
    after: `${BEFORE}console.log(42);\n`,
    line: 6,
    want: { line: 5, isThere: false },
  },
])("$what", ({ after, line, want }) => {
  expect(mapLine({ from: after, to: BEFORE, line })).toEqual(want);
});

test("a message names the line on disk", () => {
  const edited = BEFORE.replace('import { a } from "a";\n', "");
  const module = { ...parseModule(edited, "/app/a.ts"), onDisk: BEFORE };
  expect(locationOf(module, module.program.body.at(-1))).toBe("/app/a.ts:5");
});
