import type { Handle, RequestEvent } from "@sveltejs/kit";
import { building } from "$app/environment";
import { PUBLIC_CONVEX_SITE_URL, PUBLIC_CONVEX_URL } from "$env/static/public";
import { withServerConvexToken } from "convex-svelte/sveltekit/server";
import { createWebAuth } from "kitcn/auth/web";

export const auth = createWebAuth({
  convexUrl: PUBLIC_CONVEX_URL,
  convexSiteUrl: PUBLIC_CONVEX_SITE_URL,
});

// For hooks.server.ts: on the server, convexLoad() of convex-svelte calls Convex as the user of the request.
export const handleAuth: Handle = async ({ event, resolve }) => {
  const needsNoToken =
    building || event.isSubRequest || event.url.pathname.startsWith("/api/auth/");
  if (needsNoToken) return resolve(event);
  const token = await auth.forRequest(event.request).getToken();
  const response = await withServerConvexToken(token, () => resolve(event));
  return token === undefined ? response : keepPrivate(response);
};

// For the root +layout.server.ts: passes the token that rendered the page to the browser.
export async function loadAuth({
  request,
}: Pick<RequestEvent, "request">): Promise<{ convexToken?: string | null }> {
  // A prerendered page has no user.
  if (building) return {};
  return { convexToken: (await auth.forRequest(request).getToken()) ?? null };
}

// What is made for a user may hold the user's token: no cache on the way may give it to others, whatever a page sets.
function keepPrivate(response: Response): Response {
  // An answer that changes the protocol cannot be copied, and is never cached.
  if (response.status < 200) return response;
  // The headers of a redirect or of a fetched answer cannot be changed, those of a copy can.
  const copy = new Response(response.body, response);
  for (const name of [...copy.headers.keys()])
    if (/^(.+-)?cdn-cache-control$|^surrogate-control$/.test(name)) copy.headers.delete(name);
  copy.headers.set("cache-control", "private, no-store");
  return copy;
}
