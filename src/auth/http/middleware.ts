// `authMiddleware` of `kitcn/auth/http`: the auth routes on a Hono app. Its types name only what it uses of
// Hono's context, so that apps without Hono can import the entry point.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { DEFAULT_BASE_PATH, routePath } from "./base-path.js";
import { assertCorsOptions } from "./cors.js";
import {
  handleAuthRequest,
  type AuthRoutesOptions,
  type GetAuthHandler,
} from "./handle-request.js";

/** A Hono middleware, as far as this one goes. */
export type AuthMiddleware = (
  c: { readonly env: unknown; readonly req: { readonly raw: Request } },
  next: () => Promise<void>,
) => Promise<Response | void>;

/**
 * Answers Better Auth's routes on a Hono app and passes every other request on. `c.env` must be the Convex
 * action ctx, as `createHttpRouter` and `HttpRouterWithHono` make it. `getAuth` of generated/auth serves as well, at
 * the cost of loading Better Auth for every request of the site.
 *
 * @throws KitcnError `INVALID_CORS_ORIGIN`, `INVALID_BASE_PATH`
 * @example
 * import { Hono } from "hono";
 * import { authMiddleware } from "kitcn/auth/http";
 * import { createHttpRouter } from "kitcn/server";
 * import { authRoutes } from "./generated/routes";
 *
 * const app = new Hono();
 * app.use(authMiddleware(authRoutes));
 *
 * export default createHttpRouter(app);
 */
export function authMiddleware<DataModel extends GenericDataModel>(
  getAuth: GetAuthHandler<DataModel>,
  { basePath = getAuth.basePath ?? DEFAULT_BASE_PATH, cors }: AuthRoutesOptions = {},
): AuthMiddleware {
  if (cors) assertCorsOptions(cors);
  const path = routePath(basePath);
  return async ({ env, req: { raw: request } }, next) => {
    const { pathname } = new URL(request.url);
    const isAuth = pathname === path || pathname.startsWith(`${path}/`);
    // Without CORS of our own, preflight is left to the app's, as `hono/cors`.
    if (!isAuth || (request.method === "OPTIONS" && !cors)) return next();
    // Hono carries the action ctx as env; every action of this app has the app's data model.
    const ctx = env as GenericActionCtx<DataModel>;
    return handleAuthRequest({ getAuth, ctx, request, cors });
  };
}
