// What auth.ts may do with its ctx, whatever kind of function a request has got to.
import { createAuthMiddleware } from "better-auth/api";
import { customSession } from "better-auth/plugins";
import {
  internalActionGeneric,
  internalMutationGeneric,
  makeFunctionReference,
  type FunctionReference,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
} from "convex/server";
import { afterEach, expect, test, vi } from "vitest";
import { convex } from "../../../src/auth/index.js";
import { contextOfRun } from "../../../src/auth/run-context.js";
import type { AuthCtx } from "../../../src/auth/runtime.js";
import { runHandler } from "../../../src/request/run.js";
import { createHttpApp, credentials, provider, type HttpApp } from "./support/http-app.js";

const seen = makeFunctionReference<"mutation">("audit:seen") as unknown as FunctionReference<
  "mutation",
  "internal"
>;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([true, false])(
  "callbacks of a session read ctx.db, with cookieCache %s",
  async (enabled) => {
    const countUsers = async (ctx: AuthCtx<GenericDataModel>) => {
      const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as auth.ts is given it
      return (await db.query("user").collect()).length;
    };
    const { post, fetch, t, getAuth } = createHttpApp({
      withCtx: (ctx) => ({
        session: { cookieCache: { enabled } },
        plugins: [
          convex({
            authConfig: { providers: [provider] },
            jwt: { definePayload: async () => ({ users: await countUsers(ctx) }) },
          }),
          customSession(async (session) => ({ ...session, users: await countUsers(ctx) })),
        ],
      }),
    });
    const { headers } = await post("/sign-up/email", credentials);
    const cookie = headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    expect(cookie.includes("session_data")).toBe(enabled);
    // convex-test runs functions that are given in place, with complete contexts.
    const mutation = t.mutation as (work: (ctx: AuthCtx<GenericDataModel>) => unknown) => unknown;
    await mutation((ctx) => (getAuth(ctx).api["getLatestJwks"] as () => Promise<string>)());
    const get = async (path: string) =>
      (await fetch(`/api/auth${path}`, { headers: { cookie } })).json() as Promise<unknown>;
    expect(await get("/get-session")).toMatchObject({ users: 1 });
    const { token } = (await get("/convex/token")) as { token: string };
    expect(JSON.parse(atob(token.split(".")[1]!))).toMatchObject({ users: 1 });
  },
);

test.each([
  ["sends", () => () => globalThis.fetch("https://audit.test/", { method: "POST", body: "seen" })],
  [
    "writes with a function that auth.ts took out of ctx",
    (ctx: AuthCtx<GenericDataModel>) => {
      const { runMutation } = ctx as GenericActionCtx<GenericDataModel>; // a mutation has it, too
      return () => runMutation(seen, {});
    },
  ],
])(
  "what a cached session %s, before it turns out to need ctx.db, is done once",
  async (_title, auditOf) => {
    const calls = vi.fn(async () => new Response("ok"));
    vi.stubGlobal("fetch", calls);
    const { post, fetch, t } = createHttpApp({
      modules: {
        "./audit.js": async () => ({
          seen: internalMutationGeneric({ args: {}, handler: async () => void (await calls()) }),
        }),
      },
      withCtx: (ctx) => {
        const audit = auditOf(ctx);
        return {
          session: { cookieCache: { enabled: true } },
          plugins: [
            convex({ authConfig: { providers: [provider] } }),
            customSession(async (session) => {
              await audit();
              const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as auth.ts is given it
              return { ...session, users: (await db.query("user").collect()).length };
            }),
          ],
        };
      },
    });
    const { headers } = await post("/sign-up/email", credentials);
    const cookie = headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const DAY_MS = 24 * 3600 * 1000;
    await t.run(async ({ db }) => {
      const [session] = await db.query("session").collect();
      await db.patch(session!._id, { expiresAt: Date.now() + 5 * DAY_MS });
    });
    const get = async (query: string) => {
      calls.mockClear();
      const response = await fetch(`/api/auth/get-session${query}`, { headers: { cookie } });
      expect(await response.json()).toMatchObject({ users: 1 });
      expect(calls).toHaveBeenCalledTimes(1);
      return response.headers.getSetCookie().join();
    };
    await get("");
    // It is renewed, and so is the cookie of the browser.
    expect(await get("?disableCookieCache=true")).toContain("session_token");
  },
);

