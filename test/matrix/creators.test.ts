// `npm run test:all`: apps as today's creators make them build as a whole, with auth by command, and with auth by the
// documents alone. test/creators/creators.test.ts compiles them.
import { afterAll, beforeAll, describe, test } from "vitest";
import {
  addByCommand,
  addByHand,
  CASES,
  createAll,
  succeed,
  type Name,
} from "../creators/creators.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import type { PackedApp } from "../support/packed-app.js";

let apps: Record<Name, PackedApp>;

describe("by command", () => {
  beforeAll(async () => {
    apps = await createAll("creators-by-command");
  }, 1_200_000); // as in creators.test.ts

  test.each(CASES)("$name", async ({ name, bundle }) => {
    await addByCommand(apps[name]);
    await succeed(apps[name], bundle);
  });
});

describe("by the documents alone", () => {
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
});
