// Where each package manager's overrides go, what is set, and which lines of the user are only named.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { installCommands, planNewOverrides } from "../../../codegen/packages/package-manager.js";
import { printCommand } from "../../../codegen/packages/overrides.js";
import { cliApp } from "../support/cli.js";

// What runs the tests is not what an app is installed with.
beforeEach(() => vi.stubEnv("npm_config_user_agent", ""));
afterEach(() => vi.unstubAllEnvs());

const NAME = "@better-auth/passkey";

/** The better-call of the installed better-auth. */
const BROUGHT = (
  JSON.parse(readFileSync("node_modules/better-auth/package.json", "utf8")) as {
    dependencies: Record<string, string>;
  }
).dependencies["better-call"]!;

async function plan({
  files,
  manifest = {},
  name = NAME,
}: {
  files: Record<string, string>;
  manifest?: object;
  name?: string;
}) {
  const text = JSON.stringify({ name: "x", dependencies: { convex: "1" }, ...manifest });
  const app = cliApp("plain", { files: { ...files, "package.json": text } });
  const wants = [{ project: loadProject(app.root), packages: [`${name}@~1.7.0`], devPackages: [] }];
  const overrides = await planNewOverrides(wants, [name]);
  const commands = (await installCommands(wants)).map((one) => one.join(" "));
  return { ...overrides, commands };
}

const LINES = [
  `"${NAME}>better-call": "^1.0.0"`,
  `"${NAME}>@better-auth/utils": ">=0"`,
  `"${NAME}>@better-fetch/fetch": ">=0"`,
];

test.each([
  [
    "npm",
    { "package-lock.json": "{}" },
    {},
    `npm pkg set overrides[${NAME}][better-call]=>=0 overrides[${NAME}][@better-auth/utils]=>=0 overrides[${NAME}][@better-fetch/fetch]=>=0`,
  ],
  [
    "a Bun of unknown version, which may not have the command",
    { "bun.lock": "" },
    {},
    `npm pkg set overrides[${NAME}][better-call]=^1.0.0 overrides[${NAME}][@better-auth/utils]=>=0 overrides[${NAME}][@better-fetch/fetch]=>=0`,
  ],
  [
    "Bun",
    { "bun.lock": "" },
    { packageManager: "bun@1.4.0" },
    `bun pm pkg set overrides[${NAME}][better-call]=^1.0.0 overrides[${NAME}][@better-auth/utils]=>=0 overrides[${NAME}][@better-fetch/fetch]=>=0`,
  ],
  [
    "pnpm 9",
    { "pnpm-lock.yaml": "" },
    { packageManager: "pnpm@9.15.9" },
    `npm pkg set pnpm.overrides[${NAME}>better-call]=^1.0.0 pnpm.overrides[${NAME}>@better-auth/utils]=>=0 pnpm.overrides[${NAME}>@better-fetch/fetch]=>=0`,
  ],
])("%s is told by a command", async (_name, files, manifest, want) => {
  const { commands, edits, conflicts } = await plan({ files, manifest });
  expect(commands[0]).toBe(want);
  expect({ edits, conflicts }).toEqual({ edits: [], conflicts: [] });
});

test.each([
  [["npm", "pkg", "set", "overrides[a][b]=>=0"], 'npm pkg set "overrides[a][b]=>=0"'],
  [["pnpm", "--filter", "{apps/web}", "add", "a@^1"], 'pnpm --filter "{apps/web}" add a@^1'],
  [["npm", "i", "-w", "apps/my web", "a@~1.0.0"], 'npm i -w "apps/my web" a@~1.0.0'],
])("a shell reads a printed command as it was meant: %j", (command, want) => {
  expect(printCommand(command)).toBe(want);
});

test("pnpm 10 gets lines in pnpm-workspace.yaml, and a second run none", async () => {
  const mine = "# mine\npackages: []\n";
  const files = { "pnpm-lock.yaml": "", "pnpm-workspace.yaml": mine };
  const { commands, edits } = await plan({ files });
  expect(commands).toEqual([`pnpm add ${NAME}@~1.7.0`]);
  const [edit] = edits;
  expect(edit?.lines).toEqual(LINES);
  expect(edit?.after.startsWith(`${mine}overrides:\n`)).toBe(true);
  const again = await plan({ files: { ...files, "pnpm-workspace.yaml": edit?.after ?? "" } });
  expect(again.edits).toEqual([]);
});

