// `npm run test:all`: the forms of http.ts at both paths, but for the two that test/seed/blocks.test.ts pushes.
import { afterAll, beforeAll, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { assertServes, PLACES, PUSHED } from "../seed/http-forms.js";
import { scaffolded, succeeds } from "../seed/support.js";
import type { PackedApp } from "../support/packed-app.js";

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  app = await scaffolded("http-forms");
  deployment = await startDeployment();
  await succeeds(app, ["kitcn", "add", "auth", "--yes"], { ...deployment.cliEnv });
}, 900_000);
afterAll(() => deployment?.stop());

test.each(PLACES.filter((place) => !PUSHED.includes(place)))(
  "http.ts, $form: serves Better Auth at $at",
  ({ form, at }) => assertServes(app, { deployment, form, at }),
);
