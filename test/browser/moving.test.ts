// Moving in from the two other libraries for Convex, to a user who is signed in, with 200 users each.
import { describeMoving } from "./suites/moving.js";

describeMoving(200);
