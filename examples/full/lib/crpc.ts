import { getSession } from "kitcn/auth";
import { CRPCError, initCRPC } from "kitcn/server";
import type { DataModel } from "../convex/_generated/dataModel";
import {
  action,
  internalAction,
  internalMutation,
  internalQuery,
  mutation,
  query,
  type ActionCtx,
  type MutationCtx,
  type QueryCtx,
} from "../convex/generated/server";

const c = initCRPC.dataModel<DataModel>().create<QueryCtx, MutationCtx, ActionCtx>({
  query,
  mutation,
  action,
  internalQuery,
  internalMutation,
  internalAction,
});

const signedIn = c.middleware(async ({ ctx, next }) => {
  const session = await getSession(ctx);
  if (!session) throw new CRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  return next({ ctx: { session, userId: session.userId } });
});

// Anyone may call these.
export const publicQuery = c.query;
export const publicMutation = c.mutation;
export const publicAction = c.action;
export const publicRoute = c.httpAction;

// Only who is signed in may call these; ctx has session and userId.
export const authQuery = publicQuery.use(signedIn);
export const authMutation = publicMutation.use(signedIn);
export const authAction = publicAction.use(signedIn);
export const authRoute = publicRoute.use(signedIn);

export const router = c.router;
