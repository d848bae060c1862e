// What a request waits for does not tell whether an account exists: counted, since a clock would not be exact.
import { describe, expect, test } from "vitest";
import type { AuthOptions } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE, type HttpApp } from "./support/http-app.js";

function counted(own: Partial<AuthOptions> = {}, emailAndPassword: object = {}) {
  const work: string[] = [];
  const app = createHttpApp({
    options: {
      ...own,
      emailAndPassword: {
        enabled: true,
        ...emailAndPassword,
        password: {
          hash: async (password) => (work.push("password"), `hash of ${password}`),
          verify: async ({ hash, password }) => (
            work.push("password"),
            hash === `hash of ${password}`
          ),
        },
      },
    },
  });
  return { app, take: () => work.splice(0) };
}

async function post(app: HttpApp, path: string, body: object) {
  const response = await app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(body),
  });
  const { user: _user, ...answer } = (await response.json()) as { user?: { id?: string } };
  return { status: response.status, answer };
}

describe("the same work for an account that exists and for one that does not", () => {
  const other = { ...credentials, email: "nobody@example.com", password: "wrong password" };

  test("sign-in", async () => {
    const { app, take } = counted();
    await post(app, "/sign-up/email", credentials);
    take();
    const known = await post(app, "/sign-in/email", { ...other, email: credentials.email });
    const ofKnown = take();
    expect(await post(app, "/sign-in/email", other)).toEqual(known);
    expect(take()).toEqual(ofKnown);
    expect(ofKnown).toHaveLength(1);
  });

  test("sign-up, where the answer does not tell", async () => {
    const verifying = { requireEmailVerification: true };
    const { app, take } = counted({}, verifying);
    const fresh = await post(app, "/sign-up/email", credentials);
    const ofFresh = take();
    expect(await post(app, "/sign-up/email", credentials)).toEqual(fresh);
    expect(take()).toEqual(ofFresh);
    expect(ofFresh).toHaveLength(1);
  });

  test("a reset", async () => {
    const { app, take } = counted({}, { sendResetPassword: async () => {} });
    await post(app, "/sign-up/email", credentials);
    take();
    const known = await post(app, "/request-password-reset", { email: credentials.email });
    expect(await post(app, "/request-password-reset", { email: other.email })).toEqual(known);
    expect(take()).toEqual([]);
  });
});
