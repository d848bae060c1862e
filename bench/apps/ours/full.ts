import { getHeaders } from "kitcn/auth";
import { mutation, query } from "./_generated/server";
import { getAuth } from "./generated/auth";

export const overview = query({
  args: {},
  handler: async (ctx) => {
    const { api } = getAuth(ctx);
    const headers = await getHeaders(ctx);
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
    const headers = await getHeaders(ctx);
    const made = await getAuth(ctx).api.createOrganization({
      headers,
      body: { name: "Acme", slug: "acme" },
    });
    return made?.id ?? null;
  },
});
