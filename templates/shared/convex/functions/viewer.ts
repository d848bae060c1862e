import { query } from "./_generated/server";

/** The signed-in user; null for a visitor. */
export const me = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return identity && { name: identity.name || identity.email || "Account" };
  },
});
