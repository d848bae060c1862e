// Sign-ins whose `callbackURL` has letters that no header may have: Better Auth puts it into Location as it is, and would
// answer with an empty 500. Such letters are percent-encoded, as browsers do. Must not decide which URLs are trusted.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";

/** The plugin. */
export function callbackUrls() {
  return {
    id: "kitcn-callback-urls",
    hooks: {
      before: [
        {
          matcher: ({ body }) => /[^ -~]/.test(callbackOf(body)),
          handler: createAuthMiddleware((ctx) => {
            const body = ctx.body as object; // it has a callbackURL
            const callbackURL = encoded(callbackOf(body));
            return Promise.resolve({ context: { body: { ...body, callbackURL } } });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

function callbackOf(body: unknown): string {
  const value: unknown =
    typeof body === "object" && body !== null && Reflect.get(body, "callbackURL");
  return typeof value === "string" ? value : "";
}

/** Half of a pair of letters becomes U+FFFD, which `encodeURIComponent` would throw for. */
function encoded(url: string): string {
  const bytes = new TextEncoder().encode(url);
  return [...bytes]
    .map((byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase()}`,
    )
    .join("");
}
