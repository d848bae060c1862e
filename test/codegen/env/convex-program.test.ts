// The launcher's import is taken only where it is all that the launcher does, and leads somewhere.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { convexProgram } from "../../../codegen/env/convex-program.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kitcn-program-"));
  for (const name of ["bin", "dist"]) mkdirSync(join(folder, name));
  for (const name of ["cli.cjs", "cli.mjs"]) writeFileSync(join(folder, "dist", name), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const LAUNCHER = "bin/main.js";

test.each([
  {
    name: "as convex has it",
    given: '#!/usr/bin/env node\nimport("../dist/cli.cjs");\n',
    want: "dist/cli.cjs",
  },
  { name: "other quotes, no semicolon", given: "import('../dist/cli.cjs')", want: "dist/cli.cjs" },
  {
    name: "CRLF",
    given: '#!/usr/bin/env node\r\nimport("../dist/cli.cjs");\r\n',
    want: "dist/cli.cjs",
  },
  {
    name: "something before it",
    given: 'console.log(1);\nimport("../dist/cli.cjs");\n',
    want: LAUNCHER,
  },
  { name: "something after it", given: 'import("../dist/cli.cjs").then(run);\n', want: LAUNCHER },
  { name: "a module", given: 'import("../dist/cli.mjs");\n', want: LAUNCHER },
  { name: "a package", given: 'import("convex/cli.cjs");\n', want: LAUNCHER },
  { name: "no such file", given: 'import("../dist/other.cjs");\n', want: LAUNCHER },
])("$name", ({ given, want }) => {
  const launcher = join(folder, LAUNCHER);
  writeFileSync(launcher, given);
  expect(convexProgram(launcher)).toBe(join(folder, want));
});

test("the convex CLI that is installed here is started without its launcher", () => {
  const launcher = resolve("node_modules/convex/bin/main.js");
  expect(convexProgram(launcher)).not.toBe(launcher);
});
