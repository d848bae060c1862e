// The helpers in queries, mutations, actions and HTTP actions, with sessions of every kind.
import type { GenericDataModel } from "convex/server";
import { beforeAll, describe, expect, test } from "vitest";
import { getAuthUserId, getAuthUserIdentity } from "../../../src/auth/session/identity.js";
import { getHeaders, getSession } from "../../../src/auth/session/session.js";
import type { AuthCtx } from "../../../src/auth/runtime.js";
import { random as seeded } from "../../support/random.js";
import { askHelpers, createHttpApp, type HttpApp } from "./support/http-app.js";

type Answer = Awaited<ReturnType<typeof askHelpers>>;
type Ids = { userId: string; sessionId: string };

const HOUR = 3_600_000;
const FAR = Date.now() + HOUR;
const contexts = ["query", "mutation", "action", "http"] as const;

let app: HttpApp;
beforeAll(() => {
  app = createHttpApp();
});

/** A user with a session, written as Better Auth writes them. */
function insert(columns: Record<string, unknown> = {}): Promise<Ids> {
  return app.t.run(async (ctx) => {
    const common = { createdAt: 1, updatedAt: 1 };
    const user = { name: "Ada", email: `${Math.random()}@example.com`, emailVerified: false };
    const userId = await ctx.db.insert("user", { ...user, ...common } as never); // the test's schema has no types
    const session = {
      userId,
      token: `token-${String(Math.random()).slice(2)}`,
      expiresAt: FAR,
      ...common,
      ...columns,
    };
    return { userId, sessionId: await ctx.db.insert("session", session as never) };
  }) as Promise<Ids>; // ids are strings
}

async function ask(context: (typeof contexts)[number], identity?: object): Promise<Answer> {
  const t = identity ? app.t.withIdentity(identity) : app.t;
  const work = (ctx: unknown) => askHelpers(ctx as AuthCtx<GenericDataModel>); // convex-test's contexts are complete
  if (context === "http") return (await (await t.fetch("/probe")).json()) as Answer;
  // convex-test runs functions that are given in place.
  const run = t[context] as (work: unknown) => Promise<Answer>;
  return run(work);
}

describe.each(contexts)("in a %s", (context) => {
  test("signed out", async () => {
    expect(await ask(context)).toEqual({
      userId: null,
      identity: null,
      session: null,
      headers: {},
    });
  });

  test("signed in: the identity, the whole session with ms times, and headers for auth.api", async () => {
    const ids = await insert({ ipAddress: "203.0.113.9", activeOrganizationId: "org" });
    const answer = await ask(context, {
      subject: ids.userId,
      sessionId: ids.sessionId,
      role: "admin",
    });
    expect(answer.userId).toBe(ids.userId);
    expect(answer.identity).toMatchObject({ ...ids, subject: ids.userId, role: "admin" });
    expect(answer.session).toMatchObject({
      _id: ids.sessionId,
      userId: ids.userId,
      expiresAt: FAR,
      activeOrganizationId: "org",
    });
    expect(answer.headers).toEqual({
      authorization: expect.stringMatching(`^Bearer ${answer.session!.token}\\.[\\w%]+$`) as string,
      "x-forwarded-for": "203.0.113.9",
    });
  });

  const sessions: [string, (ids: Ids, other: Ids) => Promise<unknown> | object][] = [
    ["expired", async ({ sessionId }) => patch(sessionId, { expiresAt: Date.now() - 1 })],
    ["deleted", async ({ sessionId }) => remove(sessionId)],
    ["another user's", (_ids, other) => ({ sessionId: other.sessionId })],
    [
      "of a user that is gone",
      async ({ userId, sessionId }) => (await remove(sessionId), remove(userId)),
    ],
    ["a row of another table", ({ userId }) => ({ sessionId: userId })],
    ["no id at all", () => ({ sessionId: "not an id" })],
  ];
  test.each(sessions)("a session that is %s is none", async (_title, change) => {
    const [ids, other] = [await insert(), await insert()];
    const claims = (await change(ids, other)) ?? {};
    const answer = await ask(context, { subject: ids.userId, sessionId: ids.sessionId, ...claims });
    expect(answer).toMatchObject({ session: null, headers: {} });
  });

  test("a token of another issuer, without a session, is nobody here", async () => {
    expect(await ask(context, { subject: "user_2x", sid: "sess_1" })).toMatchObject({
      userId: null,
      identity: null,
      session: null,
    });
  });
});

function patch(id: string, columns: object): Promise<void> {
  return app.t.run(async (ctx) => void (await ctx.db.patch(id as never, columns as never))); // no types here
}

function remove(id: string): Promise<void> {
  return app.t.run(async (ctx) => void (await ctx.db.delete(id as never))); // as above
}

test("an identity that Convex cannot tell, as for a bearer that is no JWT, is nobody", async () => {
  const auth = { getUserIdentity: () => Promise.reject(new Error("Could not parse JWT payload")) };
  const ctx = { auth } as unknown as AuthCtx<GenericDataModel>; // nothing else is to be read
  expect(await getAuthUserIdentity(ctx)).toBeNull();
  expect(await getAuthUserId(ctx)).toBeNull();
  expect(await getSession(ctx)).toBeNull();
  expect([...(await getHeaders(ctx))]).toEqual([]);
});

test("never throws, whatever stands in the claims and in the session", async () => {
  const random = seeded(7);
  const text = () =>
    String.fromCharCode(...Array.from({ length: random.below(40) }, () => random.below(0x10000)));
  for (let time = 0; time < 60; time++) {
    const ids = await insert({ ipAddress: text(), token: text(), userAgent: text() });
    const sessionId = time % 2 === 0 ? ids.sessionId : text();
    for (const context of contexts)
      await expect(ask(context, { subject: ids.userId, sessionId })).resolves.toBeDefined();
  }
});
