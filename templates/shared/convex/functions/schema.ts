import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  notes: defineTable({
    text: v.string(),
    /** The id of the user who wrote it; missing if a visitor did. */
    author: v.optional(v.string()),
    authorName: v.optional(v.string()),
  }).index("by_author", ["author"]),
});
