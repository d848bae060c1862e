// Apps as today's creators make them: Convex and auth come in by command, what was there stays, and each app compiles.
// By the documents alone they come into the app of Vite. The matrix builds all three, in both ways; the browser suite
// builds an app of each framework that kitcn made.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { snapshotOf, type PackedApp } from "../support/packed-app.js";
import { copyApp } from "../support/workspace.js";
import {
  addByCommand,
  addByHand,
  CASES,
  COMMANDS,
  createAll,
  succeed,
  type Name,
} from "./creators.js";

let apps: Record<Name, PackedApp>;
let byHand: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  apps = await createAll("creators");
  byHand = await copyApp(apps[BY_HAND]);
  deployment = await startDeployment();
}, 1_200_000); // three creators and all of their apps' packages, maybe with nothing in npm's cache

afterAll(() => deployment?.stop());

describe.each(CASES)("$name", (one) => {
  const { name, patched, compile } = one;

  test("is given Convex and auth, keeps its files and compiles", async () => {
    const app = apps[name];
    const before = await snapshotOf(app);
    await addByCommand(app);
    const after = await snapshotOf(app);
    const changed = Object.keys(before).filter((file) => before[file] !== after[file]);
    expect(changed.filter((file) => !(file in patched))).toEqual([]);
    for (const file of changed)
      expect(lost(before[file], after[file]).length, file).toBeLessThanOrEqual(patched[file] ?? 0);
    for (const command of COMMANDS)
      expect(await succeed(app, command)).toContain("nothing was written");
    expect(await snapshotOf(app)).toEqual(after);
    for (const command of compile) await succeed(app, command);
  });
});

test("an app has auth by the documents alone: it is pushed, a user signs up, it compiles", async () => {
  const one = CASES.find(({ name }) => name === BY_HAND)!; // each framework has a case
  await addByHand(byHand, one, deployment);
  for (const command of one.compile) await succeed(byHand, command);
});

// --- internal ---

const BY_HAND = "vite" satisfies Name;

/** Lines that are not there any more, wherever they would be now. */
function lost(before = "", after = ""): string[] {
  const left = new Set(after.split("\n").map((line) => line.trim()));
  return before.split("\n").filter((line) => !left.has(line.trim()));
}
