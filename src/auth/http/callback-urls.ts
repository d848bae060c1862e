// Callback URLs that Better Auth would put into Location as they are: letters that no header may have, which would be an
// empty 500, and paths that it makes another host of. Must not decide which URLs are trusted.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { changedPlaces } from "../../better-auth/callback-places.js";
import { seeing } from "./seeing.js";

/** The plugin. */
export function callbackUrls(): BetterAuthPlugin {
  // Runs before the hooks, which may copy the body and the query of a request, and shares both objects with them.
  const middleware = createAuthMiddleware(async ({ body, query }) => {
    for (const given of [body, query] as unknown[])
      Object.assign(Object(given) as object, changedPlaces(given, asLocation));
  });
  return {
    // Calls of `auth.api` have no middleware, and whoever calls keeps the objects.
    ...seeing("kitcn-callback-urls", (context) => {
      for (const part of ["body", "query"] as const) {
        const changed = changedPlaces(context[part], asLocation);
        if (Object.keys(changed).length > 0) context[part] = { ...context[part], ...changed };
      }
    }),
    middlewares: [{ path: "/**", middleware }],
  };
}

// --- internal ---

function asLocation(url: string): string {
  return onThisHost(encoded(url));
}

/**
 * `/..//host` is a path of this host. Where Better Auth adds `error=` to it, it leaves `//host` of it, which browsers
 * take for another host.
 */
function onThisHost(url: string): string {
  if (!/^\/[^/\\]/.test(url)) return url;
  if (!new URL(url, "https://this.invalid").pathname.startsWith("//")) return url;
  const [path = ""] = url.split(/[?#]/, 1);
  return path.replace(/[/\\]+/g, "/") + url.slice(path.length);
}

/** Percent-encoded, as browsers do. Half of a pair of letters becomes U+FFFD: `encodeURIComponent` throws for it. */
function encoded(url: string): string {
  return url.replace(/[^ -~]+/g, (letters) => encodeURIComponent(wellFormed(letters)));
}

function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
