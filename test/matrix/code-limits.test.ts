// Many guesses at codes at once in placements component and app: see test/faults/code-limits.test.ts for split.
import { test } from "vitest";
import { assertThreeChecks, startCodesApp } from "../faults/support/code-limits.js";

test.each(["component", "app"] as const)(
  "placement %s: 50 codes cost three checks",
  async (placement) => {
    const app = await startCodesApp(placement);
    try {
      await assertThreeChecks(app);
    } finally {
      await app.stop();
    }
  },
);
