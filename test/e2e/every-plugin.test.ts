// Every plugin of better-auth and its packages in one app, and what users do with them: packed kitcn, the real
// convex CLI, over HTTP. The flows run in placement component; those of placement split are called with more of
// them by endpoints.test.ts, and with triggers by the matrix.
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  FLOWS,
  installEveryPlugin,
  pushEveryPlugin,
  SOURCES,
  worldOf,
  type PushedApp,
} from "../support/every-plugin-app.js";
import { PASSWORD } from "../support/flows/world.js";
import { LACKING } from "../support/lacking.js";
import type { PackedApp } from "../support/packed-app.js";
import { scanBundle } from "../support/runtime-scan.js";

const here = anyApi["me"]!["here"] as FunctionReference<"query">; // the app's types are not ours

let installed: PackedApp;
let pushed: PushedApp;

beforeAll(async () => {
  installed = await installEveryPlugin("every-plugin");
}, 600_000);

const world = () => worldOf(pushed.deployment);

const cases = [
  { placement: "split", ids: "Convex's own", files: SOURCES.triggers, flows: [] },
  { placement: "component", ids: "UUIDs", files: SOURCES.uuidsAndTriggers, flows: FLOWS },
];

/**
 * Half of what Convex gives a query or a mutation with all that it calls. It is the CPU time of the function's thread,
 * with loading in it, so a busy machine does not change it.
 */
const HALF_MS = 500;

/** Only the stand-in counts, and only it signs up with code that nothing has compiled yet. */
async function assertSignUpTime(placement: string): Promise<void> {
  if (process.env.CONVEX_SELF_HOSTED_URL) return;
  const used: number[] = [];
  for (const name of ["early", "late"]) {
    await pushed.deployment.resetCounters();
    await world().signUp(name);
    used.push((await pushed.deployment.counters()).mostCpuMs);
  }
  console.log(`CPU time of a sign-up, placement ${placement}: ${used.join(", then ")} ms`);
  expect(Math.max(...used)).toBeGreaterThan(0);
  expect(Math.max(...used)).toBeLessThanOrEqual(HALF_MS);
}

describe.each(cases)("placement $placement, ids are $ids", ({ placement, files, flows }) => {
  beforeAll(async () => {
    pushed = await pushEveryPlugin(installed, { placement, files });
  }, 600_000);
  afterAll(() => pushed?.deployment.stop());

  test("a sign-up uses at most half of a function's CPU time", () => assertSignUpTime(placement));

  test("the bundle asks the runtime for nothing that Convex lacks, except what is listed", async () => {
    const { app, deployment } = pushed;
    const bundle = join(app.dir, "bundle");
    const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
    const ran = await app.run([...command, "--debug-bundle-path", bundle], deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(await scanBundle(join(bundle, "isolate"))).toEqual(Object.keys(LACKING).sort());
  });

  test.each(flows)("$name", ({ run }) => run(world()), 120_000);

  test("Convex knows who is signed in", async () => {
    const { call, signUp } = world();
    const { deployment } = pushed;
    const { token: as, id } = await signUp("knower");
    const { body } = await call("/convex/token", { as });
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(String(body.token));
    expect(await client.query(here, {})).toBe(id);
    const again = { email: "knower@example.com", password: PASSWORD };
    expect((await call("/sign-in/email", { body: again })).token).not.toBe("");
  });
});

describe("placement app", () => {
  beforeAll(async () => {
    const options = ["--typecheck", "disable"];
    pushed = await pushEveryPlugin(installed, {
      placement: "app",
      files: SOURCES.triggers,
      options,
    });
  }, 600_000);
  afterAll(() => pushed?.deployment.stop());

  test("a sign-up uses at most half of a function's CPU time", () => assertSignUpTime("app"));
});
