// Every operation that writes several rows, killed at every point, but for those that test/faults/atomicity.test.ts kills.
import { killsAllOf } from "../faults/support/atomicity.js";
import { kinds, scenarios } from "../faults/support/scenarios.js";

killsAllOf(
  "split",
  scenarios.filter((one) => !kinds.includes(one)),
);
for (const placement of ["component", "app"] as const)
  killsAllOf(
    placement,
    scenarios.filter(({ name }) => name !== "sign-up"),
  );
