import { v } from "convex/values";
import { mutation } from "./_generated/server";

/** Other members of an organization. */
export const rows = mutation({
  args: { organizationId: v.id("organization"), from: v.number(), to: v.number() },
  handler: async (ctx, { organizationId, from, to }) => {
    const user = await ctx.db.query("user").order("desc").first();
    if (!user) return;
    for (let at = from; at < to; at++) {
      // The look-up is by organization and user; all these are of another user.
      const member = { organizationId, userId: user._id, role: "member", createdAt: at };
      await ctx.db.insert("member", member);
    }
  },
});
