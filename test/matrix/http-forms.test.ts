// `npm run test:all`: the forms of http.ts below another path, of which test/seed/blocks.test.ts pushes one.
import { afterAll, beforeAll, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { assertServes, FORMS } from "../seed/http-forms.js";
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

test.each(FORMS.filter((form) => form !== "Hono alone"))(
  "http.ts, %s: serves Better Auth below another path",
  (form) => assertServes(app, { deployment, form, at: "/account/auth" }),
);
