// Requests whose callback URLs have letters that no header may have: Better Auth puts them into Location as they are, and
// would answer with an empty 500. Such letters are percent-encoded, as browsers do. Must not decide which URLs are trusted.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { changedPlaces } from "../../better-auth/callback-places.js";
import { seeing } from "./seeing.js";

/** The plugin. */
export function callbackUrls(): BetterAuthPlugin {
  // Runs before the hooks, which may copy the body and the query of a request, and shares both objects with them.
  const middleware = createAuthMiddleware(async ({ body, query }) => {
    for (const given of [body, query] as unknown[])
      Object.assign(Object(given) as object, changedPlaces(given, encoded));
  });
  return {
    // Calls of `auth.api` have no middleware, and whoever calls keeps the objects.
    ...seeing("kitcn-callback-urls", (context) => {
      for (const part of ["body", "query"] as const) {
        const changed = changedPlaces(context[part], encoded);
        if (Object.keys(changed).length > 0) context[part] = { ...context[part], ...changed };
      }
    }),
    middlewares: [{ path: "/**", middleware }],
  };
}

// --- internal ---

/** Half of a pair of letters becomes U+FFFD: `encodeURIComponent` throws for it. */
function encoded(url: string): string {
  return url.replace(/[^ -~]+/g, (letters) => encodeURIComponent(wellFormed(letters)));
}

function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
