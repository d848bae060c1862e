// What a person reads of an error: what happened, the next step, and where its code is explained.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { errorText } from "../../../codegen/commands/error-text.js";
import { kitcnRoot } from "../../../codegen/packages/kitcn-package.js";

const error = { code: "NO_AUTH_FILE", message: "It is missing.", hint: "Create it." } as const;

afterEach(() => vi.restoreAllMocks());

test.each([
  { given: "an app with kitcn", packages: "node_modules", below: ".", want: "node_modules/kitcn" },
  {
    given: "a package of a repository with kitcn",
    packages: "node_modules",
    below: "apps/web",
    want: "../../node_modules/kitcn",
  },
  { given: "an app without it", packages: undefined, below: ".", want: kitcnRoot() },
])("$given", ({ packages, below, want }) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-error-")));
  if (packages !== undefined) {
    mkdirSync(join(root, packages, "kitcn"), { recursive: true });
    writeFileSync(join(root, packages, "kitcn/package.json"), "{}");
  }
  vi.spyOn(process, "cwd").mockReturnValue(join(root, below));
  vi.stubEnv("NO_COLOR", "1");
  expect(errorText(error, { between: "\n\n" })).toBe(
    `It is missing.\n\nCreate it.\n\nNO_AUTH_FILE is explained in ${want}/docs/errors.md#no_auth_file`,
  );
  vi.unstubAllEnvs();
});

test("paths of the app, and of the other packages of its repository, are from the shell's folder", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-error-")));
  const here = join(root, "packages/backend");
  for (const one of [root, here]) {
    mkdirSync(one, { recursive: true });
    writeFileSync(join(one, "package.json"), "{}");
  }
  vi.spyOn(process, "cwd").mockReturnValue(here);
  const message = `${here}/(convex)/auth.ts:7: no list.`;
  const install = `Install it in ${here}: npm install`;
  expect(errorText({ ...error, message: install }, { between: "\n" })).toContain(install);
  const hint = `In ${root}/apps/web/auth.ts and file://${here}/a.ts, not ${tmpdir()}/other${here}/b.ts`;
  const [first, second] = errorText({ ...error, message, hint }, { between: "\n" }).split("\n");
  expect(first).toBe("(convex)/auth.ts:7: no list.");
  expect(second).toBe(
    `In ../../apps/web/auth.ts and file://${here}/a.ts, not ${tmpdir()}/other${here}/b.ts`,
  );
});
