// Apps as today's creators make them: Convex and auth come in, what was there stays, and all of it compiles.
// One workspace with one installation serves them all.
import { beforeAll, describe, expect, test } from "vitest";
import { createApps, snapshotOf, type PackedApp } from "../support/packed-app.js";

const CREATORS = {
  next: [
    ...["create-next-app@16.4.3", "next", "--yes", "--skip-install"],
    ...["--disable-git", "--use-npm"],
  ],
  vite: ["create-vite@9.3.0", "vite", "--template", "react-ts", "--no-interactive"],
  start: [
    ...["@tanstack/cli@0.71.0", "create", "start", "--yes", "--no-install", "--no-git"],
    ...["--no-intent", "--package-manager", "npm"],
  ],
};

type Name = keyof typeof CREATORS;

/** `patched`: the creator's files that change, and how many of their lines. `types`: what its compiler runs after. */
const CASES: { name: Name; patched: Record<string, number>; types: string[][] }[] = [
  {
    name: "next",
    patched: { "app/layout.tsx": 1, ".gitignore": 0 },
    types: [
      ["next", "typegen"],
      ["tsc", "--noEmit"],
    ],
  },
  {
    name: "vite",
    patched: { "src/main.tsx": 1, "tsconfig.app.json": 1, ".gitignore": 0 },
    types: [["tsc", "--build"]],
  },
  {
    name: "start",
    patched: { "src/routes/__root.tsx": 1, "tsconfig.json": 1, ".gitignore": 0 },
    types: [
      ["tsr", "generate"],
      ["tsc", "--noEmit"],
    ],
  },
];

let apps: Record<Name, PackedApp>;

beforeAll(async () => {
  apps = await createApps({ name: "creators", creators: CREATORS });
}, 1_200_000); // three creators and all of their apps' packages, maybe with nothing in npm's cache

describe.each(CASES)("$name", ({ name, patched, types }) => {
  test("is given Convex and auth, keeps its files, and compiles", async () => {
    const app = apps[name];
    const before = await snapshotOf(app);
    for (const command of COMMANDS) await succeed(app, command);
    const after = await snapshotOf(app);
    const changed = Object.keys(before).filter((file) => before[file] !== after[file]);
    expect(changed.filter((file) => !(file in patched))).toEqual([]);
    for (const file of changed)
      expect(lost(before[file], after[file]).length, file).toBeLessThanOrEqual(patched[file] ?? 0);
    for (const command of COMMANDS)
      expect(await succeed(app, command)).toContain("nothing was written");
    expect(await snapshotOf(app)).toEqual(after);
    for (const command of types) await succeed(app, command);
  });
});

// --- internal ---

const COMMANDS = [
  ["kitcn", "init", "--yes"],
  ["kitcn", "add", "auth", "--yes"],
];

async function succeed(app: PackedApp, command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, { CONVEX_DEPLOYMENT: "" });
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Lines that are not there any more, wherever they would be now. */
function lost(before = "", after = ""): string[] {
  const left = new Set(after.split("\n").map((line) => line.trim()));
  return before.split("\n").filter((line) => !left.has(line.trim()));
}
