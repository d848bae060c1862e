// Rate limits, counted outside, in placements component and app: see test/faults/rate-limits.test.ts for split.
import { limitsIn } from "../faults/support/rate-limits-suite.js";

limitsIn("component");
limitsIn("app");
