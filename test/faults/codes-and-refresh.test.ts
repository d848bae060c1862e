// Codes of plugins that copy their options are sent once, after the commit. And one OAuth refresh token in several
// requests at once, with conflicts: the winner's tokens work.
import { createHash } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthApp, type AuthApp } from "./support/auth-app.js";
import { newEmail, ok } from "./support/scenarios.js";

const AUTH = `import { oauthProvider } from "@better-auth/oauth-provider";
import { emailOTP, jwt, phoneNumber } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
async function mail(to: string, token: string) {
  await fetch(outside + "/mail", { method: "POST", body: JSON.stringify({ to, token }) });
}
// Made once, outside of the definition.
const codes = emailOTP({ sendVerificationOTP: ({ email, otp }) => mail(email, otp) });

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  databaseHooks: {
    verification: {
      create: {
        after: async ({ identifier }) => {
          if (identifier.includes("refused")) throw new Error("no codes for this one");
        },
      },
    },
  },
  session: { storeSessionInDatabase: true },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    codes,
    phoneNumber({ sendOTP: ({ phoneNumber, code }) => mail(phoneNumber, code) }),
    jwt({ disableSettingJwtHeader: true }),
    oauthProvider({ loginPage: "/in", consentPage: "/consent" }),
  ],
  telemetry: { enabled: false },
}));
`;

/** A public client, and a refresh token of a user. */
const FUNCTIONS = `import { v } from "convex/values";
import { mutation } from "./_generated/server";

export const grant = mutation({
  args: { userId: v.id("user"), client: v.string(), token: v.string() },
  handler: async ({ db }, { userId, client, token }) => {
    const now = Date.now();
    const scopes = ["profile", "offline_access"];
    await db.insert("oauthClient", {
      clientId: client,
      redirectUris: ["https://app.example.com/callback"],
      scopes,
      grantTypes: ["authorization_code", "refresh_token"],
      tokenEndpointAuthMethod: "none",
      createdAt: now,
      updatedAt: now,
    });
    const expiresAt = now + 3_600_000;
    await db.insert("oauthRefreshToken", { token, clientId: client, userId, scopes, createdAt: now, expiresAt });
  },
});

/** As if every rotation had been an hour ago. */
export const age = mutation({
  args: {},
  handler: async ({ db }) => {
    for await (const { _id, rotatedAt } of db.query("oauthRefreshToken"))
      if (rotatedAt) await db.patch(_id, { rotatedAt: rotatedAt - 3_600_000 });
  },
});
`;

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp("split", AUTH, {
    packages: ["@better-auth/oauth-provider"],
    files: { "convex/grants.ts": FUNCTIONS },
  });
});
afterAll(() => app?.stop());

const mailsOf = async (to: string, act: () => Promise<unknown>) => {
  await act();
  await app.deployment.settled();
  return app.outside.calls("/mail").filter((body) => (JSON.parse(body) as { to: string }).to === to)
    .length;
};

const sends = [
  {
    path: "/email-otp/send-verification-otp",
    of: (to: string) => ({ email: to, type: "sign-in" }),
  },
  { path: "/phone-number/send-otp", of: (to: string) => ({ phoneNumber: to }) },
] as const;

test.each(sends)(
  "$path sends one code, also where the mutation conflicts",
  async ({ path, of }) => {
    const to = newEmail();
    await app.deployment.failNext({ path: `/api/auth${path}`, conflicts: 2 });
    const sent = await mailsOf(to, () => ok(app.browser().post(path, of(to))));
    expect(await app.deployment.disarm()).toBe(true);
    expect(sent).toBe(1);
  },
);

test.each(sends)("$path sends at most one code where it is killed", async ({ path, of }) => {
  for (let afterCalls = 1; ; afterCalls++) {
    const to = newEmail();
    await app.deployment.failNext({ path: `/api/auth${path}`, afterCalls });
    const act = () =>
      app
        .browser()
        .post(path, of(to))
        .catch(() => undefined);
    const sent = await mailsOf(to, act);
    if (await app.deployment.disarm()) expect(sent).toBeLessThanOrEqual(1);
    else return expect(sent).toBe(1);
  }
});

test.each(sends)("$path sends no code where it is rolled back", async ({ path, of }) => {
  const to = `refused-${newEmail()}`;
  const act = async () => {
    const answer = await app.browser().post(path, of(to));
    expect(answer.status).toBeGreaterThanOrEqual(400);
  };
  expect(await mailsOf(to, act)).toBe(0);
});

test("a code that was mailed signs in", async () => {
  const email = newEmail();
  const browser = app.browser();
  await ok(browser.post("/email-otp/send-verification-otp", { email, type: "sign-in" }));
  const otp = await app.outside.mailed(email);
  expect(await ok(browser.post("/sign-in/email-otp", { email, otp }))).toHaveProperty("user");
});

/** A refresh token that nobody has used yet, and what exchanges it. */
async function granted() {
  const email = newEmail();
  const browser = app.browser();
  await ok(browser.post("/email-otp/send-verification-otp", { email, type: "sign-in" }));
  const otp = await app.outside.mailed(email);
  const signedIn = await ok(browser.post("/sign-in/email-otp", { email, otp }));
  const [client, token] = [`client of ${email}`, `token of ${email}`];
  await new ConvexHttpClient(app.deployment.url).mutation(
    makeFunctionReference<"mutation">("grants:grant"),
    {
      userId: (signedIn.user as { id: string }).id,
      client,
      token: createHash("sha256").update(token).digest("base64url"),
    },
  );
  const refresh = async (refresh_token: string) => {
    const answer = await fetch(`${app.deployment.siteUrl}/api/auth/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ grant_type: "refresh_token", client_id: client, refresh_token }),
    });
    const { refresh_token: next = "", error } = (await answer.json()) as Record<string, string>;
    return { status: answer.status, next, error };
  };
  return { token, refresh };
}

test.each([
  { requests: 2, conflicts: 0 },
  { requests: 2, conflicts: 2 },
  { requests: 5, conflicts: 3 },
])("one refresh token in $requests requests, $conflicts conflicts", async (given) => {
  const { token, refresh } = await granted();
  const { requests, conflicts } = given;
  const path = "/api/auth/oauth2/token";
  if (conflicts > 0) await app.deployment.failNext({ path, conflicts });
  const answers = await Promise.all(Array.from({ length: requests }, () => refresh(token)));
  await app.deployment.disarm();
  const winners = answers.filter(({ status }) => status === 200);
  expect(winners, JSON.stringify(answers)).toHaveLength(1);
  for (const { status, error } of answers.filter((one) => one !== winners[0]))
    expect({ status, error }).toEqual({ status: 400, error: "invalid_grant" });
  const second = await refresh(winners[0]!.next);
  expect(second).toMatchObject({ status: 200 });
  // Used long before this request began: the family ends.
  await new ConvexHttpClient(app.deployment.url).mutation(
    makeFunctionReference<"mutation">("grants:age"),
  );
  expect(await refresh(token)).toMatchObject({ status: 400 });
  expect(await refresh(second.next)).toMatchObject({ status: 400 });
});
