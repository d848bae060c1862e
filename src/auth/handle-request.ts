// Answers one auth request on a Convex site. Shared by `registerRoutes` and `authMiddleware`.
// Must not know how a request is answered: that is Better Auth's and the runtime's business.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { preflightResponse, withCors, type CorsOptions } from "./cors.js";

/** `getAuth` as generated/auth.ts exports it; only its request handler and its place are needed here. */
export type GetAuthHandler<DataModel extends GenericDataModel> = {
  (ctx: GenericActionCtx<DataModel>): { handler: (request: Request) => Promise<Response> };
  /** Better Auth's `basePath`, where auth.ts sets one: written by codegen. */
  readonly basePath?: string;
};

export type AuthRoutesOptions = {
  /** As Better Auth's `basePath`. Default: the one that `getAuth` carries, else `/api/auth`. */
  basePath?: string;
  /** Lets browsers on other origins call the auth routes with credentials. Default: same origin only. */
  cors?: CorsOptions;
};

/** The response to a request, preflight included. */
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
