import { getSession } from "kitcn/auth";
import { query } from "./_generated/server";

/** The projects of the team that the session works in. */
export const list = query({
  args: {},
  handler: async (ctx) => {
    const session = await getSession(ctx);
    const organizationId = ctx.db.normalizeId("organization", session?.activeOrganizationId ?? "");
    if (!organizationId) return [];
    return ctx.db
      .query("projects")
      .withIndex("by_organizationId", (range) => range.eq("organizationId", organizationId))
      .collect();
  },
});
