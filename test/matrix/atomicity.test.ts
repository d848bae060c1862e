// Every operation that writes several rows, killed at every point, in the placements where test/faults/atomicity.test.ts
// kills a sign-up alone.
import { killsAllOf } from "../faults/support/atomicity.js";
import { scenarios } from "../faults/support/scenarios.js";

for (const placement of ["component", "app"] as const)
  killsAllOf(
    placement,
    scenarios.filter(({ name }) => name !== "sign-up"),
  );
