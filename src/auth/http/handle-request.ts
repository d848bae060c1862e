// Answers one auth request on a Convex site. Shared by `registerRoutes` and `authMiddleware`.
// Must not know how a request is answered: that is Better Auth's and the runtime's business.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { errorText } from "../../error-text.js";
import { isKitcnError } from "../../errors/error.js";
import { failureResponse } from "../../request/failures.js";
import { preflightResponse, withCors, type CorsOptions } from "./cors.js";

/**
 * `authRoutes` of generated/routes.ts, which loads Better Auth where it has to, or `getAuth` of generated/auth.ts,
 * which has loaded it.
 */
export type GetAuthHandler<DataModel extends GenericDataModel> = {
  (ctx: GenericActionCtx<DataModel>): { handler: (request: Request) => Promise<Response> };
  /** Better Auth's `basePath`, as codegen found it. */
  readonly basePath?: string;
};

export type AuthRoutesOptions = {
  /** As Better Auth's `basePath`. Default: what codegen found in auth.ts. */
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
  const answer = () => answering(() => getAuth(ctx).handler(request));
  if (!cors) return answer();
  return (await preflightResponse(request, cors)) ?? withCors(await answer(), request, cors);
}

// --- internal ---

/** What kitcn refuses before Better Auth runs is answered by name: Convex would answer with a trace, or with nothing. */
async function answering(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (!isKitcnError(error)) throw error;
    console.error(errorText(error));
    return failureResponse(error);
  }
}
