import { query } from "./_generated/server";
import { authComponent } from "./auth";

export const get = query({
  args: {},
  handler: async (ctx) => (await authComponent.safeGetAuthUser(ctx))?.email ?? null,
});
