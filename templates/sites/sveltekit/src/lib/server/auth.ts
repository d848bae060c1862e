import type { Handle, RequestEvent } from "@sveltejs/kit";
import { building } from "$app/environment";
import { PUBLIC_CONVEX_SITE_URL, PUBLIC_CONVEX_URL } from "$env/static/public";
import { withServerConvexToken } from "convex-svelte/sveltekit/server";
import { createWebAuth, privateResponse } from "kitcn/auth/web";

export const auth = createWebAuth({
  convexUrl: PUBLIC_CONVEX_URL,
  convexSiteUrl: PUBLIC_CONVEX_SITE_URL,
});

// For hooks.server.ts: on the server, convexLoad() of convex-svelte calls Convex as the user of the request.
export const handleAuth: Handle = async ({ event, resolve }) => {
  const needsNoToken = building || event.isSubRequest || event.route.id?.startsWith("/api/auth/");
  if (needsNoToken) return resolve(event);
  const token = await auth.forRequest(event.request).getToken();
  const response = await withServerConvexToken(token, () => resolve(event));
  // What is made for a user may contain the user's token: no cache may keep it, whatever the page sets.
  return auth.isPersonal(event.request) ? privateResponse(response) : response;
};

// For the root +layout.server.ts: passes the token that rendered the page to the browser.
export async function loadAuth({
  request,
}: Pick<RequestEvent, "request">): Promise<{ convexToken?: string | null }> {
  // A prerendered page has no user.
  if (building) return {};
  return { convexToken: (await auth.forRequest(request).getToken()) ?? null };
}
