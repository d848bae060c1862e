// `init` of plugins runs once per process elsewhere, and for each run on Convex. What it fetches, reads and writes must
// cost only the requests that need it: counted outside, in function runs, and in rows.
import { pluginsStartIn } from "./support/plugin-init-suite.js";

pluginsStartIn("split"); // the matrix has the other placements
