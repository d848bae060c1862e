// Lines put into pnpm-workspace.yaml: all that was there stays byte for byte, or nothing is changed.
import { expect, test } from "vitest";
import { addOverrides } from "../../../codegen/packages/pnpm-workspace.js";

const ENTRIES = [
  ["@better-auth/passkey>better-call", "^1.0.0"],
  ["@better-auth/passkey>@better-auth/utils", ">=0"],
] as const;

const TWO = `  "@better-auth/passkey>better-call": "^1.0.0"
  "@better-auth/passkey>@better-auth/utils": ">=0"
`;

test.each([
  ["no file", "", `overrides:\n${TWO}`],
  ["only comments", "# mine\n", `# mine\noverrides:\n${TWO}`],
  ["other settings", "packages: [ 'a' ]", `packages: [ 'a' ]\noverrides:\n${TWO}`],
  [
    "overrides in the middle, with comments",
    "packages:\n- 'a'   # one\n\noverrides: # mine\n  foo: 1.0.0 # keep\n\n# last\nhoist: false\n",
    `packages:\n- 'a'   # one\n\noverrides: # mine\n  foo: 1.0.0 # keep\n${TWO}\n# last\nhoist: false\n`,
  ],
  [
    "another indentation",
    "overrides:\n    foo: '1'\n",
    `overrides:\n    foo: '1'\n${TWO.replaceAll(/^ {2}/gm, "    ")}`,
  ],
  ["no line break at the end", "overrides:\n  foo: '1'", `overrides:\n  foo: '1'\n${TWO}`],
  ["an empty key", "overrides:\nhoist: false\n", `overrides:\n${TWO}hoist: false\n`],
  [
    "Windows line breaks",
    "overrides:\r\n  foo: '1'\r\n",
    `overrides:\r\n  foo: '1'\r\n${TWO.replaceAll("\n", "\r\n")}`,
  ],
])("%s", (_name, given, want) => {
  expect(addOverrides(given, ENTRIES)).toBe(want);
});

test.each([
  ["overrides in braces", "overrides: { foo: '1' }\n"],
  ["a file in braces", "{ hoist: false }\n"],
  ["an alias", "a: &x\n  foo: '1'\noverrides: *x\n"],
  ["a text that is folded", "overrides:\n  foo: >-\n    1\n    2\n\n"],
  ["an end of the document", "hoist: false\n...\n"],
])("%s is left alone, or read back with the lines", (_name, given) => {
  const after = addOverrides(given, ENTRIES);
  if (after !== undefined) expect(after.startsWith(given.trimEnd())).toBe(true);
});
