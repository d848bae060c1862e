// Nothing secret is logged, thrown, stored for later or printed, in placements component and app: see test/faults/secrets.test.ts for split.
import { keepsSecretsIn } from "../faults/support/secrets-suite.js";

keepsSecretsIn("component");
keepsSecretsIn("app");
