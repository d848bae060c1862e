// What a request does outside, counted outside, in placement component: see test/faults/effects.test.ts for split.
import { effectsOnceIn } from "../faults/support/effects-suite.js";

effectsOnceIn("component");
