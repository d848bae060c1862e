// Overrides that come with a package: what a run tells of them, and what is left of them where nothing is installed.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment, type CliApp } from "../support/cli.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const LINE = '"@better-auth/passkey>better-call": "^1.0.0"';
const ADD = ["add", "plugin", "passkey", "--yes"];

describe("pnpm, whose command adds no overrides", () => {
  test("lines in pnpm-workspace.yaml are among the files, in the diff, and told", async () => {
    const app = await pnpmApp();
    const dry = await app.kitcn(...ADD, "--dry-run");
    expect(dry, dry.stderr).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain(`+  ${LINE}`);
    expect(dry.stdout).toMatch(/created? +pnpm-workspace\.yaml/);
    const ran = await app.kitcn(...ADD);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(app.read("pnpm-workspace.yaml")).toContain(LINE);
    expect(ran.stdout).toMatch(/created? +pnpm-workspace\.yaml/);
    expect(ran.stdout).toContain("pnpm-workspace.yaml gets 3 lines in overrides");
    const again = await app.kitcn(...ADD);
    expect(again.stdout).not.toContain("pnpm-workspace.yaml");
  });

  test("lines that kitcn could not add are told after the installation, too", async () => {
    const app = await pnpmApp("overrides: { foo: '1' }\n");
    const ran = await app.kitcn(...ADD);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain("kitcn could not add lines to overrides");
    expect(ran.stdout).toContain(LINE);
  });

  test.each([
    [undefined, /First make the file [^\n]*:\n\s+packages:\n\s+- "\."\n\s+overrides:/],
    ["overrides: { foo: '1' }\n", /First add these lines [^\n]* if it is missing\):/],
  ])("--no-install: the lines come before the command (%j)", async (workspace, want) => {
    const app = await pnpmApp(workspace);
    const ran = await app.kitcn(...ADD, "--no-install");
    expect(ran).toMatchObject({ code: 1 });
    const lines = /\n\s+"@better-auth\/passkey>better-call"[^]*Then run: pnpm add/;
    expect(ran.stderr).toMatch(new RegExp(want.source + lines.source));
  });

  test.each([
    ["failed", "registry", "until it succeeds"],
    ["ignored scripts", "ERR_PNPM_IGNORED_BUILDS", "approve-builds"],
  ])(
    "an installation that %s: the error names the file that was changed",
    async (_, text, hint) => {
      const app = await pnpmApp();
      writeFileSync(app.path("node_modules/.bin/pnpm"), `#!/bin/sh\necho ${text}\nexit 1\n`);
      const ran = await app.kitcn(...ADD);
      expect(ran).toMatchObject({ code: 1 });
      expect(ran.stderr).toContain(hint);
      expect(ran.stderr).toContain("kitcn changed pnpm-workspace.yaml, and no other file.");
      expect(app.read("pnpm-workspace.yaml")).toContain(LINE);
    },
  );

  test.each([undefined, "packages: []\n"])(
    "no package manager: pnpm-workspace.yaml is as it was (%j)",
    async (workspace) => {
      const app = await pnpmApp(workspace);
      app.remove("node_modules/.bin/pnpm");
      vi.stubEnv("PATH", app.path("no-such-folder"));
      const before = app.snapshot();
      const ran = await app.kitcn(...ADD);
      expect(ran).toMatchObject({ code: 1 });
      expect(ran.stderr).toMatch(/asks for pnpm, which was not found[^]*No file was changed/);
      expect(app.snapshot()).toEqual(before);
    },
  );
});

/** An app with auth whose pnpm, the first in the path, installs passkey. */
async function pnpmApp(workspace?: string): Promise<CliApp> {
  const app = cliApp("plain");
  expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  app.write("pnpm-lock.yaml", "");
  if (workspace !== undefined) app.write("pnpm-workspace.yaml", workspace);
  // A fixture's package.json.
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, "@better-auth/passkey": "~1.7.0" };
  const scope = "node_modules/@better-auth";
  const script = `#!/bin/sh
mkdir -p ${scope}
ln -sfn "${join(process.cwd(), scope)}/passkey" ${scope}/passkey
echo '${JSON.stringify({ ...manifest, dependencies })}' > package.json
`;
  const bin = app.path("node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "pnpm"), script, { mode: 0o755 });
  return app;
}
