// Convex keeps the arguments of scheduled functions, and shows them in the dashboard: a mail that waits there must not
// give its link away.
import { expect, test, vi } from "vitest";
import { createHttpApp, credentials } from "./support/http-app.js";

test("the link of a mail that waits cannot be read in the arguments of its function", async () => {
  const sent: { token: string; url: string }[] = [];
  const app = createHttpApp({
    options: {
      emailAndPassword: {
        enabled: true,
        sendResetPassword: async ({ token, url }) => void sent.push({ token, url }),
        password: { hash: async (password) => password, verify: async () => true },
      },
    },
  });
  await app.post("/sign-up/email", credentials);
  const { email } = credentials;
  expect((await app.post("/request-password-reset", { email })).status).toBe(200);
  const jobs = await app.t.run(({ db }) => db.system.query("_scheduled_functions").collect());
  const args = jobs
    .filter(({ name }) => name.includes("authDeferred"))
    .map(({ args: [given] }) => given as { path: string[]; sealed: ArrayBuffer }); // as it is scheduled
  expect(args.map(({ path }) => path)).toEqual([["emailAndPassword", "sendResetPassword"]]);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const stored = args.map(({ sealed }) => new TextDecoder().decode(sealed)).join();
  for (const text of [sent[0]!.token, sent[0]!.url, email]) expect(stored).not.toContain(text);
});
