// `kitcn/auth/http`: puts the auth routes on a Convex site. One request handler behind every router.
// Must not know how a request is answered: that is Better Auth's and the runtime's business.
import { httpActionGeneric } from "convex/server";
import type { GenericActionCtx, GenericDataModel, HttpRouter } from "convex/server";
import { DEFAULT_BASE_PATH, routePath } from "./http/base-path.js";
import { assertCorsOptions } from "./http/cors.js";
import {
  handleAuthRequest,
  type AuthRoutesOptions,
  type GetAuthHandler,
} from "./http/handle-request.js";

export { authMiddleware, type AuthMiddleware } from "./http/middleware.js";
export type { AuthRoutesOptions, GetAuthHandler } from "./http/handle-request.js";

/**
 * Registers Better Auth's routes on a plain `httpRouter`. `getAuth` of generated/auth serves as well, at the cost of
 * loading Better Auth for every request of the site.
 *
 * @throws KitcnError `INVALID_CORS_ORIGIN`, `INVALID_BASE_PATH`
 * @example
 * // convex/http.ts
 * import { httpRouter } from "convex/server";
 * import { registerRoutes } from "kitcn/auth/http";
 * import { authRoutes } from "./generated/routes";
 *
 * const http = httpRouter();
 * registerRoutes(http, authRoutes);
 *
 * export default http;
 */
export function registerRoutes<DataModel extends GenericDataModel>(
  http: HttpRouter,
  getAuth: GetAuthHandler<DataModel>,
  { basePath = getAuth.basePath ?? DEFAULT_BASE_PATH, cors }: AuthRoutesOptions = {},
): void {
  if (cors) assertCorsOptions(cors);
  const handler = httpActionGeneric((ctx, request) =>
    // The router is generic; every action of this app has the app's data model.
    handleAuthRequest({
      getAuth,
      ctx: ctx as unknown as GenericActionCtx<DataModel>,
      request,
      cors,
    }),
  );
  const path = routePath(basePath);
  const methods = cors ? ([...AUTH_METHODS, "OPTIONS"] as const) : AUTH_METHODS;
  for (const method of methods) {
    if (path !== "") http.route({ path, method, handler });
    http.route({ pathPrefix: `${path}/`, method, handler });
  }
}

// --- internal ---

/** What Better Auth and its plugins (SCIM among them) answer to; OPTIONS only where CORS is on. */
const AUTH_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
