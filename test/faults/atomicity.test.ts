// Every operation that writes several rows, killed at every point, where the tables are split; and a sign-up in the
// other placements, whose stores write otherwise. The matrix kills every operation in those, too.
import { killsAllOf } from "./support/atomicity.js";
import { scenarios } from "./support/scenarios.js";

killsAllOf("split", scenarios);
for (const placement of ["component", "app"] as const)
  killsAllOf(
    placement,
    scenarios.filter(({ name }) => name === "sign-up"),
  );
