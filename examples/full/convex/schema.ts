import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";

export default defineSchema({
  projects: defineTable({
    organizationId: v.id("organization"),
    ownerId: v.id("user"),
    name: v.string(),
    openTasks: v.number(),
  })
    .index("by_organization", ["organizationId"])
    .index("by_owner", ["ownerId"]),
  tasks: defineTable({
    projectId: v.id("projects"),
    title: v.string(),
    isDone: v.boolean(),
  }).index("by_project_isDone", ["projectId", "isDone"]),
  // What happened, one line for each write that a trigger saw.
  activity: defineTable({ line: v.string() }),
});

const triggers = defineTriggers(relations, {
  user: {
    create: {
      before: (user) => ({ data: { plan: user.email.endsWith("@kitcn.dev") ? "pro" : "free" } }),
      after: async (user, ctx) => {
        await ctx.orm.insert("activity", { line: `user ${user.email} ${user.plan ?? "-"}` });
      },
    },
    update: {
      before: (changes) => (changes.name === "" ? false : undefined),
    },
    change: async ({ operation, oldDoc, newDoc }, ctx) => {
      const email = (newDoc ?? oldDoc)?.email ?? "";
      await ctx.db.insert("activity", { line: `${operation} ${email}` });
    },
  },
  tasks: {
    change: async ({ oldDoc, newDoc }, ctx) => {
      const projectId = (newDoc ?? oldDoc)?.projectId;
      if (!projectId) return;
      const open = await ctx.orm.query.tasks.findMany({
        where: { projectId, isDone: false },
        columns: { _id: true },
      });
      await ctx.orm.update("projects", projectId, { openTasks: open.length });
    },
  },
});
