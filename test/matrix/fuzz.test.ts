// Two thousand requests that a generator draws: see test/faults/fuzz.test.ts, which sends fewer.
import { test } from "vitest";
import { assertHarmless, startFuzzedApp } from "../faults/support/fuzz-run.js";

test("2,000 requests are answered, and write only what they are for", async () => {
  const app = await startFuzzedApp();
  try {
    await assertHarmless(app, { requests: 2000, seed: 20_261 });
  } finally {
    await app.stop();
  }
}, 1_800_000);
