import { getAuthUserId } from "kitcn/auth";
import { query } from "./_generated/server";

export const get = query({
  args: {},
  handler: async (ctx) => {
    const id = await getAuthUserId(ctx);
    return id && ((await ctx.db.get(id))?.email ?? null);
  },
});
