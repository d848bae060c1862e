// Requests with callback URLs that have letters which no header may have.
import { createAuthMiddleware } from "better-auth/api";
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

test.each([
  ["/home?tab=1", "/home?tab=1"],
  ["/\uff0fevil.test", "/%EF%BC%8Fevil.test"],
  ["/caf\u00e9%20", "/caf%C3%A9%20"],
  ["/half \ud800", "/half %EF%BF%BD"],
])("%s", async (callbackURL, location) => {
  const app = createHttpApp();
  const post = (path: string, body: object) =>
    app.fetch(`/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE },
      body: JSON.stringify(body),
    });
  await post("/sign-up/email", credentials);
  const answer = await post("/sign-in/email", { ...credentials, callbackURL });
  expect([answer.status, answer.headers.get("location")]).toEqual([200, location]);
});

test("a link in a mail leads there, too", async () => {
  const app = createHttpApp();
  const path = "/api/auth/verify-email?token=none&callbackURL=%2Fcaf%C3%A9";
  const answer = await app.fetch(path, { headers: { origin: SITE } });
  expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([
    302,
    "/caf%C3%A9",
  ]);
});

test("what a hook of the app makes of the body stays", async () => {
  const app = createHttpApp({
    options: {
      hooks: {
        before: createAuthMiddleware(async (ctx) => {
          if (ctx.path !== "/sign-up/email") return;
          return { context: { ...ctx, body: { ...ctx.body, name: "By the hook" } } };
        }),
      },
    },
  });
  const answer = await app.fetch("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify({ ...credentials, callbackURL: "/caf\u00e9" }),
  });
  expect(await answer.json()).toMatchObject({ user: { name: "By the hook" } });
});
