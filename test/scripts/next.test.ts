// What `npm run next` moves and how it reports. The suites themselves are too long to run here.
import { expect, test } from "vitest";
import { moveTo, planMoves, printBreaks } from "../../scripts/next/moves.js";

const MANIFEST = {
  name: "kitcn",
  dependencies: { "convex-helpers": "^0.1.135", commander: "^14.0.3" },
  devDependencies: { "better-auth": "^1.7.25", "@better-auth/core": "^1.7.25", convex: "^1.48.0" },
};

const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  "better-auth": ["1.7.25", "1.8.0-beta.1", "1.8.0-beta.2"],
  convex: ["1.48.0", "1.49.0"],
  "convex-helpers": ["0.1.135"],
};

const moves = planMoves(MANIFEST, (name) => VERSIONS[name] ?? []);

test("the newest version is taken, betas included, for all packages of a release", () => {
  expect(moves.map(({ from, to }) => `${from} to ${to}`)).toEqual([
    "^1.7.25 to 1.8.0-beta.2",
    "^1.48.0 to 1.49.0",
    "^0.1.135 to 0.1.135",
  ]);
  expect(moveTo(MANIFEST, moves)).toEqual({
    name: "kitcn",
    dependencies: { "convex-helpers": "0.1.135", commander: "^14.0.3" },
    devDependencies: {
      "better-auth": "1.8.0-beta.2",
      "@better-auth/core": "1.8.0-beta.2",
      convex: "1.49.0",
    },
  });
});

test("a package that npm does not have is an error", () => {
  expect(() => planMoves(MANIFEST, () => [])).toThrow("npm knows no version of better-auth.");
});

const versions = "better-auth 1.8.0-beta.2, convex 1.49.0, convex-helpers 0.1.135";

test("nothing broke", () => {
  const run = { success: true, numPassedTests: 12, testResults: [] };
  expect(printBreaks({ moves, failed: [], run, root: "/clone" })).toBe(
    `With ${versions}, nothing breaks. 12 tests passed.`,
  );
});

test("what broke: the steps, then the tests by file", () => {
  const run = {
    success: false,
    numPassedTests: 1,
    testResults: [
      {
        name: "/clone/test/one.test.ts",
        status: "failed",
        assertionResults: [
          { fullName: "signs in", status: "failed", failureMessages: ["Error: 500\n  at one"] },
          { fullName: "signs out", status: "passed", failureMessages: [] },
        ],
      },
      {
        name: "/clone/test/two.test.ts",
        status: "failed",
        message: "Cannot find module\n  at two",
        assertionResults: [],
      },
      { name: "/clone/test/three.test.ts", status: "passed", assertionResults: [] },
    ],
  };
  const failed = [{ title: "types", output: "a.ts(1,1): error TS1: no\n" }];
  expect(printBreaks({ moves, failed, run, root: "/clone" })).toBe(
    `With ${versions}, this breaks:

types failed:
  a.ts(1,1): error TS1: no

test/one.test.ts
  signs in: Error: 500

test/two.test.ts
  Cannot find module

1 tests passed.`,
  );
});
