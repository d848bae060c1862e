// `init` of plugins runs once per process elsewhere, and for each run on Convex. What it fetches, reads and writes must
// cost only the requests that need it: counted outside, in function runs, and in rows.
// The default suite and the matrix choose the placement.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { ORIGIN, startAuthApp, writeAsAdmin, type AuthApp, type Browser } from "./auth-app.js";
import { rowsOf } from "./orphans.js";
import { newEmail, ok, PASSWORD } from "./scenarios.js";

const AUTH = `import { oauthProvider } from "@better-auth/oauth-provider";
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { genericOAuth, jwt } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
const load = async (path: string) => (await fetch(outside + path)).json() as Promise<{ greeting: string }>;

/** Lives without its settings, and never asks again. */
const greeter = () => {
  let settings = { greeting: "none" };
  return {
    id: "greeter",
    init: async (ctx) => {
      settings = await load("/greeter").catch((error: Error) => {
        ctx.logger.error("no settings: " + error.message);
        return settings;
      });
      return { context: { greeting: settings.greeting } };
    },
    endpoints: {
      greet: createAuthEndpoint("/greeter/greet", { method: "GET" }, async (ctx) => ctx.json(settings)),
    },
    hooks: {
      after: [
        {
          matcher: ({ path }) => path === "/ok",
          handler: createAuthMiddleware(async (ctx) => ctx.json(settings)),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
};

const pair = (providerId: string) => ({
  providerId,
  clientId: "client",
  clientSecret: "secret",
  discoveryUrl: outside + "/" + providerId,
});

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => "hash of " + password,
      verify: async ({ hash, password }: { hash: string; password: string }) => hash === "hash of " + password,
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    // Makes no key of its own for a session.
    jwt({ disableSettingJwtHeader: true }),
    oauthProvider({
      loginPage: "/in",
      consentPage: "/consent",
      resources: [outside + "/api", { identifier: outside + "/other", name: "Other" }],
      resourceSeedMode: "overwrite",
      enforcePerClientResources: false,
      silenceWarnings: { oauthAuthServerConfig: true },
    }),
    genericOAuth({ config: [pair("first"), pair("second")] }),
    greeter(),
  ],
  telemetry: { enabled: false },
}));
`;

const FUNCTIONS = `import { v } from "convex/values";
import { action, mutation, query } from "./_generated/server";
import { getAuth } from "./generated/auth";

const args = { token: v.string() };
const email = async (auth: ReturnType<typeof getAuth>, token: string) => {
  const headers = new Headers({ cookie: "better-auth.session_token=" + token });
  return (await auth.api.getSession({ headers }))?.user.email ?? null;
};
export const inQuery = query({ args, handler: (ctx, { token }) => email(getAuth(ctx), token) });
export const inMutation = mutation({ args, handler: (ctx, { token }) => email(getAuth(ctx), token) });
export const inAction = action({ args, handler: (ctx, { token }) => email(getAuth(ctx), token) });
`;

let app: AuthApp;
/** An empty deployment of the same app, where no command made an action start the plugins. */
let fresh: Awaited<ReturnType<AuthApp["elsewhere"]>>;

const DISCOVERED = ["/first", "/second"];
const PATHS = [...DISCOVERED, "/greeter"];

const countsOf = () => PATHS.map((path) => app.outside.calls(path).length);

/** Which paths the outside was asked for, one entry for each call. */
async function callsOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = countsOf();
  await act();
  const counts = countsOf();
  return PATHS.flatMap((path, at) => Array<string>(counts[at]! - before[at]!).fill(path));
}

/** Functions that the action ran. In placement component each read is a call from one of these. */
async function runsOf(act: () => Promise<unknown>) {
  await fresh.deployment.resetCounters();
  await act();
  const { queries, mutations, nested } = await fresh.deployment.counters();
  return mutations === 0
    ? { queries: queries - nested }
    : { functions: queries + mutations - nested };
}

async function seededRows() {
  return rowsOf(await fresh.deployment.rows(), app.tables.oauthResource!);
}

const signIn = async (browser: Browser, provider = "first") =>
  String((await ok(browser.post("/sign-in/social", { provider, callbackURL: ORIGIN }))).url);

const signUp = (browser: Browser) =>
  ok(browser.post("/sign-up/email", { name: "Ada", email: newEmail(), password: PASSWORD }));

