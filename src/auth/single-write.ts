// Which requests are as atomic, and cheaper, when the action itself serves them: they read once and write once.
// Anything not listed is served in one transaction, so a wrong guess here could only cost atomicity: keep it short.
import type { AuthOptions } from "./types.js";

/**
 * Signing in reads the user with its accounts in one call, checks the password, and writes one session. In a
 * transaction the reads would be done twice: before the password is checked, and after.
 */
const SINGLE_WRITE_PATHS = ["/sign-in/email"];

/** True where nothing else of the options writes during such a request. */
export function isSingleWrite({ url }: { url: string }, options: () => AuthOptions): boolean {
  const { pathname } = new URL(url);
  const path = SINGLE_WRITE_PATHS.find((single) => pathname.endsWith(single));
  return path !== undefined && !mayWriteMore(options(), path);
}

// --- internal ---

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
