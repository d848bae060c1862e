import { defineNitroPlugin, getRouteRules } from "#imports";
import { getResponseHeaders, removeResponseHeader, setResponseHeader } from "h3";
import { keepPrivate } from "kitcn/auth/web";
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
      return (await auth.forRequest(event).getToken()) ?? null;
    };
  });

  // What is made for a user may contain the user's token: no cache may keep it, whatever the page sets.
  hooks.hook("beforeResponse", (event) => {
    if (!auth.isPersonal(event)) return;
    keepPrivate({
      keys: () => Object.keys(getResponseHeaders(event)),
      set: (name, value) => setResponseHeader(event, name, value),
      delete: (name) => removeResponseHeader(event, name),
    });
  });
});
