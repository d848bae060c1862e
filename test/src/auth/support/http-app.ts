// An app whose auth routes are served by convex-test, through registerRoutes or through Hono.
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import {
  httpActionGeneric,
  httpRouter,
  type GenericDataModel,
  type HttpRouter,
} from "convex/server";
import { convexTest } from "convex-test";
import { Hono } from "hono";
import { planTables } from "../../../../codegen/plan/plan-tables.js";
import {
  authMiddleware,
  registerRoutes,
  type AuthRoutesOptions,
} from "../../../../src/auth/http.js";
import {
  convex,
  getAuthUserId,
  getAuthUserIdentity,
  getHeaders,
  getSession,
} from "../../../../src/auth/index.js";
import { createApp } from "../../../../src/orm/app.js";
import { defineTriggers } from "../../../../src/orm/triggers.js";
import type { AnyRelations } from "../../../../src/orm/relations.js";
import { createAuthRoutes } from "../../../../src/auth/routes.js";
import { createAuthRuntime, type AuthCtx, type AuthOptions } from "../../../../src/auth/runtime.js";
import { createAuthStore } from "../../../../src/auth/store-functions.js";
import { createHttpRouter } from "../../../../src/server/http-router.js";
import { schemaOf } from "../../../support/convex-schema.js";

export const SITE = "https://happy.convex.site";
/** The one that `auth.config.ts` of an app names, with no keys. */
export const provider = {
  type: "customJwt",
  issuer: SITE,
  applicationID: "convex",
  algorithm: "RS256",
  jwks: "data:",
} as const;
export const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

/** What http.ts hands to its router. */
export type HandlerKind = "getAuth" | "authRoutes";

export type RouterKind = "registerRoutes" | "authMiddleware";

export type HttpApp = {
  /** A request to the site; an error that no response was made of is thrown. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** A page of the site sends JSON to an auth endpoint, such as "/sign-up/email". */
  readonly post: (endpoint: string, body: object) => Promise<Response>;
  readonly t: ReturnType<typeof convexTest>;
  /** Of all auth tables. */
  readonly countRows: () => Promise<number>;
  readonly getAuth: (ctx: AuthCtx<GenericDataModel>) => { api: Record<string, unknown> };
  /** How often `authRoutes` has loaded auth.ts. */
  readonly loads: () => number;
};

/** What every helper says in a context, as plain data. */
export async function askHelpers(ctx: AuthCtx<GenericDataModel>) {
  const session = await getSession(ctx);
  return {
    userId: await getAuthUserId(ctx),
    identity: await getAuthUserIdentity(ctx),
    session: session && { ...session },
    headers: Object.fromEntries(await getHeaders(ctx)),
  };
}

export function createHttpApp({
  kind = "registerRoutes",
  handler = "authRoutes",
  routes = {},
  options: own = {},
  withCtx,
  modules = {},
  schemaTriggers,
}: {
  kind?: RouterKind;
  handler?: HandlerKind;
  routes?: AuthRoutesOptions;
  options?: Partial<AuthOptions>;
  /** What the definition makes of its context. */
  withCtx?: (ctx: AuthCtx<GenericDataModel>) => Partial<AuthOptions>;
  /** Functions of the app. */
  modules?: Record<string, () => Promise<unknown>>;
  /** Those of defineTriggers. */
  schemaTriggers?: object;
} = {}): HttpApp {
  const options = optionsOf(own, routes);
  const plan = planTables(getAuthTables(options), { placement: "app", options, forceIds: false });
  const schema = schemaOf(plan.app);
  const definition = (ctx: AuthCtx<GenericDataModel>) => ({ ...options, ...withCtx?.(ctx) });
  const relations: AnyRelations = {};
  if (schemaTriggers) defineTriggers(relations, schemaTriggers);
  const app = createApp<GenericDataModel, AnyRelations>({
    schema: () => schema,
    relations: () => relations,
    tables: plan.tables,
  });
  const shared = { tables: plan.tables, app: () => app };
  const { getAuth, inAction, functions } = createAuthRuntime<GenericDataModel, typeof definition>({
    ...shared,
    definition: () => definition,
  });
  let loads = 0;
  const load = async () => {
    loads++;
    return { authInAction: inAction };
  };
  const { basePath = "/api/auth" } = options;
  const authRoutes = createAuthRoutes<GenericDataModel>({ basePath, load });
  const handlers = { getAuth: Object.assign(getAuth, { basePath }), authRoutes };
  const t = convexTest({
    schema,
    modules: {
      "./_generated/api.js": async () => ({}),
      ...modules,
      "./generated/auth.js": async () => functions,
      "./generated/store.js": async () => createAuthStore<GenericDataModel>(shared),
      "./http.js": async () => ({ default: routerOf(kind, handlers[handler], routes) }),
    },
  });
  const countRows = () =>
    t.run(async ({ db }) => {
      const tables = Object.keys(schema.tables).map((name) => db.query(name).collect());
      return (await Promise.all(tables)).flat().length;
    });
  return {
    fetch: (path, init) => t.fetch(path, init),
    post: (endpoint, body) =>
      t.fetch(`${basePath}${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: SITE },
        body: JSON.stringify(body),
      }),
    t,
    countRows,
    getAuth,
    loads: () => loads,
  };
}

// --- internal ---

function optionsOf(own: Partial<AuthOptions>, { basePath }: AuthRoutesOptions): AuthOptions {
  return {
    baseURL: SITE,
    ...(basePath !== undefined && { basePath }),
    secret: "k3Jd8sLq0ZpX7vTn2RbY5wMc9GhF4aUe6",
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => `hash of ${password}`,
        verify: async ({ hash, password }) => hash === `hash of ${password}`,
      },
    },
    plugins: [convex({ authConfig: { providers: [provider] } }), organization()],
    ...own,
  };
}

/** What the helpers say in an HTTP action. */
const probe = httpActionGeneric(async (ctx) => Response.json(await askHelpers(ctx)));

function routerOf(
  kind: RouterKind,
  handler: Parameters<typeof registerRoutes<GenericDataModel>>[1],
  routes: AuthRoutesOptions,
): HttpRouter {
  if (kind === "registerRoutes") {
    const http = httpRouter();
    registerRoutes(http, handler, routes);
    http.route({ path: "/probe", method: "GET", handler: probe });
    return http;
  }
  const app = new Hono();
  app.use(authMiddleware(handler, routes));
  app.all("*", (c) => c.text("the app's own", 404));
  return createHttpRouter(app);
}
