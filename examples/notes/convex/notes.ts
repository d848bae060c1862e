import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

/** Who is asking, as Convex sees the token; null when signed out. */
export const whoami = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return identity && { subject: identity.subject, name: identity.name, email: identity.email };
  },
});

export const mine = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return [];
    return ctx.db
      .query("notes")
      .withIndex("by_author", (q) => q.eq("author", identity.subject))
      .collect();
  },
});

export const add = mutation({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) throw new Error("Sign in to add a note.");
    await ctx.db.insert("notes", { body, author: identity.subject });
  },
});
