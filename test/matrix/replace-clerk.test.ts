// An app of Clerk, made by its guide with its packages of today, moves to kitcn by one command: no line typed by hand, then
// the compiler, a push by the real convex CLI, and a sign-up over HTTP. The browser suite moves an app of each library for
// Convex; replace.test.ts has the other vendors.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLERK_NEXT } from "../codegen/sign-in/apps/clerk.js";
import { signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import {
  expectWorking,
  NEXT,
  NEXT_ORIGIN,
  openMoving,
  PACKAGE,
  packagesOf,
  withoutTypes,
  type Moving,
} from "../support/moving.js";
import type { PackedApp } from "../support/packed-app.js";

let moving: Moving;

beforeAll(async () => {
  moving = await openMoving("replace-clerk");
});

describe("Clerk, by its guide for Next", () => {
  let app: PackedApp;
  let deployment: Deployment;

  beforeAll(async () => {
    app = await moving.appOf("clerk", {
      ...NEXT,
      ...withoutTypes(CLERK_NEXT),
      "package.json": PACKAGE({ "@clerk/nextjs": "^7.9.0", next: "^16.0.0" }),
    });
    deployment = await startDeployment();
  });
  afterAll(() => deployment?.stop());

  test("add auth --replace --yes takes it out, packages included; the app's functions know the user", async () => {
    const ran = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(await packagesOf(app)).not.toContain("@clerk/nextjs");
    await expectWorking(app, deployment, NEXT_ORIGIN);
    const user = await signUp(deployment.siteUrl, "eve@example.com", NEXT_ORIGIN);
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(await user.token());
    await client.mutation(anyApi.notes!.add as FunctionReference<"mutation">, { text: "Mine" });
    const listed = await client.query(anyApi.notes!.list as FunctionReference<"query">, {});
    expect(listed).toMatchObject([{ text: "Mine" }]);
    const again = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(again.stdout).toContain("everything is in place");
  });
});
