import { v } from "convex/values";
import { withoutTriggers } from "kitcn/orm";
import { zid } from "kitcn/server";
import { z } from "zod";
import { getAuth } from "./generated/auth";
import { action, mutation, query } from "./generated/server";
import { authMutation, authQuery } from "../lib/crpc";

export const create = authMutation
  .input(z.object({ organizationId: zid("organization"), name: z.string().min(1).max(80) }))
  .mutation(({ ctx, input }) =>
    ctx.orm.insert("projects", { ...input, ownerId: ctx.userId, openTasks: 0 }),
  );

export const mine = authQuery
  .input(z.object({ cursor: z.string().nullable(), limit: z.number().max(50) }))
  .query(({ ctx, input }) =>
    ctx.orm.query.projects.findMany({
      where: { ownerId: ctx.userId },
      with: { organization: { columns: { name: true } }, tasks: { where: { isDone: false } } },
      ...input,
    }),
  );

// The same triggers fire for Convex's own ctx.db.
export const addTask = mutation({
  args: { projectId: v.id("projects"), title: v.string() },
  handler: (ctx, { projectId, title }) =>
    ctx.db.insert("tasks", { projectId, title, isDone: false }),
});

export const activity = query({
  args: {},
  handler: async (ctx) =>
    (await ctx.orm.query.activity.findMany({ columns: { line: true } })).map(({ line }) => line),
});

// Better Auth in a mutation: one transaction with whatever else the mutation does. What hashes a password belongs in
// an action, since a hash takes much of the second that Convex gives a mutation.
export const addUser = mutation({
  args: { email: v.string(), name: v.string() },
  handler: async (ctx, body) => {
    const { user } = await getAuth(ctx).api.createUser({ body });
    return user.id;
  },
});

export const signUpInAction = action({
  args: { email: v.string(), password: v.string(), name: v.string() },
  handler: async (ctx, body): Promise<string> => {
    const { user } = await getAuth(ctx).api.signUpEmail({ body });
    return user.id;
  },
});

const EMPTY_USER = { name: "Ada", emailVerified: false, createdAt: 0, updatedAt: 0 };

// An app would leave users to Better Auth; triggers fire for whoever writes them.
export const addByOrm = mutation({
  args: { email: v.string() },
  handler: async (ctx, { email }) => {
    await ctx.orm.insert("user", { ...EMPTY_USER, email });
  },
});

export const addByDb = mutation({
  args: { email: v.string() },
  handler: async (ctx, { email }) => {
    await ctx.db.insert("user", { ...EMPTY_USER, email });
  },
});

export const addQuietly = mutation({
  args: { email: v.string() },
  handler: async (ctx, { email }) => {
    const quiet = withoutTriggers(ctx);
    await quiet.orm.insert("user", { ...EMPTY_USER, email });
    await quiet.db.insert("user", { ...EMPTY_USER, email: `2-${email}` });
  },
});

export const rename = mutation({
  args: { email: v.string(), name: v.string() },
  handler: async (ctx, { email, name }) => {
    await ctx.db.insert("activity", { line: `renaming ${email}` });
    await ctx.orm.update("user", { where: { email } }, { name });
  },
});
