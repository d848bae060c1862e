import { v } from "convex/values";
import { mutation } from "./_generated/server";

/** Users with a session each. */
export const rows = mutation({
  args: { from: v.number(), to: v.number() },
  handler: async (ctx, { from, to }) => {
    const times = { createdAt: 1, updatedAt: 1 };
    const add = async (at: number) => {
      const email = `row-${at}@example.com`;
      const user = { name: "Row", email, emailVerified: false, ...times };
      const userId = await ctx.db.insert("user", user);
      await ctx.db.insert("session", { userId, token: `token-${at}`, expiresAt: 1, ...times });
    };
    await Promise.all(Array.from({ length: to - from }, (_, offset) => add(from + offset)));
  },
});
