// Requests of different users get in nobody's way: what one of them writes, no other reads or writes. Convex would
// run one of the two again. The matrix asks the same of a hundred users.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthApp, writeAsAdmin, type AuthApp } from "./support/auth-app.js";
import { assertAlone, AUTH } from "./support/contention.js";

let app: AuthApp;

beforeAll(async () => {
  const sends = "enabled: true,\n    sendResetPassword: async () => {},";
  app = await startAuthApp("split", AUTH.replace("enabled: true,", sends));
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

test("strangers who ask for a new password share nothing, also beside expired verifications", async () => {
  for (let at = 0; at < 3; at++) {
    const times = { expiresAt: 1000 + at, createdAt: 1, updatedAt: 1 };
    const data = { identifier: `old-${at}`, value: "v", ...times };
    await writeAsAdmin(app, { kind: "create", input: { model: "verification", data } });
  }
  const ask = (at: number) =>
    app.browser().post("/request-password-reset", {
      email: `nobody-${at}@example.com`,
      redirectTo: "/reset",
    });
  await app.deployment.watch();
  const answers = await Promise.all([0, 1, 2].map(ask));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await app.deployment.overlaps()).overlaps).toEqual([]);
});
