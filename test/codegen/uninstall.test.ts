// What is said of a package that a package manager does not uninstall.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runUninstall } from "../../codegen/uninstall.js";

/** A folder whose npm does what a script of sh says. */
function folderWithNpm(script: string): string {
  const root = mkdtempSync(join(tmpdir(), "kitcn-uninstall-"));
  const bin = join(root, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return root;
}

test.each([
  {
    name: "packages that do not fit each other",
    given: "echo 'npm error code ERESOLVE' >&2; exit 1",
    want: "Run `npm uninstall --legacy-peer-deps @clerk/nextjs`, then the command again.",
  },
  {
    name: "Babel",
    given: "echo 'npm error code ERESOLVE / Found: @babel/core@7.29.13' >&2; exit 1",
    want: 'Run `npm pkg set "overrides[better-auth][@babel/core]=>=0" "overrides[kitcn][@babel/core]=>=0"`, then the command again.',
  },
  {
    name: "something else",
    given: "echo 'the registry is down' >&2; exit 1",
    want: "Run `npm uninstall @clerk/nextjs` to see why, then the command again.",
  },
])("npm refuses because of $name: $want", async ({ given, want }) => {
  const root = folderWithNpm(given);
  await expect(
    runUninstall({ root, home: undefined }, [["npm", "uninstall", "@clerk/nextjs"]]),
  ).rejects.toMatchObject({
    code: "INSTALL_FAILED",
    hint: expect.stringContaining(want) as string,
  });
});

test("what npm does is no failure", async () => {
  const root = folderWithNpm("exit 0");
  await runUninstall({ root, home: undefined }, [["npm", "uninstall", "@clerk/nextjs"]]);
});