test("pnpm that is not known gets a new file, with packages: older pnpm refuses one without", async () => {
  const { edits, commands } = await plan({ files: { "pnpm-lock.yaml": "" } });
  expect(commands).toEqual([`pnpm add -w ${NAME}@~1.7.0`]);
  expect(edits.map(({ after }) => after)).toEqual([
    `packages:\n  - "."\noverrides:\n${LINES.map((line) => `  ${line}\n`).join("")}`,
  ]);
});

// The same lock file may be installed by pnpm 9, which reads no other place.
test.each([
  ["by packageManager", {}, { packageManager: "pnpm@10.34.9" }],
  ["by what is installed", { "node_modules/.modules.yaml": "packageManager: pnpm@10.34.9\n" }, {}],
])(
  "pnpm 10 without pnpm-workspace.yaml keeps to package.json: %s",
  async (_name, more, manifest) => {
    const { commands, edits } = await plan({ files: { "pnpm-lock.yaml": "", ...more }, manifest });
    expect(commands[0]).toMatch(/^npm pkg set pnpm\.overrides/);
    expect(edits).toEqual([]);
  },
);

test.each([
  [undefined, "bun/1.2.10 npm/? node/v22.6.0 linux x64", "npm pkg set"],
  [undefined, "bun/1.4.2 npm/? node/v24.3.0 linux x64", "bun pm pkg set"],
  ["bun@1.4.0", "bun/1.2.10 npm/? node/v22.6.0 linux x64", "npm pkg set"],
  ["bun@1.2.10", "", "npm pkg set"],
])("Bun by packageManager %s, run by %j: %s", async (packageManager, agent, want) => {
  vi.stubEnv("npm_config_user_agent", agent);
  const { commands } = await plan({ files: { "bun.lock": "" }, manifest: { packageManager } });
  expect(commands[0]).toContain(`${want} overrides[${NAME}][better-call]=^1.0.0`);
});

describe("an old Bun", () => {
  const manifest = (overrides: object) => ({ packageManager: "bun@1.3.5", overrides });
  const installed = (version: string) => ({
    "bun.lock": "",
    [`node_modules/${NAME}/package.json`]: JSON.stringify({ name: NAME }),
    [`node_modules/${NAME}/node_modules/better-call/package.json`]: JSON.stringify({ version }),
  });
  const OWN = { [NAME]: { "better-call": "^1.0.0" } };

  test("applies lines for every package", async () => {
    const all = { "better-call": "1.4.5", "@better-auth/utils": "*", "@better-fetch/fetch": "*" };
    const files = { "bun.lock": "" };
    expect((await plan({ files, manifest: manifest(all) })).conflicts).toEqual([]);
    const { "better-call": _, ...two } = all;
    expect((await plan({ files, manifest: manifest(two) })).conflicts).toHaveLength(1);
  });

  test.each([
    ["1.0.0", 1],
    [BROUGHT, 0],
  ])("is named only where a helper is there twice: %s, %i notes", async (version, want) => {
    const files = installed(version);
    expect((await plan({ files, manifest: manifest(OWN) })).conflicts).toHaveLength(want);
  });
});

test.each([
  ["bun@1.3.5", ["Bun 1.3 does not apply overrides inside of one package"]],
  ["bun@1.4.0", []],
  ["bun@2.0.0", []],
])("%s: overrides that it does not apply are told", async (packageManager, want) => {
  const files = { "bun.lock": "" };
  const { commands, conflicts } = await plan({ files, manifest: { packageManager } });
  expect(commands[0]).toMatch(/^bun pm pkg set overrides/);
  expect(conflicts).toEqual(want.map((text) => expect.stringContaining(text) as string));
});

test.each([
  ["pnpm@10.34.9", "package.json"],
  ["pnpm@11.0.0", "pnpm-workspace.yaml"],
])("%s beside overrides in package.json: %s", async (packageManager, want) => {
  const manifest = { packageManager, pnpm: { overrides: { foo: "1.0.0" } } };
  const { commands, edits } = await plan({ files: { "pnpm-lock.yaml": "" }, manifest });
  expect(commands.some((one) => one.startsWith("npm pkg set pnpm.overrides"))).toBe(
    want === "package.json",
  );
  expect(edits).toHaveLength(want === "package.json" ? 0 : 1);
});

