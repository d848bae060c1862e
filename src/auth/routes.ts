// `kitcn/auth/routes`: what generated/routes.ts is made of. Better Auth's routes for http.ts, without Better Auth.
// Must not import better-auth or zod at run time: it is loaded where an action itself has to serve a request.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { driveRequest } from "../request/drive.js";
import { actionDriver } from "./http/action-driver.js";
import type { GetAuthHandler } from "./http/handle-request.js";
import { AUTH_MODULE } from "./references.js";
import { beganNow } from "./http/began.js";
import type { AuthInAction } from "./types.js";

/** What registerRoutes and authMiddleware take in place of `getAuth`. */
export type AuthRoutes<DataModel extends GenericDataModel> = GetAuthHandler<DataModel> & {
  /** Where the routes are: Better Auth's `basePath`. */
  readonly basePath: string;
};

export type AuthRoutesConfig<DataModel extends GenericDataModel> = {
  readonly basePath: string;
  /** Loads generated/auth.ts. */
  readonly load: () => Promise<{ readonly authInAction: AuthInAction<DataModel> }>;
};

/**
 * Makes the handler of the auth routes. Called once, by generated/routes.ts.
 *
 * @example
 * export const authRoutes: AuthRoutes<DataModel> = createAuthRoutes({
 *   basePath: "/api/auth", load: () => import("./auth"),
 * });
 */
export function createAuthRoutes<DataModel extends GenericDataModel>({
  basePath,
  load,
}: AuthRoutesConfig<DataModel>): AuthRoutes<DataModel> {
  const routes = (ctx: GenericActionCtx<DataModel>) => {
    let loaded: Promise<ReturnType<AuthInAction<DataModel>>> | undefined;
    const auth = () => (loaded ??= load().then(({ authInAction }) => authInAction(ctx)));
    const driver = actionDriver({
      ctx,
      module: AUTH_MODULE,
      options: async () => (await auth()).options(),
      callDeferred: async (callback) => (await auth()).callDeferred(callback),
      serveInAction: async (request) => (await auth()).serveInAction(request),
      takeLimit: async (limit) => (await auth()).takeLimit(limit),
      readLong: async (question) => (await auth()).readLong(question),
    });
    return { handler: (request: Request) => driveRequest(beganNow(request), driver) };
  };
  return Object.assign(routes, { basePath });
}
