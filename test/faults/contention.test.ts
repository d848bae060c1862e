// Requests of different users get in nobody's way: what one of them writes, no other reads or writes. Convex would
// run one of the two again. The matrix asks the same of a hundred users.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthApp, type AuthApp } from "./support/auth-app.js";
import { assertAlone, AUTH } from "./support/contention.js";

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp("split", AUTH);
});
afterAll(() => app?.stop());

test("users who sign up, sign in and refresh at the same time share no document and no range", async () => {
  await assertAlone(app, 8);
});

test("two who sign in from one address do share its count", async () => {
  const browser = app.browser();
  await app.deployment.watch();
  for (const at of [0, 1])
    await browser.post("/sign-in/email", { email: `user-${at}@example.com`, password: "wrong" });
  const { overlaps } = await app.deployment.overlaps();
  expect(new Set(overlaps.map(({ table }) => table))).toEqual(new Set(["rateLimit"]));
});
