// Which requests are as atomic, and cheaper, when the action itself serves them: they read once and write once.
// Anything not listed is served in one transaction, so a wrong guess here could only cost atomicity: keep it short.
import type { RequestMessage } from "../request/message.js";
import type { AuthOptions } from "./types.js";

/**
 * Signing in reads the user with its accounts in one call, checks the password, and writes one session. In a
 * transaction the reads would be done twice: before the password is checked, and after.
 */
const SINGLE_WRITE_PATHS = ["/sign-in/email"];

/**
 * With `session.cookieCache` the session is in a cookie, mostly: then these read nothing at all. Without a
 * valid one they read the session once, and write it at most.
 */
const CACHED_PATHS = ["/get-session", "/convex/token"];

/** True where nothing else of the options writes during such a request. */
export async function isSingleWrite(
  request: RequestMessage,
  options: () => AuthOptions | Promise<AuthOptions>,
): Promise<boolean> {
  const { pathname } = new URL(request.url);
  const ofPath = (paths: readonly string[]) => paths.find((path) => pathname.endsWith(path));
  const cached = hasCachedSession(request) ? ofPath(CACHED_PATHS) : undefined;
  const path = ofPath(SINGLE_WRITE_PATHS) ?? cached;
  if (path === undefined) return false;
  const known = await options();
  const isCacheOff = path === cached && !known.session?.cookieCache?.enabled;
  return !isCacheOff && !mayWriteMore(known, path);
}

// --- internal ---

/** Better Auth's cookie of a cached session; its prefix is the options'. */
function hasCachedSession({ headers }: RequestMessage): boolean {
  return headers.some(([name, value]) => name === "cookie" && value?.includes("session_data"));
}

function mayWriteMore(options: AuthOptions, path: string): boolean {
  const { hooks, databaseHooks, rateLimit, plugins = [] } = options;
  if (hooks || databaseHooks?.session || rateLimit?.storage === "database") return true;
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
