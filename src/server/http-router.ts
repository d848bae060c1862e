// Puts a Hono app behind a Convex HttpRouter, and mounts a router's routes on it.
// Own code, since convex-helpers' bridge imports Hono at run time: procedures must work in an app without it.
import {
  httpActionGeneric,
  HttpRouter,
  ROUTABLE_HTTP_METHODS,
  type GenericActionCtx,
  type GenericDataModel,
  type PublicHttpAction,
  type RoutableMethod,
} from "convex/server";
import { duplicateRoute, notARoute } from "../errors/server.js";
import { errorResponse } from "./error.js";
import type { HttpRoute } from "./http-route.js";

/** What kitcn asks of a Hono app; every `new Hono()` has it. `c.env` is the Convex action ctx. */
export type HonoApp = {
  fetch(request: Request, env: object): Response | Promise<Response>;
  readonly routes: readonly { path: string; method: string; handler: object }[];
  /** Matches are handlers with their route, the most specific last. */
  readonly router: {
    match(method: string, path: string): readonly [readonly RouteMatch[], ...unknown[]];
  };
  on(method: string, path: string, handler: (c: HonoContext) => Promise<Response>): unknown;
  onError(handler: (error: Error) => Response): unknown;
};

type RouteMatch = readonly [readonly [handler: unknown, route: { path: string }], params: unknown];

/** The part of Hono's Context that is used here. */
export type HonoContext = {
  readonly env: unknown;
  readonly req: { readonly raw: Request; param(): Record<string, string> };
};

/** `Bindings` of a Hono app on Convex: `new Hono<HonoEnv<ActionCtx>>()` types `c.env`. */
export type HonoEnv<Ctx extends object = GenericActionCtx<GenericDataModel>> = {
  Bindings: { [Key in keyof Ctx]: Ctx[Key] };
};

/** Routes by name, nested as deep as wanted; what `router` takes and gives back. */
export type RouterRecord = { readonly [name: string]: HttpRoute | RouterRecord };

/**
 * A Convex HttpRouter whose own routes come first and which leaves the rest to a Hono app.
 *
 * @example
 * import { Hono } from "hono";
 * import { registerRoutes } from "kitcn/auth/http";
 * import { HttpRouterWithHono } from "kitcn/server";
 * import { getAuth } from "./generated/auth";
 *
 * const app = new Hono();
 * app.get("/api/hello", (c) => c.text("hello"));
 *
 * const http = new HttpRouterWithHono(app);
 * registerRoutes(http, getAuth);
 *
 * export default http;
 */
export class HttpRouterWithHono extends HttpRouter {
  constructor(app: HonoApp) {
    super();
    const handler = httpActionGeneric((ctx, request) => toPromise(app.fetch(request, ctx)));
    const { getRoutes, lookup } = this;
    this.getRoutes = () => [...getRoutes(), ...honoRoutes(app, handler)];
    this.lookup = (path, method) => {
      const own = lookup(path, method);
      if (own) return own;
      const routed = method === "HEAD" ? "GET" : method;
      // The pattern, as getRoutes lists it, so that logs group requests by route.
      const route = app.router.match(routed, path)[0].at(-1)?.[0][1];
      return [handler, routed, route?.path ?? path];
    };
  }
}

/**
 * The app's http.ts over Hono: mounts the router's routes on the app, and answers errors as JSON
 * (`{ code, message, issues? }`) unless the app has an `onError` of its own.
 *
 * @throws KitcnError `NOT_A_ROUTE`, `DUPLICATE_ROUTE`
 * @example
 * import { Hono } from "hono";
 * import { authMiddleware } from "kitcn/auth/http";
 * import { createHttpRouter } from "kitcn/server";
 * import { getAuth } from "./generated/auth";
 * import { publicRoute, router } from "../lib/crpc";
 *
 * const app = new Hono();
 * app.use(authMiddleware(getAuth));
 *
 * const health = publicRoute.get("/api/health").action(() => ({ ok: true }));
 *
 * export default createHttpRouter(app, router({ health }));
 */
export function createHttpRouter(app: HonoApp, router: RouterRecord = {}): HttpRouterWithHono {
  if (!hasOwnErrorHandler(app)) app.onError((error) => errorResponse(error));
  const seen = new Set<string>();
  for (const { name, route } of routesOf(router)) {
    const key = `${route.method} ${route.path}`;
    if (seen.has(key)) throw duplicateRoute({ route: key, name });
    seen.add(key);
    app.on(route.method, route.path, (c) =>
      // HttpRouterWithHono passes the action ctx as env, so it is an object.
      route.handle({ ctx: c.env as object, request: c.req.raw, params: c.req.param() }),
    );
  }
  return new HttpRouterWithHono(app);
}

// --- internal ---

type NamedRoute = { readonly name: string; readonly route: HttpRoute };

function routesOf(router: RouterRecord, prefix = ""): NamedRoute[] {
  return Object.entries(router).flatMap(([key, entry]): NamedRoute[] => {
    const name = `${prefix}${key}`;
    if (isHttpRoute(entry)) return [{ name, route: entry }];
    // The type refuses a Convex function here; plain JavaScript does not.
    if (typeof entry === "object" && entry !== null) return routesOf(entry, `${name}.`);
    throw notARoute({ name });
  });
}

function isHttpRoute(entry: HttpRoute | RouterRecord): entry is HttpRoute {
  return typeof entry === "object" && entry !== null && entry.isHttpRoute === true;
}

/** The list that Convex shows and checks at push. Middleware is registered for every method and path. */
function honoRoutes(
  app: HonoApp,
  handler: PublicHttpAction,
): Readonly<[string, RoutableMethod, PublicHttpAction]>[] {
  const listed = new Map<string, Readonly<[string, RoutableMethod, PublicHttpAction]>>();
  for (const { path, method } of app.routes)
    for (const routable of ROUTABLE_HTTP_METHODS)
      if (method === "ALL" || method === routable)
        listed.set(`${routable} ${path}`, [path, routable, handler]);
  return [...listed.values()];
}

/** Hono keeps its handler in a field it calls private; a new app of the same class tells the default. */
function hasOwnErrorHandler(app: HonoApp): boolean {
  const { constructor } = app as unknown as {
    constructor: new () => { errorHandler?: unknown };
  };
  return (app as { errorHandler?: unknown }).errorHandler !== new constructor().errorHandler;
}

async function toPromise(response: Response | Promise<Response>): Promise<Response> {
  return await response;
}
