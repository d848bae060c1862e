// Operations that write several rows, killed at every point: one of each kind where the tables are split, and a sign-up in
// the other placements, whose stores write otherwise. The matrix kills the others.
import { killsAllOf } from "./support/atomicity.js";
import { kinds, scenarios } from "./support/scenarios.js";

killsAllOf("split", kinds);
for (const placement of ["component", "app"] as const)
  killsAllOf(
    placement,
    scenarios.filter(({ name }) => name === "sign-up"),
  );
