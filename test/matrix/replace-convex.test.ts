// `npm run test:all`: apps of both libraries for Convex, by their documented setups with their packages of today, move to
// kitcn by one command, and a second run changes nothing. test/browser/moving.test.ts moves the same apps with users.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { expectWorking, openMoving, VITE_ORIGIN, type Moving } from "../support/moving.js";
import { CONVEX_AUTH_VITE, PEER_VITE } from "../support/moving-apps.js";
import { snapshotOf, type PackedApp } from "../support/packed-app.js";

let moving: Moving;

beforeAll(async () => {
  moving = await openMoving("replace-convex");
});

describe("@convex-dev/better-auth, by its guide for Vite", () => {
  let app: PackedApp;
  let deployment: Deployment;

  beforeAll(async () => {
    app = await moving.appOf("peer", PEER_VITE);
    deployment = await startDeployment();
  });
  afterAll(() => deployment?.stop());

  test("add auth --replace --yes moves all of it, and it compiles, deploys and signs up", async () => {
    const ran = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    const after = await snapshotOf(app);
    const manifest = JSON.parse(after["package.json"]!) as { dependencies: object };
    expect(Object.keys(manifest.dependencies)).not.toContain("@convex-dev/better-auth");
    expect(manifest.dependencies).toMatchObject({ "better-auth": "1.7.25" });
    await expectWorking(app, deployment);
    const again = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(again.stdout).toContain("everything is in place");
  });
});

describe("Convex Auth, by its starter for Vite", () => {
  let app: PackedApp;
  let deployment: Deployment;

  beforeAll(async () => {
    app = await moving.appOf("convex-auth", CONVEX_AUTH_VITE);
    deployment = await startDeployment();
  });
  afterAll(() => deployment?.stop());

  test("add auth --replace --yes moves all of it; the app's functions know the user", async () => {
    const ran = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    await expectWorking(app, deployment);
    const user = await signUp(deployment.siteUrl, "eve@example.com", VITE_ORIGIN);
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(await user.token());
    await client.mutation(anyApi.myFunctions!.addNumber as FunctionReference<"mutation">, {
      value: 7,
    });
    const listed = await client.query(
      anyApi.myFunctions!.listNumbers as FunctionReference<"query">,
      { count: 5 },
    );
    expect(listed).toEqual({ viewer: "eve@example.com", numbers: [7] });
    const again = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
    expect(again.stdout).toContain("everything is in place");
  });
});
