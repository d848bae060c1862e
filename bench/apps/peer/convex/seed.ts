import { v } from "convex/values";
import { components } from "./_generated/api";
import { mutation } from "./_generated/server";

/** Users with a session each, by the component's own functions: nothing else may write its tables. */
export const rows = mutation({
  args: { from: v.number(), to: v.number() },
  handler: async (ctx, { from, to }) => {
    const times = { createdAt: 1, updatedAt: 1 };
    for (let at = from; at < to; at++) {
      const user = { name: "Row", email: `row-${at}@example.com`, emailVerified: false, ...times };
      const session = { userId: `row-${at}`, token: `token-${at}`, expiresAt: 1, ...times };
      await ctx.runMutation(components.betterAuth.adapter.create, {
        input: { model: "user", data: user },
      });
      await ctx.runMutation(components.betterAuth.adapter.create, {
        input: { model: "session", data: session },
      });
    }
  },
});
