// What a request does outside, counted outside: a code that is good once, a captcha, a lead in a CRM, a mail. Each
// happens once, whatever the hooks carry, where the request conflicts, and where it is killed.
import { effectsOnceIn } from "./support/effects-suite.js";

effectsOnceIn("split"); // the matrix has the other placements
