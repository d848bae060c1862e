// `kitcn env push`, killed at the steps that test/codegen/env/rotation.test.ts leaves out.
import { killedRotations, killedSecrets, rotatingApp } from "../codegen/support/rotation-suite.js";

const on = rotatingApp();

killedRotations(on, ["before 2", "after 3"]);
killedSecrets(on, ["after 2"]);
