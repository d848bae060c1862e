// `kitcn/auth/http`: puts the auth routes on a Convex site. One request handler behind every router.
// Must not know how a request is answered: that is Better Auth's and the runtime's business.
import { httpActionGeneric } from "convex/server";
import type { GenericActionCtx, GenericDataModel, HttpRouter } from "convex/server";
import { KitcnError } from "../errors.js";
import { DEFAULT_BASE_PATH, trimBasePath } from "./config.js";
import { assertCorsOptions, preflightResponse, withCors, type CorsOptions } from "./cors.js";

export { authMiddleware, type AuthMiddleware } from "./middleware.js";

/** `getAuth` as generated/auth.ts exports it; only its request handler is needed here. */
export type GetAuthHandler<DataModel extends GenericDataModel> = (
  ctx: GenericActionCtx<DataModel>,
) => { handler: (request: Request) => Promise<Response> };

export type AuthRoutesOptions = {
  /** As Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string;
  /** Lets browsers on other origins call the auth routes with credentials. Default: same origin only. */
  cors?: CorsOptions;
};

/**
 * Registers Better Auth's routes on a plain `httpRouter`.
 *
 * @throws KitcnError `INVALID_CORS_ORIGIN`, `INVALID_BASE_PATH`
 * @example
 * // convex/http.ts
 * import { httpRouter } from "convex/server";
 * import { registerRoutes } from "kitcn/auth/http";
 * import { getAuth } from "./generated/auth";
 *
 * const http = httpRouter();
 * registerRoutes(http, getAuth);
 *
 * export default http;
 */
export function registerRoutes<DataModel extends GenericDataModel>(
  http: HttpRouter,
  getAuth: GetAuthHandler<DataModel>,
  { basePath = DEFAULT_BASE_PATH, cors }: AuthRoutesOptions = {},
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

/**
 * The base path as routers compare it: with a slash before it, and none behind.
 *
 * @throws KitcnError `INVALID_BASE_PATH`
 * @internal
 */
export function routePath(basePath: string): string {
  if (basePath.startsWith("/")) return trimBasePath(basePath);
  throw new KitcnError({
    code: "INVALID_BASE_PATH",
    message: `basePath is "${basePath}", which does not begin with a slash.`,
    hint: `Write "/${basePath}", as in auth.ts.`,
  });
}

/**
 * Answers one auth request, preflight included. Shared by `registerRoutes` and `authMiddleware`.
 *
 * @internal
 */
export async function handleAuthRequest<DataModel extends GenericDataModel>({
  getAuth,
  ctx,
  request,
  cors,
}: {
  getAuth: GetAuthHandler<DataModel>;
  ctx: GenericActionCtx<DataModel>;
  request: Request;
  cors?: CorsOptions | undefined;
}): Promise<Response> {
  if (!cors) return getAuth(ctx).handler(request);
  return (
    (await preflightResponse(request, cors)) ??
    withCors(await getAuth(ctx).handler(request), request, cors)
  );
}

// --- internal ---

/** What Better Auth and its plugins (SCIM among them) answer to; OPTIONS only where CORS is on. */
const AUTH_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
