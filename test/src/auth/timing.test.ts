// What a request waits for does not tell whether an account exists: counted, since a clock would not be exact.
import { createAuthMiddleware } from "better-auth/api";
import type { GenericId } from "convex/values";
import { describe, expect, test } from "vitest";
import type { AuthOptions } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE, type HttpApp } from "./support/http-app.js";

function counted(own: Partial<AuthOptions> = {}, emailAndPassword: object = {}) {
  const work: string[] = [];
  const app = createHttpApp({
    options: {
      // Called once in each run of a request.
      hooks: { before: createAuthMiddleware(async () => void work.push("run")) },
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
    expect(ofKnown).toEqual(["run", "password", "run"]);
  });

  test("sign-up, where the answer does not tell", async () => {
    const verifying = { requireEmailVerification: true };
    const { app, take } = counted({}, verifying);
    const fresh = await post(app, "/sign-up/email", credentials);
    const ofFresh = take();
    expect(await post(app, "/sign-up/email", credentials)).toEqual(fresh);
    expect(take()).toEqual(ofFresh);
    expect(ofFresh).toEqual(["run", "password", "run"]);
  });

  test.each([
    ["requireEmailVerification", { requireEmailVerification: true }],
    ["autoSignIn: false", { autoSignIn: false }],
  ])("a sign-up answers with a user of the same shape: %s", async (_name, options) => {
    const { app } = counted({}, options);
    const users: Record<string, unknown>[] = [];
    const rows: number[] = [];
    for (const email of ["first@example.com", "second@example.com", "second@example.com"]) {
      const body = { ...credentials, email };
      const answer = await app.fetch("/api/auth/sign-up/email", {
        method: "POST",
        headers: { "content-type": "application/json", origin: SITE },
        body: JSON.stringify(body),
      });
      users.push(((await answer.json()) as { user: Record<string, unknown> }).user);
      rows.push(await app.countRows());
    }
    const [, fresh = {}, taken = {}] = users;
    expect(Object.keys(taken)).toEqual(Object.keys(fresh));
    const shapeOf = (user: Record<string, unknown>) =>
      Object.entries(user).map(([name, value]) => [name, String(value).replace(/[0-9]/g, "0")]);
    expect(shapeOf(taken)).toEqual(shapeOf(fresh));
    expect(taken.id).not.toBe(fresh.id);
    // Nothing is left of the row that the id was made for.
    expect(rows[2]).toBe(rows[1]);
    expect(await app.t.run(({ db }) => db.get(taken.id as GenericId<"user">))).toBeNull();
  });

  test("a reset", async () => {
    let mails = 0;
    const { app, take } = counted({}, { sendResetPassword: async () => void mails++ });
    await post(app, "/sign-up/email", credentials);
    take();
    const known = await post(app, "/request-password-reset", { email: credentials.email });
    expect(take()).toEqual(["run"]);
    expect(await post(app, "/request-password-reset", { email: other.email })).toEqual(known);
    expect(take()).toEqual(["run"]);
    await expect.poll(() => mails).toBe(1);
  });
});
