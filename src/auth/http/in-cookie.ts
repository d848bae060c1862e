// Which requests the action answers by itself: those whose session is in a cookie, so that nothing has to be read.
// Anything else is served in one transaction. A wrong guess here could only cost atomicity: keep it short.
import { CACHED_PATHS } from "../../better-auth/paths.js";
import type { RequestMessage } from "../../request/message.js";
import type { AuthOptions } from "../types.js";

/**
 * True for an endpoint that a cached session answers, where nothing else of the options writes during such a request.
 * Without a valid cookie, it reads the session once, and writes it at most.
 */
export async function isInCookie(
  request: RequestMessage,
  options: () => AuthOptions | Promise<AuthOptions>,
): Promise<boolean> {
  const { pathname } = new URL(request.url);
  const path = CACHED_PATHS.find((one) => pathname.endsWith(one));
  if (path === undefined || !hasCachedSession(request)) return false;
  const known = await options();
  return Boolean(known.session?.cookieCache?.enabled) && !mayWriteMore(known, path);
}

// --- internal ---

/** Better Auth's cookie of a cached session; its prefix is the options'. */
function hasCachedSession({ headers }: RequestMessage): boolean {
  return headers.some(([name, value]) => name === "cookie" && value?.includes("session_data"));
}

function mayWriteMore(options: AuthOptions, path: string): boolean {
  const { hooks, databaseHooks, rateLimit, plugins = [] } = options;
  if (hooks || databaseHooks?.session || rateLimit?.enabled) return true;
  return plugins.some((plugin) => {
    const matchers = [...(plugin.hooks?.before ?? []), ...(plugin.hooks?.after ?? [])];
    return matchers.some(({ matcher }) => mayMatch(matcher, path));
  });
}

/** A matcher that needs more than the path to decide is taken to match. */
function mayMatch(matcher: (context: never) => boolean, path: string): boolean {
  try {
    return matcher({ path, headers: new Headers() } as never); // the parts that matchers look at
  } catch {
    return true;
  }
}
