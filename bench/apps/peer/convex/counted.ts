import { query } from "./_generated/server";
import { authComponent, createAuth } from "./auth";

export const userId = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const currentUser = query({
  args: {},
  handler: async (ctx) => (await authComponent.safeGetAuthUser(ctx))?.email ?? null,
});

export const apiSession = query({
  args: {},
  handler: async (ctx) => {
    const headers = await authComponent.getHeaders(ctx);
    const found = await createAuth(ctx).api.getSession({ headers });
    return found?.user.email ?? null;
  },
});
