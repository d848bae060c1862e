// The tokens of one session: cached in memory, one request at a time, retried until there is an answer.
// Must not decide who is signed in: it reports a 401 as null and leaves the rest to auth-state.
import type { TokenNews } from "./auth-client.js";
import { sleep, waitForRetry } from "./backoff.js";
import { readClaims } from "./claims.js";

export type TokenSource = {
  /** A token; null once the server said 401, or after `close`. */
  get(args: { forceRefreshToken: boolean }): Promise<string | null>;
  /** Ends retries and requests; what still waits gets null. */
  close(): void;
};

export type TokenSourceInput = {
  load: (signal: AbortSignal) => Promise<TokenNews>;
  /** A token from elsewhere (SSR), used until shortly before it expires. */
  seed?: string | undefined;
  /** Called with each failed attempt that is going to be retried. */
  onFailure?: ((news: TokenNews) => void) | undefined;
  /** Called when the server said 401. */
  onSignedOut?: (() => void) | undefined;
};

/** A cached token with less life than this is not handed out, in ms. */
const LEEWAY_MS = 10_000;

/** A request without an answer by then is given up and retried, in ms. */
const REQUEST_TIMEOUT_MS = 20_000;

/**
 * Tokens have second precision: two of one second are equal, and Convex, given the one it has, refreshes no
 * more until the server refuses it. In ms.
 */
const TOKEN_PRECISION_MS = 1_000;

/** An answer between here and the server may be cached: so many equal ones are not taken for a refresh. */
const MAX_EQUAL_TOKENS = 10;

/** Makes the token source of one session. */
export function createTokenSource({
  load,
  seed,
  onFailure,
  onSignedOut,
}: TokenSourceInput): TokenSource {
  const ended = new AbortController();
  let cached: Cached | undefined =
    seed === undefined ? undefined : { token: seed, since: Date.now(), until: expiryOf(seed) };
  let flight: Promise<string | null> | undefined;

  const fetchToken = async (): Promise<string | null> => {
    const former = cached;
    let equals = 0;
    if (former && Date.now() < former.until)
      await sleep(former.since + TOKEN_PRECISION_MS - Date.now(), ended.signal);
    for (let attempt = 0; !ended.signal.aborted; attempt++) {
      const news = await loadInTime(load, ended.signal);
      if (ended.signal.aborted) return null;
      if (news.kind === "token") {
        if (news.token === former?.token && equals++ < MAX_EQUAL_TOKENS) {
          await sleep(TOKEN_PRECISION_MS, ended.signal);
          continue;
        }
        cached = { token: news.token, since: Date.now(), until: localExpiry(news.token) };
        return news.token;
      }
      if (news.kind === "signedOut") {
        cached = undefined;
        onSignedOut?.();
        return null;
      }
      onFailure?.(news);
      await waitForRetry(attempt, ended.signal);
    }
    return null;
  };

  return {
    get({ forceRefreshToken }) {
      if (ended.signal.aborted) return Promise.resolve(null);
      // A request that is under way brings a token newer than any that was rejected.
      if (flight) return flight;
      if (!forceRefreshToken && cached && Date.now() < cached.until)
        return Promise.resolve(cached.token);
      flight = fetchToken().finally(() => {
        flight = undefined;
      });
      return flight;
    },
    close() {
      cached = undefined;
      ended.abort();
    },
  };
}

/** True while a token, judged by its `exp` claim, has enough life left to be used. */
export function isFresh(token: string): boolean {
  return Date.now() < expiryOf(token);
}

// --- internal ---

/** `since` is when the token came, `until` when it is used no more, both by the local clock. */
type Cached = { readonly token: string; readonly since: number; readonly until: number };

async function loadInTime(load: TokenSourceInput["load"], ended: AbortSignal): Promise<TokenNews> {
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  const timer = setTimeout(abort, REQUEST_TIMEOUT_MS);
  ended.addEventListener("abort", abort);
  try {
    return await load(attempt.signal);
  } finally {
    clearTimeout(timer);
    ended.removeEventListener("abort", abort);
  }
}

/** When to stop using a token, by the server's clock; 0 where the token does not say. */
function expiryOf(token: string): number {
  const { exp } = readClaims(token) ?? {};
  return exp === undefined ? 0 : exp * 1000 - LEEWAY_MS;
}

/** The same for a token that was issued just now: its lifetime from now, so a wrong local clock is no matter. */
function localExpiry(token: string): number {
  const { iat, exp } = readClaims(token) ?? {};
  if (iat === undefined || exp === undefined) return expiryOf(token);
  return Date.now() + (exp - iat) * 1000 - LEEWAY_MS;
}
