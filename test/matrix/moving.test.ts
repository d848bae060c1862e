// As test/browser/moving.test.ts, with 10,000 users each.
import { describeMoving } from "../browser/suites/moving.js";

describeMoving(10_000);
