// Lists over more rows than one transaction may look at, on the deployment that holds Convex's limits.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLargeApp, type LargeApp } from "../support/large-app.js";
import { assertLists } from "../support/large-lists.js";

const ROWS = 13_000;

let app: LargeApp;

beforeAll(async () => {
  app = await startLargeApp("lists");
  await app.growTo(ROWS);
});
afterAll(() => app?.deployment.stop());

test("lists of 13,000 rows are right, their totals exact, and they read what they may", async () => {
  await assertLists(app, ROWS);
});

test("the app's own action reads in pages, too; its own query fails by name", async () => {
  const { data } = await app.ask("/convex/token");
  const client = new ConvexHttpClient(app.deployment.url, { logger: false });
  client.setAuth((data as { token: string }).token);
  expect(await client.action(makeFunctionReference<"action">("asking:inAction"), {})).toEqual({
    roles: ["admin", "support", "support"],
    total: ROWS + 1,
  });
  const asked = client.query(makeFunctionReference<"query">("asking:inQuery"), {});
  await expect(asked).rejects.toThrow(/MISSING_INDEX|no index serves it/);
});
