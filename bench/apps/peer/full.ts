import { authComponent, createAuth } from "./auth";
import { mutation, query } from "./_generated/server";

export const overview = query({
  args: {},
  handler: async (ctx) => {
    const { api } = createAuth(ctx);
    const headers = await authComponent.getHeaders(ctx);
    const found = await api.getSession({ headers });
    const organizations = await api.listOrganizations({ headers });
    const { members } = await api.listMembers({ headers, query: {} });
    return {
      username: found?.user.username ?? null,
      plan: found?.user.plan ?? null,
      organization: found?.session.activeOrganizationId ?? null,
      slugs: organizations.map((one) => one.slug),
      roles: members.map((one) => one.role),
    };
  },
});

export const create = mutation({
  args: {},
  handler: async (ctx) => {
    const headers = await authComponent.getHeaders(ctx);
    const made = await createAuth(ctx).api.createOrganization({
      headers,
      body: { name: "Acme", slug: "acme" },
    });
    return made?.id ?? null;
  },
});
