import { defineNitroPlugin, getRouteRules } from "#imports";
import { getResponseHeaders, removeResponseHeader, setResponseHeader } from "h3";
import { auth } from "../utils/auth";

export default defineNitroPlugin(({ hooks }) => {
  // For the plugin of the app: the token of the user that a page is rendered for.
  hooks.hook("request", (event) => {
    const { cache, isr, prerender } = getRouteRules(event);
    // A page that is made once for everybody has no user.
    if (import.meta.prerender || cache || isr || prerender) return;
    event.context.getConvexToken = async () => {
      // Nitro's cache is rendering. It decides by the pattern of the route, not by the rules of the path.
      if (event.context.cache) return undefined;
      const token = await auth.forRequest(event).getToken();
      event.context.hasConvexToken = token !== undefined;
      return token ?? null;
    };
  });

  // The page of a user holds the user's token: no cache on the way may give it to others, whatever the page sets.
  hooks.hook("beforeResponse", (event) => {
    if (!event.context.hasConvexToken) return;
    for (const name of Object.keys(getResponseHeaders(event)))
      if (/^(.+-)?cdn-cache-control$|^surrogate-control$/.test(name))
        removeResponseHeader(event, name);
    setResponseHeader(event, "cache-control", "private, no-store");
  });
});
