// `npm run test:all`: apps as today's creators make them, with auth by the documents alone, build as a whole.
// test/creators/creators.test.ts compiles them, and builds those that have auth by command.
import { afterAll, beforeAll, test } from "vitest";
import { addByHand, CASES, createAll, succeed, type Name } from "../creators/creators.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import type { PackedApp } from "../support/packed-app.js";

let apps: Record<Name, PackedApp>;
let deployment: Deployment;

beforeAll(async () => {
  apps = await createAll("creators-by-hand");
  deployment = await startDeployment();
}, 1_200_000); // as in creators.test.ts

afterAll(() => deployment?.stop());

test.each(CASES)("$name", async (one) => {
  const app = apps[one.name];
  await addByHand(app, one, deployment);
  for (const command of [...one.compile, one.bundle]) await succeed(app, command);
});
