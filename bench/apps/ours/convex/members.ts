import { v } from "convex/values";
import { mutation } from "./_generated/server";

/** Other members of an organization. */
export const rows = mutation({
  args: { organizationId: v.id("organization"), from: v.number(), to: v.number() },
  handler: async (ctx, { organizationId, from, to }) => {
    const user = await ctx.db.query("user").order("desc").first();
    if (!user) return;
    // The look-up is by organization and user; all these are of another user.
    const add = (createdAt: number) =>
      ctx.db.insert("member", { organizationId, userId: user._id, role: "member", createdAt });
    await Promise.all(Array.from({ length: to - from }, (_, offset) => add(from + offset)));
  },
});
