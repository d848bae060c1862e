// `auth.api` in the app's own queries, which cannot write: what only reads is answered, and what has to write is refused
// by name. Better Auth itself would make "signed out", or an invalid key, of the refusal.
import { apiKey } from "@better-auth/api-key";
import { organization } from "better-auth/plugins";
import type { GenericDataModel } from "convex/server";
import { expect, test } from "vitest";
import { convex, getHeaders } from "../../../src/auth/index.js";
import { signedToken } from "../../../src/auth/keys/signed-token.js";
import type { AuthCtx } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, provider } from "./support/http-app.js";

type Call = (input: object) => Promise<unknown>;
type Api = { readonly [endpoint: string]: Call };
type Work = (api: Api, headers: Headers) => Promise<unknown>;

const DAY_MS = 24 * 3600 * 1000;

/** A user whose session began so many days ago, and functions of the app that they call. */
async function signedIn(days: number) {
  const plugins = [convex({ authConfig: { providers: [provider] } }), organization(), apiKey()];
  const { t, post, getAuth } = createHttpApp({ options: { plugins } });
  await post("/sign-up/email", credentials);
  const { userId, _id, token } = await t.run(async ({ db }) => {
    const [session] = await db.query("session").collect();
    const expiresAt = Date.now() + (7 - days) * DAY_MS;
    await db.patch(session!._id, { expiresAt });
    return session as unknown as { userId: string; _id: string; token: string };
  });
  const own = t.withIdentity({ subject: userId, sessionId: _id });
  const call = (context: "query" | "mutation", work: Work) => {
    // convex-test runs functions that are given in place, with complete contexts.
    const run = own[context] as (
      inner: (ctx: AuthCtx<GenericDataModel>) => Promise<unknown>,
    ) => Promise<unknown>;
    return run(async (ctx) => work(getAuth(ctx).api as Api, await getHeaders(ctx)));
  };
  return { call, userId, token };
}

test.each([0.5, 2, 6.9])("a session that began %d days ago is there", async (days) => {
  const { call, userId } = await signedIn(days);
  const asked = await call("query", async (api, headers) => {
    const { session } = (await api.getSession!({ headers })) as { session: { userId: string } };
    return [session.userId, ((await api.listSessions!({ headers })) as object[]).length];
  });
  expect(asked).toEqual([userId, 1]);
});

test("one that has ended is none", async () => {
  const { call, token } = await signedIn(8);
  const answer = call("query", async (api) => {
    const headers = new Headers({ authorization: `Bearer ${await signedToken({}, token)}` });
    return api.getSession!({ headers });
  });
  expect(await answer).toBeNull();
});

test("an endpoint that has to write is refused by name, and one that only drops what has expired is answered", async () => {
  const { call, userId } = await signedIn(0);
  const key = (await call("mutation", async (api) => {
    const made = (await api.createApiKey!({ body: { userId } })) as { key: string };
    return made.key;
  })) as string;
  const verify: Work = async (api) => {
    const { valid } = (await api.verifyApiKey!({ body: { key } })) as { valid: boolean };
    return valid;
  };
  expect(await call("mutation", verify)).toBe(true);
  await expect(call("query", verify)).rejects.toMatchObject({ code: "READ_ONLY" });
  const listed = await call("query", async (api, headers) => {
    const { total } = (await api.listApiKeys!({ headers })) as { total: number };
    return total;
  });
  expect(listed).toBe(1);
});

test("a call that is refused leaves the answers of others alone that began before it", async () => {
  const { call, userId } = await signedIn(0);
  const key = (await call("mutation", async (api) => {
    const made = (await api.createApiKey!({ body: { userId } })) as { key: string };
    return made.key;
  })) as string;
  const both: Work = async (api, headers) => {
    const listed = api.listSessions!({ headers });
    const refused = api.verifyApiKey!({ body: { key } }).catch(
      ({ code }: { code: string }) => code,
    );
    return [((await listed) as object[]).length, await refused];
  };
  expect(await call("query", both)).toEqual([1, "READ_ONLY"]);
});
