// `kitcn/auth/http`: puts the auth routes on a Convex site. One request handler behind every router.
// Must not know how a request is answered: that is Better Auth's and the runtime's business.
import { httpActionGeneric } from "convex/server";
import type { GenericActionCtx, GenericDataModel, HttpRouter } from "convex/server";
import { DEFAULT_BASE_PATH } from "./config.js";
import { assertCorsOptions, preflightResponse, withCors, type CorsOptions } from "./cors.js";

/** `getAuth` as generated/auth.ts exports it; only its request handler is needed here. */
// A method, so that a getAuth typed by the app's own data model is accepted (bivariance).
export type GetAuthHandler = {
  bivarianceHack(ctx: GenericActionCtx<GenericDataModel>): {
    handler: (request: Request) => Promise<Response>;
  };
}["bivarianceHack"];

export type AuthRoutesOptions = {
  /** As Better Auth's `basePath`. Default: `/api/auth`. */
  basePath?: string;
  /** Lets browsers on other origins call the auth routes with credentials. Default: same origin only. */
  cors?: CorsOptions;
};

/**
 * Registers Better Auth's routes on a plain `httpRouter`.
 *
 * @throws KitcnError `INVALID_CORS_ORIGIN`
 * @example
 * const http = httpRouter();
 * registerRoutes(http, getAuth);
 * export default http;
 */
export function registerRoutes(
  http: HttpRouter,
  getAuth: GetAuthHandler,
  { basePath = DEFAULT_BASE_PATH, cors }: AuthRoutesOptions = {},
): void {
  if (cors) assertCorsOptions(cors);
  const handler = httpActionGeneric((ctx, request) =>
    handleAuthRequest({ getAuth, ctx, request, cors }),
  );
  const pathPrefix = `${basePath.replace(/\/+$/, "")}/`;
  const methods = cors ? (["GET", "POST", "OPTIONS"] as const) : (["GET", "POST"] as const);
  for (const method of methods) http.route({ pathPrefix, method, handler });
}

/** Answers one auth request, preflight included. Shared by `registerRoutes` and `authMiddleware`. */
export async function handleAuthRequest({
  getAuth,
  ctx,
  request,
  cors,
}: {
  getAuth: GetAuthHandler;
  ctx: GenericActionCtx<GenericDataModel>;
  request: Request;
  cors?: CorsOptions | undefined;
}): Promise<Response> {
  if (!cors) return getAuth(ctx).handler(request);
  return (
    preflightResponse(request, cors) ?? withCors(await getAuth(ctx).handler(request), request, cors)
  );
}
