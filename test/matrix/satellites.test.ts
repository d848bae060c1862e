// `npm run test:all`: each of Better Auth's separate packages, installed beside the tested better-auth by the command
// that kitcn prints; with pnpm and Bun, by the overrides that `add plugin` writes, after which each helper is there once.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { writeChanges } from "../../codegen/disk/changes.js";
import { HELPERS } from "../../codegen/packages/helpers.js";
import { placeOf, planOverrides } from "../../codegen/packages/overrides.js";
import { installLine } from "../../codegen/packages/satellites.js";
import { NPM_INSTALL } from "../support/commands.js";
import { runIn } from "../support/packed-app.js";

const NAMES = ["api-key", "oauth-provider", "passkey", "scim", "stripe"];

test.each(NAMES)(
  "@better-auth/%s",
  async (name) => {
    const dir = resolve(".tmp/satellites", name);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    const manifest = { private: true, dependencies: { "better-auth": "1.7.25" } };
    await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
    const run = async (command: readonly string[]) => {
      const ran = await runIn(dir, command);
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    };
    await run(NPM_INSTALL);
    await run(["sh", "-c", installLine(`@better-auth/${name}`)]);
    // And what comes after it.
    await run(NPM_INSTALL);
    await run(["node", "-e", `import("@better-auth/${name}")`]);
  },
  600_000,
);

test.each([
  { manager: "pnpm@10", agent: "pnpm", lock: "pnpm-lock.yaml" },
  { manager: "pnpm@12", agent: "pnpm", lock: "pnpm-lock.yaml" },
  { manager: "bun@1", agent: "bun", lock: "bun.lock" },
])(
  "$manager: each helper is there once",
  async ({ manager, agent, lock }) => {
    const dir = resolve(".tmp/satellites", manager);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    const manifest = { private: true, dependencies: { "better-auth": "1.7.25" } };
    await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
    // A workspace by itself: pnpm would look for one above.
    if (agent === "pnpm") await writeFile(join(dir, "pnpm-workspace.yaml"), "packages: []\n");
    const run = async (command: readonly string[]) => {
      const ran = await runIn(dir, [
        "npm",
        "exec",
        "--yes",
        "--package",
        manager,
        "--",
        ...command,
      ]);
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    };
    await run([agent, "install"]);
    const names = [...NAMES, "expo"].map((name) => `@better-auth/${name}`);
    const { commands, edits } = planOverrides(placeOf(agent, dir), names, dir);
    expect(commands.length + edits.length).toBe(1);
    writeChanges(edits, { root: dir });
    for (const command of commands) await run(command);
    await run([agent, "add", ...names]);
    const text = await readFile(join(dir, lock), "utf8");
    for (const helper of HELPERS) {
      const found = text.matchAll(new RegExp(`["' ]${helper}@(\\d+\\.\\d+\\.\\d+)`, "g"));
      expect(new Set([...found].map(([, version]) => version)).size, helper).toBe(1);
    }
  },
  600_000,
);
