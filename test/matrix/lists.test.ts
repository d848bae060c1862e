// The same lists at every size, up to far more rows than one transaction may read.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLargeApp, type LargeApp } from "../support/large-app.js";
import { assertLists } from "../support/large-lists.js";

let app: LargeApp;
/** Documents that a list read, at the size before. */
let before: Record<string, number> = {};

beforeAll(async () => {
  app = await startLargeApp("lists-matrix");
}, 600_000);
afterAll(() => app?.deployment.stop());

test.for([1000, 10_000, 31_000, 100_000])("lists of %d rows", async (rows) => {
  await app.growTo(rows);
  const costs = await assertLists(app, rows);
  // What an index serves, and has no total beside it, costs the same at any size.
  for (const path of ["/organization/list-teams", "/list-sessions", "/admin/list-user-sessions"])
    expect(costs[path], path).toBe(before[path] ?? costs[path]);
  before = costs;
});
