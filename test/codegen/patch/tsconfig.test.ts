// tsconfig.json of the functions directory learns about process.env; comments and commas stay.
import { expect, test } from "vitest";
import { patchTsconfig } from "../../../codegen/patch/tsconfig.js";

const cases: { name: string; given: string; major?: number; want: string | undefined }[] = [
  {
    name: "an empty list",
    given: `{ "compilerOptions": { "types": [] } }\n`,
    want: `{ "compilerOptions": { "types": ["node"] } }\n`,
  },
  {
    name: "a list of others",
    given: `{\n  // ours\n  "compilerOptions": { "types": ["vite/client"], },\n}\n`,
    want: `{\n  // ours\n  "compilerOptions": { "types": ["vite/client", "node"], },\n}\n`,
  },
  {
    name: "a list with node",
    given: `{ "compilerOptions": { "types": ["node"] } }`,
    want: undefined,
  },
  {
    name: "no list, TypeScript 5",
    given: `{ "compilerOptions": { "strict": true } }`,
    major: 5,
    want: undefined,
  },
  {
    name: "no list, TypeScript 6",
    given: `{\n  "compilerOptions": {\n    "strict": true, /* yes */\n  },\n}\n`,
    major: 6,
    want: `{\n  "compilerOptions": {\n    "strict": true, /* yes */\n    "types": ["node"],\n  },\n}\n`,
  },
  {
    name: "no list, TypeScript 7, a parent that may have one",
    given: `{ "extends": "../tsconfig.json", "compilerOptions": {} }`,
    major: 7,
    want: undefined,
  },
];

test.each(cases)("$name", ({ given, major, want }) => {
  const path = "/app/convex/tsconfig.json";
  expect(patchTsconfig({ path, text: given, typescriptMajor: major }).text).toBe(want);
});

test("a broken one is named", () => {
  const run = () =>
    patchTsconfig({ path: "/app/convex/tsconfig.json", text: "{ nope", typescriptMajor: 5 });
  expect(run).toThrow(/^\/app\/convex\/tsconfig\.json:1/);
});
