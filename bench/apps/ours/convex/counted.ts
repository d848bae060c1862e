import { getAuthUserId, getHeaders } from "kitcn/auth";
import { query } from "./_generated/server";
import { getAuth } from "./generated/auth";

export const userId = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });

export const currentUser = query({
  args: {},
  handler: async (ctx) => {
    const id = await getAuthUserId(ctx);
    return id && ((await ctx.db.get(id))?.email ?? null);
  },
});

export const apiSession = query({
  args: {},
  handler: async (ctx) => {
    const found = await getAuth(ctx).api.getSession({ headers: await getHeaders(ctx) });
    return found?.user.email ?? null;
  },
});
