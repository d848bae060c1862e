// Operations that write several rows, killed at every point: after each call that their HTTP action makes, and in the
// middle of a transaction at each row that is written. Either nothing happened, or everything. The default suite and
// the matrix choose which operations in which placement.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import type { Rows } from "../../deployment/deployment.js";
import { startAuthApp, type AuthApp } from "./auth-app.js";
import { orphansIn, rowsOf } from "./orphans.js";
import { ok, signedUp, type Prepared, type Scenario } from "./scenarios.js";

let app: AuthApp;

/** Declares the tests of one placement: each operation killed at every point. */
export function killsAllOf(placement: Placement, scenarios: readonly Scenario[]): void {
  describe(`placement ${placement}`, () => {
    beforeAll(async () => {
      app = await startAuthApp(placement);
    });
    afterAll(() => app?.stop());

    describe.each(scenarios)("$name", (scenario) => {
      test.for(["afterCalls", "afterWrites"] as const)("%s", async (point) => {
        const whole = await changeOf(await scenario.prepare(app));
        const kills: string[] = [];
        for (let at = point === "afterCalls" ? 0 : 1; ; at++) {
          const outcome = await killedAt(scenario, { point, at, whole });
          if (outcome === "not hit") break;
          kills.push(outcome);
        }
        expect(kills).toContain("nothing happened");
      });
    });

    test("a crash of the backend in the middle of sign-ups leaves none of them half", async () => {
      const before = await app.deployment.rows();
      const requests = Array.from({ length: 6 }, () => signedUp(app).catch(() => undefined));
      await app.deployment.crash();
      await Promise.all(requests);
      const rows = await app.deployment.rows();
      expect(orphansIn(rows, app.tables)).toEqual([]);
      const added = difference(before, rows);
      expect([added.user, added.account]).toEqual([added.session, added.session]);
      expect(await ok((await signedUp(app)).get("/get-session"))).toBeTruthy();
    });
  });
}

// --- internal ---

/** What the job that drops old counts calls. Nothing else schedules it. */
const DROPS = "generated/store.js:authWrite";

type Counts = Record<string, number>;
type Kill = { point: "afterCalls" | "afterWrites"; at: number; whole: Counts };

async function killedAt(scenario: Scenario, { point, at, whole }: Kill): Promise<string> {
  const { act, again = act, isDone } = await scenario.prepare(app);
  // A mail is sent by a scheduled function, whose row changes when it has run.
  await app.deployment.settled();
  const before = await app.deployment.rows();
  await app.deployment.failNext({ path: scenario.path, [point]: at });
  const answer = await act().catch(() => undefined);
  const isHit = await app.deployment.disarm();
  if (!isHit) {
    expect(answer?.status).toBeLessThan(400);
    return "not hit";
  }
  expect(answer, "a killed action answers nothing").toBeUndefined();
  const rows = await app.deployment.rows();
  expect(orphansIn(rows, app.tables)).toEqual([]);
  const isUntouched =
    JSON.stringify(withoutCounters(rows)) === JSON.stringify(withoutCounters(before));
  if (!isUntouched) expect(difference(before, rows), `${point} ${at}`).toEqual(whole);
  else {
    const retried = await again();
    expect(retried.status, `${point} ${at}: ${await retried.text()}`).toBeLessThan(400);
  }
  expect(await isDone()).toBe(true);
  expect(orphansIn(await app.deployment.rows(), app.tables)).toEqual([]);
  return isUntouched ? "nothing happened" : "everything happened";
}

/** What the whole operation adds and removes. */
async function changeOf({ act }: Prepared): Promise<Counts> {
  const before = await app.deployment.rows();
  expect((await act()).status).toBeLessThan(400);
  const rows = await app.deployment.rows();
  expect(orphansIn(rows, app.tables)).toEqual([]);
  return difference(before, rows);
}

/**
 * A request that is refused or dies counts as a request all the same. So does the job that drops old counts: about one
 * try in 200 schedules it.
 */
function withoutCounters(rows: Rows): Rows {
  const uncounted = Object.entries(rows).map(([place, { rateLimit: _rateLimit, ...tables }]) => {
    const { _scheduled_functions: jobs = [] } = tables;
    return [place, { ...tables, _scheduled_functions: jobs.filter(({ name }) => name !== DROPS) }];
  });
  return Object.fromEntries(uncounted) as Rows; // the same tables but one
}

function difference(before: Rows, after: Rows): Counts {
  return Object.fromEntries(
    Object.entries(app.tables)
      .filter(([name]) => name !== "rateLimit")
      .map(([name, model]) => [name, rowsOf(after, model).length - rowsOf(before, model).length]),
  );
}
