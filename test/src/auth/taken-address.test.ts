// Sign-ups that hide whether an address is taken, beside unique columns of every type: both are answered alike.
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

const password = {
  hash: async (text: string) => `hash of ${text}`,
  verify: async () => true,
};

test.each([
  ["string", "a", "b"],
  ["number", 1, 2],
  ["date", "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"],
] as const)("a unique required %s", async (type, first, second) => {
  const app = createHttpApp({
    options: {
      user: { additionalFields: { customer: { type, required: true, unique: true } } },
      emailAndPassword: { enabled: true, requireEmailVerification: true, password },
    },
  });
  const signUp = (customer: string | number) =>
    app.fetch("/api/auth/sign-up/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE },
      body: JSON.stringify({ ...credentials, customer }),
    });
  const answers = [await signUp(first), await signUp(second)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});
