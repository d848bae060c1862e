// A hundred users at the same time: see test/faults/contention.test.ts, which asks a few.
import { test } from "vitest";
import { startAuthApp } from "../faults/support/auth-app.js";
import { assertAlone, AUTH } from "../faults/support/contention.js";

test("100 users share no document and no range", async () => {
  const app = await startAuthApp("split", AUTH);
  try {
    await assertAlone(app, 100);
  } finally {
    await app.stop();
  }
});
