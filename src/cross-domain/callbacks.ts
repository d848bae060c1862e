// Where Better Auth may send the browser afterwards: relative paths are meant for the app, not for Convex.
// Must not judge whether a place is trusted: Better Auth checks that.
import type { GenericEndpointContext } from "better-auth";

const FIELDS = ["callbackURL", "newUserCallbackURL", "errorCallbackURL", "redirectTo"] as const;

/** Sign-ins that leave the page: without a callbackURL, Better Auth would come back to itself. */
const LEAVING_PATHS = new Set([
  "/sign-in/social",
  "/sign-in/oauth2",
  "/link-social",
  "/oauth2/link",
]);

type Asked = { readonly path: string; readonly body?: unknown; readonly query?: unknown };

/** True where a body or a query names a relative place to go to. */
export function hasRelativeCallback(values: unknown): boolean {
  return Object.keys(absolute(values, "http://app.invalid")).length > 0;
}

/** The request, where it is one that leaves the page, with a way back. */
export function comingBack({ path, body, query }: GenericEndpointContext): Asked {
  if (!LEAVING_PATHS.has(path)) return { path, body, query };
  return { path, body: { callbackURL: "/", ...(body as object | undefined) }, query }; // these paths take an object
}

/** The parts of the context to replace, so that every relative place is one of `base`. */
export function absoluteCallbacks(
  { body, query }: Asked,
  base: string,
): { body?: Record<string, string>; query?: Record<string, string> } {
  const inBody = absolute(body, base);
  const inQuery = absolute(query, base);
  return {
    ...(Object.keys(inBody).length > 0 ? { body: inBody } : {}),
    ...(Object.keys(inQuery).length > 0 ? { query: inQuery } : {}),
  };
}

// --- internal ---

function absolute(values: unknown, base: string): Record<string, string> {
  if (typeof values !== "object" || values === null) return {};
  const given = values as Record<string, unknown>; // any object may be read so
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = given[field];
      return typeof value === "string" && /^\/(?![/\\])/.test(value)
        ? [[field, new URL(value, base).toString()]]
        : [];
    }),
  );
}
