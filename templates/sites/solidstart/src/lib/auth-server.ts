import type { createMiddleware } from "@solidjs/start/middleware";
import { createWebAuth, keepPrivate, privateResponse } from "kitcn/auth/web";
import { getRequestEvent } from "solid-js/web";

export const auth = createWebAuth({
  convexUrl: import.meta.env.VITE_CONVEX_URL,
  convexSiteUrl: import.meta.env.VITE_CONVEX_SITE_URL,
});

// For the middleware: gives each page that the server renders the token of the request's user.
export const handleAuth: ReturnType<typeof createMiddleware>[number] = async (
  { res, context },
  next,
) => {
  const event = getRequestEvent();
  if (!event) return next();
  if (isPage(event.request) && !isShared(context)) {
    const user = auth.forRequest(event.request);
    const token = (await user.getToken()) ?? null;
    Object.assign(event.locals, { convexUser: user, convexToken: token });
  }
  const answer = await next();
  // What is made for a user may contain the user's token: no cache may keep it, whatever the page sets.
  if (!auth.isPersonal(event.request)) return answer;
  keepPrivate(res.headers);
  return answer instanceof Response ? privateResponse(answer) : answer;
};

// Server functions and routes below /api request a token only if they call auth.forRequest(request).
function isPage({ method, url, headers }: Request): boolean {
  const isRead = method === "GET" || method === "HEAD";
  const { pathname } = new URL(url);
  const base = import.meta.env.BASE_URL;
  const path = pathname.startsWith(base) ? pathname.slice(base.length - 1) : pathname;
  const isOther = /^\/(api|_server)(\/|$)/.test(path);
  // Images and the like that the app does not have come here, too.
  const isPart = PARTS.test(headers.get("sec-fetch-dest") ?? "");
  // A prerendered page has no user.
  return isRead && !isOther && !isPart && !headers.has("x-nitro-prerender");
}

// A page that Nitro caches by its routeRules is made once for everybody, with a request of Nitro's own.
function isShared(context: object): boolean {
  const { routeRules = {} } = context as { routeRules?: object }; // what Nitro notes there
  const isCached = ["cache", "isr", "swr", "prerender"].some((rule) => rule in routeRules);
  return isCached || (import.meta.env.PROD && "__nitro__" in globalThis && !("nitro" in context));
}

const PARTS = /^(audio|font|image|manifest|script|style|track|video|.*worker)$/;
