import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

/** The latest notes, newest first. */
export const list = query({
  args: {},
  handler: (ctx) => ctx.db.query("notes").order("desc").take(20),
});

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    await ctx.db.insert("notes", { text });
  },
});
