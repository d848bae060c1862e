import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

/** The latest notes of all users, newest first. */
export const list = query({
  args: {},
  handler: (ctx) => ctx.db.query("notes").order("desc").take(20),
});

/** The latest notes of the signed-in user; null for a visitor. */
export const mine = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return null;
    return ctx.db
      .query("notes")
      .withIndex("by_author", (q) => q.eq("author", identity.subject))
      .order("desc")
      .take(20);
  },
});

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const identity = await ctx.auth.getUserIdentity();
    const author = identity ? { author: identity.subject, authorName: identity.name } : {};
    await ctx.db.insert("notes", { text, ...author });
  },
});
