import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

// Notes, newest last.
export default defineSchema({
  notes: defineTable({
    body: v.string(), // plain text
    author: v.string(),
  }).index("by_author", ["author"]),
});
