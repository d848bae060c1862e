// What users do with every plugin, in placement split with triggers: test/e2e/every-plugin.test.ts has them in placement
// component, and test/e2e/endpoints.test.ts in split without triggers.
import { afterAll, beforeAll, test } from "vitest";
import {
  FLOWS,
  installEveryPlugin,
  pushEveryPlugin,
  SOURCES,
  worldOf,
  type PushedApp,
} from "../support/every-plugin-app.js";

let pushed: PushedApp;

beforeAll(async () => {
  const installed = await installEveryPlugin("every-plugin-split");
  pushed = await pushEveryPlugin(installed, { placement: "split", files: SOURCES.triggers });
}, 600_000);
afterAll(() => pushed?.deployment.stop());

test.each(FLOWS)("$name", ({ run }) => run(worldOf(pushed.deployment)));