/** Declares the tests of one placement. */
export function pluginsStartIn(placement: Placement): void {
  describe(`placement ${placement}`, () => {
    beforeAll(async () => {
      app = await startAuthApp(placement, AUTH, {
        packages: ["@better-auth/oauth-provider"],
        files: { "convex/asked.ts": FUNCTIONS },
      });
      fresh = await app.elsewhere();
      const { url } = app.outside;
      for (const path of DISCOVERED)
        app.outside.serve(path, {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          userinfo_endpoint: `${url}/userinfo`,
          end_session_endpoint: `${url}/logout`,
        });
      app.outside.serve("/greeter", { greeting: "hello" });
    });
    afterAll(async () => {
      await fresh?.deployment.stop();
      await app?.stop();
    });

    test("a request that reads is one query, asks nothing and writes nothing", async () => {
      const calls = await callsOf(async () => {
        const runs = await runsOf(() => ok(fresh.browser().get("/get-session")));
        expect(runs).toEqual({ queries: 1 });
      });
      expect(calls).toEqual([]);
      expect(await seededRows()).toEqual([]);
    });

    test("queries and mutations of the app call auth.api, and ask nothing", async () => {
      const client = new ConvexHttpClient(fresh.deployment.url);
      const args = { token: "none" };
      const calls = await callsOf(async () => {
        expect(await client.query(makeFunctionReference<"query">("asked:inQuery"), args)).toBe(
          null,
        );
        expect(await seededRows()).toEqual([]);
        const inMutation = makeFunctionReference<"mutation">("asked:inMutation");
        expect(await client.mutation(inMutation, args)).toBe(null);
      });
      expect(calls).toEqual([]);
    });

    test("what init writes is there once, before an endpoint of the plugin answers", async () => {
      const calls = await callsOf(async () => {
        const metadata = await ok(fresh.browser().get("/.well-known/openid-configuration"));
        expect(metadata).toHaveProperty("authorization_endpoint");
        const rows = await seededRows();
        const names = rows.map(({ name }) => String(name)).sort();
        expect(names).toEqual(["Other", `${app.outside.url}/api`]);
        await signUp(fresh.browser());
        // It overwrites what differs, but not to change a date.
        expect(await seededRows()).toEqual(rows);
      });
      expect(calls).toEqual([]);
    });

    test("a sign-out without a session asks nothing, and neither does one with a made-up cookie", async () => {
      const calls = await callsOf(async () => {
        await ok(fresh.browser().post("/sign-out", {}));
        const cookie = "better-auth.session_token=made.up";
        await ok(fresh.browser().post("/sign-out", {}, { cookie }));
      });
      expect(calls).toEqual([]);
    });

    test("the first sign-in asks for the document of its provider, and keeps it", async () => {
      const first = await callsOf(async () => {
        await fresh.deployment.failNext({ path: "/api/auth/sign-in/social", conflicts: 2 });
        expect(await signIn(fresh.browser())).toContain("/authorize");
        expect(await fresh.deployment.disarm()).toBe(true);
      });
      expect(first).toEqual(["/first"]);
      const second = await callsOf(async () => {
        const runs = await runsOf(() => signIn(fresh.browser()));
        expect(runs).toEqual({ functions: 1 });
      });
      expect(second).toEqual([]);
      expect(await callsOf(() => ok(fresh.browser().get("/get-session")))).toEqual([]);
    });

    test("the callback of a provider uses the document that is kept", async () => {
      const browser = fresh.browser();
      const state = new URL(await signIn(browser)).searchParams.get("state") ?? "";
      const code = app.outside.consent(newEmail());
      const calls = await callsOf(async () => {
        const answer = await browser.get(`/callback/first?${new URLSearchParams({ state, code })}`);
        expect(answer.headers.get("location")).toBe(ORIGIN);
      });
      expect(calls).toEqual([]);
      const runs = await runsOf(() => ok(browser.get("/get-session")));
      expect(runs).toEqual({ queries: 1 });
      expect(await ok(browser.get("/get-session"))).toHaveProperty("user");
    });

    test("requests that name an account find its provider, and a sign-out ends the session there", async () => {
      const browser = fresh.browser();
      const state = new URL(await signIn(browser)).searchParams.get("state") ?? "";
      const code = app.outside.consent(newEmail());
      await browser.get(`/callback/first?${new URLSearchParams({ state, code })}`);
      const [{ id: accountId }] = (await (await browser.get("/list-accounts")).json()) as [
        { id: string },
      ];
      const token = await ok(browser.post("/get-access-token", { accountId }));
      expect(token).toHaveProperty("accessToken");
      const info = await ok(browser.get(`/account-info?${new URLSearchParams({ accountId })}`));
      expect(info).toHaveProperty("user.email");
      const { url } = await ok(browser.post("/sign-out", {}));
      expect(url).toContain(`${app.outside.url}/logout`);
    });

    test("sign-ins at the same time share one document", async () => {
      const calls = await callsOf(async () => {
        const urls = await Promise.all([1, 2, 3].map(() => signIn(fresh.browser(), "second")));
        expect(urls.every((url) => url.includes("/authorize"))).toBe(true);
        await signIn(fresh.browser(), "second");
      });
      // Those that began before an answer was kept ask as well.
      expect(calls.filter((path) => path !== "/second")).toEqual([]);
      expect(calls.length).toBeLessThanOrEqual(3);
      expect(await callsOf(() => signIn(fresh.browser(), "second"))).toEqual([]);
    });

    test("a plugin that never asks again has its answer in its endpoints and hooks", async () => {
      const calls = await callsOf(async () => {
        const greeted = await ok(fresh.browser().get("/greeter/greet"));
        expect(greeted).toEqual({ greeting: "hello" });
      });
      expect(calls).toEqual(["/greeter"]);
      const later = await callsOf(async () => {
        expect(await ok(fresh.browser().get("/greeter/greet"))).toEqual({ greeting: "hello" });
        expect(await ok(fresh.browser().get("/ok"))).toEqual({ greeting: "hello" });
      });
      expect(later).toEqual([]);
    });

    test("what is kept is sealed, under a name that nobody can guess", async () => {
      const rows = rowsOf(await fresh.deployment.rows(), app.tables.verification!);
      const kept = rows.filter(({ identifier }) => String(identifier).startsWith("kitcn-init-"));
      expect(kept).toHaveLength(PATHS.length);
      for (const { identifier, value } of kept) {
        expect(identifier).toMatch(/^kitcn-init-[0-9a-f]{64}$/);
        expect(atob(String(value))).not.toContain("authorize");
      }
    });

    test("nothing that init was refused on purpose is logged", () => {
      const log = fresh.deployment.logs().join("\n");
      expect(log).not.toMatch(/no settings|Discovery|discovery|Provider skipped/);
    });

    test("an action of the app calls auth.api with what is kept", async () => {
      const client = new ConvexHttpClient(fresh.deployment.url);
      const inAction = makeFunctionReference<"action">("asked:inAction");
      const calls = await callsOf(async () => {
        expect(await client.action(inAction, { token: "none" })).toBe(null);
      });
      expect(calls).toEqual([]);
    });

    test("a resource that was deleted stays away, until somebody makes it again", async () => {
      const { deployment, outside, tables } = app;
      const browser = app.browser();
      await signUp(browser);
      const client = await ok(
        browser.post("/oauth2/create-client", {
          redirect_uris: ["https://client.example.com/callback"],
          grant_types: ["client_credentials"],
          response_types: [],
        }),
      );
      const of = [{ column: "clientId", value: String(client.client_id) }];
      const may = { clientCredentialsScopes: ["read"] };
      const allow = { kind: "updateMany", input: { model: "oauthClient", where: of, data: may } };
      await writeAsAdmin(app, allow);
      const resource = `${outside.url}/api`;
      const credentials = btoa(`${String(client.client_id)}:${String(client.client_secret)}`);
      const token = async () => {
        const answer = await fetch(`${deployment.siteUrl}/api/auth/oauth2/token`, {
          method: "POST",
          headers: { authorization: `Basic ${credentials}` },
          body: new URLSearchParams({ grant_type: "client_credentials", resource }),
        });
        const { error = "none" } = (await answer.json()) as { error?: string };
        return `${answer.status} ${error}`;
      };
      expect(await token()).toBe("200 none");
      const [before] = rowsOf(await deployment.rows(), tables.oauthResource!).filter(
        ({ identifier }) => identifier === resource,
      );
      const where = [{ column: "identifier", value: resource }];
      const remove = { kind: "deleteMany", input: { model: "oauthResource", where } };
      await writeAsAdmin(app, remove);
      for (let at = 0; at < 2; at++) expect(await token()).toBe("400 invalid_target");
      await ok(app.browser().get("/.well-known/openid-configuration"));
      await signUp(app.browser());
      const names = async () =>
        rowsOf(await deployment.rows(), tables.oauthResource!).map(({ name }) => name);
      expect(await names()).toEqual(["Other"]);
      const own = Object.entries(before!).filter(([column]) => !column.startsWith("_"));
      const data = Object.fromEntries(own);
      await writeAsAdmin(app, { kind: "create", input: { model: "oauthResource", data } });
      expect(await token()).toBe("200 none");
    });
  });
}
