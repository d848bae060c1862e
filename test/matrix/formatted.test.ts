// `npm run test:all`: what the commands write passes `prettier --check` with the app's own config: new files of every
// kind, and files that were formatted before. So it does Biome's check. `_generated` is Convex's.
import { check, getFileInfo, resolveConfig } from "prettier";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, stubCloudDeployment, type CliApp } from "../codegen/support/cli.js";
import { PLUGIN_PACKAGES, succeeded } from "../codegen/grow/support.js";
import { runIn } from "../support/packed-app.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const PACKAGE_JSON = {
  name: "app",
  dependencies: Object.fromEntries(
    ["next", "react", "convex", "better-auth", "kitcn", "zod", ...PLUGIN_PACKAGES].map((name) => [
      name,
      "*",
    ]),
  ),
};

test.each([
  { name: "no config", config: undefined },
  {
    name: "sv's config",
    config: { useTabs: true, singleQuote: true, trailingComma: "none", printWidth: 100 },
  },
  { name: "another width", config: { semi: false, tabWidth: 4, printWidth: 60 } },
])("with $name", async ({ config }) => {
  const app = cliApp("next", {
    packages: [...PACKAGES, "zod", ...PLUGIN_PACKAGES],
    files: {
      "package.json": JSON.stringify(PACKAGE_JSON),
      ...(config && { ".prettierrc": JSON.stringify(config) }),
    },
  });
  const given = app.snapshot();
  await grow(app);
  expect(await unformatted(app, given)).toEqual([]);
  for (const [path, text] of Object.entries(app.snapshot()))
    if (path.endsWith(".lock.json")) expect(JSON.parse(text)).toMatchObject({ version: 1 });
});

test("Biome, as create-next-app sets it up, finds no error", async () => {
  const app = cliApp("next", {
    packages: [...PACKAGES, "zod", ...PLUGIN_PACKAGES],
    files: { "package.json": JSON.stringify(PACKAGE_JSON) },
  });
  const given = app.snapshot();
  await grow(app, ["add", "email", "--yes"]);
  const written = Object.keys(app.snapshot()).filter(
    (name) => !(name in given) && !name.includes("_generated/") && !/\.env|\.lock\./.test(name),
  );
  app.write("biome.json", JSON.stringify(BIOME));
  const command = ["npx", "--yes", "@biomejs/biome@2.4.2", "check", ...written];
  const { stdout, stderr } = await runIn(app.root, command);
  expect(`${stdout}${stderr}`).toMatch(/Checked \d{2,} files/);
  expect(`${stdout}${stderr}`).not.toMatch(/Found \d+ errors?\./);
});

// --- internal ---

const BIOME = {
  formatter: { enabled: true, indentStyle: "space", indentWidth: 2 },
  css: { parser: { tailwindDirectives: true } },
  linter: { rules: { recommended: true }, domains: { next: "recommended", react: "recommended" } },
  assist: { actions: { source: { organizeImports: "on" } } },
};

/** Adds auth and plugins by command. */
async function grow(app: CliApp, ...more: string[][]): Promise<void> {
  for (const command of [
    ["init", "--yes", "--no-install"],
    ["add", "auth", "--yes", "--no-install"],
    ["add", "plugin", "organization", "two-factor", "username", "admin", "--yes"],
    ...more,
  ])
    succeeded(await app.kitcn(...command));
}

/** The files that a run made, and that a formatter would change. */
async function unformatted(app: CliApp, given: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, text] of Object.entries(app.snapshot())) {
    if (name in given || name.includes("_generated/")) continue;
    const filepath = app.path(name);
    const { inferredParser } = await getFileInfo(filepath);
    if (inferredParser === null) continue;
    const config = await resolveConfig(filepath);
    if (!(await check(text, { ...config, filepath }))) found.push(name);
  }
  return found;
}