test.each([
  ["yarn.lock alone", {}, "**/"],
  ["Yarn 4", { ".yarnrc.yml": "nodeLinker: node-modules\n" }, ""],
])("Yarn takes what a package brings itself: %s", async (_name, files, prefix) => {
  const all = { "yarn.lock": prefix === "" ? "__metadata:\n  version: 8\n" : "", ...files };
  const manifest = prefix === "" ? { packageManager: "yarn@4.18.1" } : {};
  expect((await plan({ files: all, manifest })).commands).toHaveLength(1);
  const expo = await plan({ files: all, manifest, name: "@better-auth/expo" });
  expect(expo.commands[0]).toBe(
    `npm pkg set resolutions[${prefix}@better-auth/expo/better-call]=^1.0.0 resolutions[${prefix}@better-auth/expo/@better-fetch/fetch]=>=0`,
  );
});

test.each([
  ["its settings", { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n" }],
  ["its lock file", { "yarn.lock": "__metadata:\n  version: 8\n", "node_modules/.keep": "" }],
])("Yarn 4 is known without packageManager, by %s", async (_name, files) => {
  const { commands } = await plan({ files, name: "@better-auth/expo" });
  expect(commands[0]).toContain("resolutions[@better-auth/expo/better-call]=^1.0.0");
});

test("a line that Yarn 4 does not take is none of the user's", async () => {
  const files = { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n" };
  const key = "**/@better-auth/expo/better-call";
  const manifest = { resolutions: { [key]: "^1.0.0" } };
  const { commands } = await plan({ files, manifest, name: "@better-auth/expo" });
  expect(commands[0]).toContain("resolutions[@better-auth/expo/better-call]=^1.0.0");
});

describe("a line of the user", () => {
  test.each([
    ["yarn", { "yarn.lock": "" }, { resolutions: { "better-call": "1.4.0" } }, "resolutions"],
    [
      "pnpm 9",
      { "pnpm-lock.yaml": "" },
      { packageManager: "pnpm@9.15.9", pnpm: { overrides: { "better-call": "1.4.0" } } },
      "pnpm.overrides",
    ],
  ])("is named with its place in package.json: %s", async (_name, files, manifest, want) => {
    const { conflicts } = await plan({ files, manifest, name: "@better-auth/expo" });
    expect(conflicts[0]).toContain(`by your line "better-call" in ${want}.`);
  });

  const pnpm = (overrides: string) =>
    plan({ files: { "pnpm-lock.yaml": "", "pnpm-workspace.yaml": `overrides:\n${overrides}` } });

  test("for the same helper stays, and is named if it keeps another version", async () => {
    const { edits, conflicts } = await pnpm(`  "${NAME}@1>better-call": 1.4.0\n`);
    expect(edits[0]?.lines).toEqual(LINES.slice(1));
    expect(conflicts).toEqual([
      `pnpm-workspace.yaml gives ${NAME} better-call 1.4.0, by your line "${NAME}@1>better-call" in overrides. kitcn left it. better-auth comes with better-call 1.4.5: write "^1.0.0" in that line, then run pnpm install.`,
    ]);
  });

  test("for every package decides alone", async () => {
    const { edits, conflicts } = await pnpm(`  better-call: 1.4.0\n`);
    expect(edits[0]?.lines).toEqual(LINES.slice(1));
    expect(conflicts[0]).toContain('write "1.4.5" in that line');
    expect((await pnpm("  better-call: 1.4.5\n")).conflicts).toEqual([]);
  });

  test("that is a text in npm's overrides is not replaced", async () => {
    const manifest = { overrides: { [NAME]: "1.7.5" } };
    const { commands, conflicts } = await plan({ files: { "package-lock.json": "{}" }, manifest });
    expect(commands).toEqual([`npm i ${NAME}@~1.7.0`]);
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]).toContain('{ ".": the text, "better-call": ">=0"');
  });

  test("in a form that nobody can add lines to: the lines are told", async () => {
    const files = { "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "overrides: { foo: '1' }\n" };
    const { edits, byHand } = await plan({ files });
    expect(edits).toEqual([]);
    expect(byHand).toEqual(LINES);
  });
});
