// One OAuth refresh token in two requests: whoever comes first has tokens that work, and a token that was used before
// the request began still ends its family.
import { createHash } from "node:crypto";
import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { createHttpApp, credentials, SITE, type HttpApp } from "../support/http-app.js";

type MoreOptions = Pick<Parameters<typeof oauthProvider>[0], "refreshTokenReuseInterval">;

const hash = (token: string) => createHash("sha256").update(token).digest("base64url");

const HOUR_MS = 3_600_000;

/** An app with a public client and a refresh token of a user. */
async function appWithToken(token: string, more: MoreOptions = {}): Promise<HttpApp> {
  const app = createHttpApp({
    options: {
      plugins: [jwt(), oauthProvider({ loginPage: "/in", consentPage: "/consent", ...more })],
      session: { storeSessionInDatabase: true },
    },
  });
  const response = await app.fetch("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(credentials),
  });
  const { user } = (await response.json()) as { user: { id: string } };
  await app.t.run(async ({ db }) => {
    const insert = db.insert.bind(db) as (table: string, row: object) => Promise<string>; // no types here
    const now = Date.now();
    await insert("oauthClient", {
      clientId: "client",
      redirectUris: ["https://app.example.com/callback"],
      scopes: ["profile", "offline_access"],
      grantTypes: ["authorization_code", "refresh_token"],
      tokenEndpointAuthMethod: "none",
      createdAt: now,
      updatedAt: now,
    });
    await insert("oauthRefreshToken", {
      token: hash(token),
      clientId: "client",
      userId: user.id,
      scopes: ["profile", "offline_access"],
      createdAt: now,
      expiresAt: now + 3_600_000,
    });
  });
  return app;
}

async function refresh(app: HttpApp, token: string, headers: Record<string, string> = {}) {
  const response = await app.fetch("/api/auth/oauth2/token", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "client",
      refresh_token: token,
    }).toString(),
  });
  const answer = (await response.json()) as Tokens;
  return { status: response.status, ...answer };
}

type Tokens = { access_token?: string; refresh_token?: string; error?: string };

/** As if every rotation had been an hour ago, and with it the end of what may be answered again. */
async function rotateEarlier(app: HttpApp): Promise<void> {
  await app.t.run(async ({ db }) => {
    const rows = (await db.query("oauthRefreshToken").collect()) as {
      _id: string;
      rotatedAt?: number;
      rotationReplayExpiresAt?: number;
    }[];
    const patch = db.patch.bind(db) as (id: string, row: object) => Promise<void>; // no types here
    for (const { _id, rotatedAt, rotationReplayExpiresAt: until } of rows) {
      if (rotatedAt === undefined) continue;
      const earlier = until === undefined ? {} : { rotationReplayExpiresAt: until - HOUR_MS };
      await patch(_id, { rotatedAt: rotatedAt - HOUR_MS, ...earlier });
    }
  });
}

describe("one refresh token", () => {
  test.each([2, 5])("in %i requests at once: one wins, and its tokens work", async (count) => {
    const app = await appWithToken("first");
    const all = await Promise.all(Array.from({ length: count }, () => refresh(app, "first")));
    const [winner, ...more] = all.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const loser of all.filter((one) => one !== winner))
      expect(loser).toMatchObject({ status: 400, error: "invalid_grant" });
    expect(await refresh(app, winner?.refresh_token ?? "")).toMatchObject({ status: 200 });
  });

  test.each<Record<string, string>>([{}, { "x-kitcn-began": "0" }])(
    "used before the request began ends its family: %j",
    async (headers) => {
      const app = await appWithToken("first");
      const { refresh_token: second = "" } = await refresh(app, "first");
      await rotateEarlier(app);
      expect(await refresh(app, "first", headers)).toMatchObject({ status: 400 });
      expect(await refresh(app, second)).toMatchObject({ status: 400, error: "invalid_grant" });
    },
  );

  test("used again at once, within the reuse interval, gets the same tokens, and they work", async () => {
    const app = await appWithToken("first", { refreshTokenReuseInterval: 60 });
    const first = await refresh(app, "first");
    const { refresh_token: second = "", access_token } = first;
    for (const answer of [first, await refresh(app, "first")])
      expect(answer).toMatchObject({ status: 200, refresh_token: second, access_token });
    expect(await refresh(app, second)).toMatchObject({ status: 200 });
  });

  test("used again after the reuse interval ends its family", async () => {
    const app = await appWithToken("first", { refreshTokenReuseInterval: 60 });
    const { refresh_token: second = "" } = await refresh(app, "first");
    await rotateEarlier(app);
    expect(await refresh(app, "first")).toMatchObject({ status: 400, error: "invalid_grant" });
    expect(await refresh(app, second)).toMatchObject({ status: 400, error: "invalid_grant" });
  });
});
