// Rate limits, counted outside: how many passwords are really checked, whatever becomes of the requests. The reads of
// an app with limits stay queries.
import { limitsIn } from "./support/rate-limits-suite.js";

limitsIn("split"); // the matrix has the other placements
