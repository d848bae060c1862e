import { v } from "convex/values";
import { mutation } from "./_generated/server";

/** Users with a session each. */
export const rows = mutation({
  args: { from: v.number(), to: v.number() },
  handler: async (ctx, { from, to }) => {
    const times = { createdAt: 1, updatedAt: 1 };
    for (let at = from; at < to; at++) {
      const userId = await ctx.db.insert("user", {
        name: "Row",
        email: `row-${at}@example.com`,
        emailVerified: false,
        ...times,
      });
      await ctx.db.insert("session", { userId, token: `token-${at}`, expiresAt: 1, ...times });
    }
  },
});
