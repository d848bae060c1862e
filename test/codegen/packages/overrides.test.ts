// Where each package manager's overrides go, what is set, and which lines of the user are only named.
import { describe, expect, test } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { installCommands, planNewOverrides } from "../../../codegen/packages/package-manager.js";
import { printCommand } from "../../../codegen/packages/overrides.js";
import { cliApp } from "../support/cli.js";

const NAME = "@better-auth/passkey";

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
    "bun",
    { "bun.lock": "" },
    {},
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

describe("a line of the user", () => {
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
