// Many guesses at codes at once in placement component: see test/faults/code-limits.test.ts for the other placements.
import { test } from "vitest";
import { assertThreeChecks, startCodesApp } from "../faults/support/code-limits.js";

test("50 codes at once from one address cost three checks", async () => {
  const app = await startCodesApp("component");
  try {
    await assertThreeChecks(app);
  } finally {
    await app.stop();
  }
});