test("a hook that reads ctx.db where the action serves is named in the log", async () => {
  vi.stubGlobal("fetch", async () => new Response("ok"));
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { post } = createHttpApp({
    withCtx: (ctx) => ({
      databaseHooks: {
        account: {
          create: {
            // The id of a row that is not committed yet: only the action may post it.
            before: async ({ userId }: { userId: string }) => {
              await fetch("https://crm.test/", { method: "POST", body: userId });
              const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as auth.ts is given it
              await db.query("user").collect();
            },
          },
        },
      },
    }),
  });
  expect((await post("/sign-up/email", credentials)).status).toBe(500);
  expect(String(warn.mock.calls)).toContain("ctx.db");
  vi.unstubAllGlobals();
});

test("a hook of a request that reads may write with getAuth(ctx)", async () => {
  let userId = "";
  const app: HttpApp = createHttpApp({
    withCtx: (ctx) => ({
      hooks: {
        after: createAuthMiddleware(async ({ path }) => {
          if (path !== "/get-session") return;
          const create = app.getAuth(ctx).api["createOrganization"] as (input: object) => unknown;
          await create({ body: { name: "Acme", slug: "acme", userId } });
        }),
      },
    }),
  });
  await app.post("/sign-up/email", credentials);
  userId = (await app.t.run(({ db }) => db.query("user").first()))?._id ?? "";
  expect((await app.fetch("/api/auth/get-session")).status).toBe(200);
  const organizations = await app.t.run(({ db }) => db.query("organization").collect());
  expect(organizations).toMatchObject([{ slug: "acme" }]);
});

test("a hook that asks whether ctx has runAction may call it", async () => {
  const seen: string[] = [];
  const lead = makeFunctionReference<"action">("crm:lead") as unknown as FunctionReference<
    "action",
    "internal"
  >;
  const { post } = createHttpApp({
    modules: {
      "./crm.js": async () => ({
        lead: internalActionGeneric({ args: {}, handler: async () => void seen.push("called") }),
      }),
    },
    withCtx: (ctx) => ({
      databaseHooks: {
        user: {
          create: {
            after: async () => {
              if (!("runAction" in ctx)) return;
              await (ctx as GenericActionCtx<GenericDataModel>).runAction(lead, {});
            },
          },
        },
      },
    }),
  });
  expect((await post("/sign-up/email", credentials)).status).toBe(200);
  expect(seen).toEqual(["called"]);
});

test.each([
  ["query", "mutation"],
  ["mutation", "action"],
] as const)(
  "where the storage of a %s cannot store, a request moves to the %s",
  async (context, to) => {
    const storage = { getUrl: async (id: string) => `https://files.test/${id}` };
    const ctx = { db: {}, storage } as unknown as GenericMutationCtx<GenericDataModel>; // all that the hook uses
    const { outcome } = await runHandler({
      context,
      journal: [],
      handler: async (run) => {
        const { storage: own } = contextOfRun(ctx, run) as GenericActionCtx<GenericDataModel>; // as the app has it
        expect(await own.getUrl("1" as never)).toBe("https://files.test/1");
        await own.store(new Blob());
        return { status: 200, headers: [], body: null };
      },
    });
    expect(outcome).toMatchObject({ kind: "escalate", to });
  },
);

test("a provider that reads ctx.db ends no action that only sends a mail", async () => {
  vi.useFakeTimers();
  const sendVerificationEmail = vi.fn(async () => {});
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const { post, t } = createHttpApp({
    withCtx: (ctx) => ({
      socialProviders: {
        google: async () => {
          const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as auth.ts is given it
          const [row] = await db.query("user").collect();
          return { clientId: String(row?.name), clientSecret: "secret" };
        },
      },
      emailVerification: { sendOnSignUp: true, sendVerificationEmail },
    }),
  });
  expect((await post("/sign-up/email", credentials)).status).toBe(200);
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve)); // Node tells of a rejection after the promises
  process.off("unhandledRejection", note);
  expect(sendVerificationEmail).toHaveBeenCalledTimes(1);
  expect(unhandled).toEqual([]);
});
