// `authRoutes`: the same routes as by `getAuth`, and when they load auth.ts.
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

const ORIGIN = { origin: SITE, "content-type": "application/json" };

const post = (body: object): RequestInit => ({
  method: "POST",
  headers: ORIGIN,
  body: JSON.stringify(body),
});

/** The password functions of Better Auth, not of the app. */
const plain = { emailAndPassword: { enabled: true } };

test("what a query or a mutation serves loads no auth.ts, a password's hash included", async () => {
  const app = createHttpApp({ options: plain });
  expect((await app.fetch("/api/auth/get-session")).status).toBe(200);
  expect((await app.fetch("/api/auth/sign-up/email", post(credentials))).status).toBe(200);
  expect(app.loads()).toBe(0);
  const signedIn = await app.fetch("/api/auth/sign-in/email", post(credentials));
  expect(await signedIn.json()).toMatchObject({ user: { email: credentials.email } });
});

test("a password function of the app's own is asked for in auth.ts, once a request", async () => {
  const app = createHttpApp();
  expect((await app.fetch("/api/auth/sign-up/email", post(credentials))).status).toBe(200);
  expect(app.loads()).toBe(1);
  const rows = await app.t.run(({ db }) => db.query("account").collect());
  expect(rows).toMatchObject([{ password: `hash of ${credentials.password}` }]);
});

test("a request that only an action can serve is served there", async () => {
  const app = createHttpApp({ options: plain });
  const jwks = await app.fetch("/api/auth/convex/jwks");
  expect(await jwks.json()).toMatchObject({ keys: [{ alg: "RS256" }] });
  expect(app.loads()).toBe(1);
});

test.each(["getAuth", "authRoutes"] as const)(
  "the routes of %s are where auth.ts says",
  async (handler) => {
    for (const kind of ["registerRoutes", "authMiddleware"] as const) {
      const app = createHttpApp({ kind, handler, options: { basePath: "/custom/auth" } });
      expect((await app.fetch("/custom/auth/ok")).status, kind).toBe(200);
      expect((await app.fetch("/api/auth/ok")).status, kind).toBe(404);
    }
  },
);
