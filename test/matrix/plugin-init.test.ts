// What `init` of plugins costs, in placements component and app: see test/faults/plugin-init.test.ts for split.
import { pluginsStartIn } from "../faults/support/plugin-init-suite.js";

pluginsStartIn("component");
pluginsStartIn("app");
