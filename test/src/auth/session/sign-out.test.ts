// Signing out over a store that counts: what is read, and what a provider's own logout still gets.
import type { BetterAuthPlugin, OAuthProvider } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { testUtils } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { createAuth } from "../../../../src/auth/create-auth.js";
import { dbStore } from "../../../../src/store/db-store.js";
import { rememberingIn } from "../../../../src/store/remember.js";
import { authDb, createUser, sample } from "../../../support/auth-db.js";

const ORIGIN = "http://127.0.0.1:3000";

/** A signed-in user, and what their sign-out answers and costs. */
async function signOut(plugins: BetterAuthPlugin[] = []) {
  const db = authDb();
  const user = await createUser(db.store);
  const account = sample.account(user.id, { providerId: "acme", idToken: "id-token" });
  await db.store.create({ model: "account", data: account });
  const store = dbStore({
    db: db.db,
    tables: db.tables,
    remember: rememberingIn({ isAlone: () => true }),
  });
  const auth = createAuth({
    options: {
      baseURL: ORIGIN,
      secret: "a secret for tests only, long enough",
      plugins: [testUtils(), ...plugins],
    },
    tables: db.tables,
    stores: { app: store, component: store },
  });
  const { test } = await auth.$context;
  const { headers } = await test.login({ userId: user.id });
  headers.set("origin", ORIGIN);
  db.reset();
  const request = new Request(`${ORIGIN}/api/auth/sign-out`, { method: "POST", headers });
  const response = await auth.handler(request);
  const cleared = response.headers.getSetCookie().filter((line) => /max-age=0/i.test(line));
  return {
    data: (await response.json()) as unknown,
    clears: cleared.some((line) => line.includes("session_token=")),
    sessions: db.documents("session").length,
    counts: { ...db.counts },
  };
}

const acme = {
  id: "acme",
  name: "Acme",
  createEndSessionURL: async ({ idToken }: { idToken?: string | null }) =>
    new URL(`https://acme.test/logout?hint=${idToken}`),
} as unknown as OAuthProvider; // the parts that signing out looks at

const withAcme: BetterAuthPlugin = {
  id: "acme",
  init: () => ({ context: { socialProviders: [acme] } }),
};

describe("sign-out", () => {
  it("reads the session once, deletes it and clears its cookie", async () => {
    const { data, clears, sessions, counts } = await signOut();
    expect(data).toEqual({ success: true });
    expect({ clears, sessions }).toEqual({ clears: true, sessions: 0 });
    expect(counts).toMatchObject({ documents: 1, writes: 1 });
  });

  it("still tells a provider that wants to be told", async () => {
    const { data, sessions } = await signOut([withAcme]);
    expect(data).toMatchObject({ success: true, url: "https://acme.test/logout?hint=id-token" });
    expect(sessions).toBe(0);
  });

  it("leaves the look-up of later hooks as it is", async () => {
    const found: boolean[] = [];
    const later: BetterAuthPlugin = {
      id: "later",
      hooks: {
        after: [
          {
            matcher: ({ path }) => path === "/sign-out",
            handler: createAuthMiddleware(async ({ context: { internalAdapter } }) => {
              const [user] = await internalAdapter.listUsers(1);
              const { token } = await internalAdapter.createSession(user?.id ?? "");
              found.push((await internalAdapter.findSession(token))?.user.id === user?.id);
            }),
          },
        ],
      },
    };
    await signOut([later]);
    expect(found).toEqual([true]);
  });
});
