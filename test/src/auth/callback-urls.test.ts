// Requests with callback URLs that have letters which no header may have, or that Better Auth makes another host of.
import { createAuthMiddleware } from "better-auth/api";
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

test.each([
  ["/home?tab=1", "/home?tab=1"],
  ["/\uff0fevil.test", "/%EF%BC%8Fevil.test"],
  ["/caf\u00e9%20", "/caf%C3%A9%20"],
  ["/half \ud800", "/half %EF%BF%BD"],
  [`${SITE}/\u{1f600}\n?a=%41`, `${SITE}/%F0%9F%98%80%0A?a=%41`],
])("%j", async (callbackURL, location) => {
  const app = createHttpApp();
  await app.post("/sign-up/email", credentials);
  const answer = await app.post("/sign-in/email", { ...credentials, callbackURL });
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

test.each([
  ["/..//evil.test", "/evil.test"],
  ["/a/../..//evil.test?b=//c", "/evil.test?b=//c"],
  ["/.//evil.test", "/evil.test"],
  ["/%2e%2e//evil.test#//", "/evil.test#//"],
  ["/a//b", "/a//b"],
])("%s does not lead to another host where a link fails", async (place, path) => {
  const app = createHttpApp({
    options: {
      advanced: { disableOriginCheck: false },
      socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
    },
  });
  const query = new URLSearchParams({ token: "none", callbackURL: place });
  const mailed = await app.fetch(`/api/auth/verify-email?${query}`);
  const asked = { provider: "github", callbackURL: "/", errorCallbackURL: place };
  const begun = await app.post("/sign-in/social", asked);
  const { url } = (await begun.json()) as { url: string };
  const state = new URL(url).searchParams.get("state") ?? "";
  const [cookie = ""] = begun.headers.getSetCookie().map((line) => line.split(";")[0]);
  const refused = await app.fetch(`/api/auth/callback/github?error=denied&state=${state}`, {
    headers: { cookie },
  });
  for (const answer of [mailed, refused]) {
    const { href, searchParams } = new URL(answer.headers.get("location") ?? "", SITE);
    expect([answer.status, searchParams.has("error")]).toEqual([302, true]);
    expect(href.replace(/[?&]error=[^&#]*(&state=[^&#]*)?/, "")).toBe(SITE + path);
  }
});

test("what a hook of the app makes of the body stays, and the URL in it is encoded", async () => {
  const app = createHttpApp({
    options: {
      hooks: {
        before: createAuthMiddleware(async (ctx) => {
          const { body } = ctx as { readonly body: object }; // every request here has one
          return { context: { ...ctx, body: { ...body, name: "By the hook" } } };
        }),
      },
    },
  });
  const body = { ...credentials, callbackURL: "/\u0113" };
  const signedUp = await app.post("/sign-up/email", body);
  expect(await signedUp.json()).toMatchObject({ user: { name: "By the hook" } });
  const answer = await app.post("/sign-in/email", body);
  expect([answer.status, answer.headers.get("location")]).toEqual([200, "/%C4%93"]);
});

test("a call of auth.api gets the encoded URL, and keeps the body that it was given", async () => {
  const app = createHttpApp();
  await app.t.run(async (ctx) => {
    const api = app.getAuth(ctx as never).api as Record<string, Endpoint>; // Better Auth's own; no types here
    await api["signUpEmail"]?.({ body: credentials });
    const body = { ...credentials, callbackURL: "/\u0113" };
    const answer = await api["signInEmail"]?.({ body, returnHeaders: true });
    expect(answer?.headers.get("location")).toBe("/%C4%93");
    expect(body.callbackURL).toBe("/\u0113");
  });
});

type Endpoint = (input: {
  readonly body: object;
  readonly returnHeaders?: boolean;
}) => Promise<{ readonly headers: Headers }>;
