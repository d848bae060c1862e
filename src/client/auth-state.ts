// Who is signed in, for one provider: joins Better Auth's session with the token Convex needs.
// Must not touch React or Convex. Signs out only on an authoritative answer.
import {
  loadToken,
  readSession,
  refetchSession,
  type ConvexAuthClient,
  type SessionAtom,
  type TokenNews,
} from "./auth-client.js";
import { retryDelay } from "./backoff.js";
import { readClaims } from "./claims.js";
import { watchTabs, type Tabs } from "./tabs.js";
import { createTokenSource, isFresh, type TokenSource } from "./token-source.js";

export type AuthSnapshot = {
  /** `loading` until the first authoritative answer, and while another account's token is fetched. */
  readonly phase: "loading" | "signedIn" | "signedOut";
  /** The user's id; null while unknown and when signed out. */
  readonly account: string | null;
  /** For `ConvexReactClient.setAuth`. A new function means a new session. */
  readonly fetchAccessToken: TokenSource["get"];
};

export type AuthState = {
  getSnapshot(): AuthSnapshot;
  /** The first subscriber starts the work, the last one to leave ends it. */
  subscribe(listener: () => void): () => void;
  /** Tries again after Convex refused a token, or the token endpoint a session. */
  revive(): void;
};

/**
 * The auth state behind `ConvexAuthProvider`. Does nothing before `subscribe`.
 *
 * @example
 * const state = createAuthState({ authClient, initialToken });
 */
export function createAuthState(input: {
  authClient: ConvexAuthClient;
  initialToken?: string | null | undefined;
}): AuthState {
  const listeners = new Set<() => void>();
  let machine = createMachine(input, emit);
  let isRunning = false;

  function emit() {
    for (const listener of listeners) listener();
  }

  return {
    getSnapshot: () => machine.snapshot(),
    subscribe(listener) {
      listeners.add(listener);
      if (!isRunning) {
        isRunning = true;
        machine.start();
      }
      return () => {
        listeners.delete(listener);
        // React's strict mode leaves and comes back at once: that must not drop a request.
        setTimeout(() => {
          if (listeners.size > 0 || !isRunning) return;
          isRunning = false;
          machine.stop();
          machine = createMachine(input, emit);
        }, 0);
      };
    },
    revive: () => machine.revive(),
  };
}

// --- internal ---

/** A session whose tokens are being used. */
type Login = {
  readonly account: string;
  session: string | undefined;
  readonly tokens: TokenSource;
};

type Machine = {
  snapshot(): AuthSnapshot;
  start(): void;
  stop(): void;
  revive(): void;
};

function createMachine(
  { authClient, initialToken }: Parameters<typeof createAuthState>[0],
  emit: () => void,
): Machine {
  const atom = sessionAtom(authClient);
  const retry = createRetry(() => void refetchSession(atom));
  let tabs: Tabs | undefined;
  let leaveAtom: (() => void) | undefined;
  let login = initialToken ? seedLogin(initialToken) : undefined;
  /** A session that the token endpoint refused; asking again for it would be a loop. */
  let refused: string | undefined;
  let current: AuthSnapshot = login ? signedIn(login) : LOADING;

  function show(next: AuthSnapshot): void {
    current = next;
    emit();
  }

  function seedLogin(token: string): Login | undefined {
    const { sub, sessionId } = readClaims(token) ?? {};
    if (sub === undefined || !isFresh(token)) return undefined;
    return { account: sub, session: sessionId, tokens: tokensOf(sub, token) };
  }

  function tokensOf(account: string, seed?: string): TokenSource {
    const tokens: TokenSource = createTokenSource({
      seed,
      load: async (signal) => ofAccount(await loadToken(authClient, signal), account),
      onFailure: reportOnce,
      // May also meet a refresh, long after the sign-in.
      onSignedOut: () => {
        if (login?.tokens === tokens) signOut({ refusedBy: "token" });
      },
    });
    return tokens;
  }

  function signedIn({ account }: Login): AuthSnapshot {
    return { phase: "signedIn", account, fetchAccessToken: (args) => fetchToken(account, args) };
  }

  /** The session of a user may be replaced while Convex waits for a token of the former one. */
  async function fetchToken(account: string, args: { forceRefreshToken: boolean }) {
    for (;;) {
      const asked = login;
      if (asked?.account !== account) return null;
      const token = await asked.tokens.get(args);
      if (token !== null || login === asked) return token;
    }
  }

  /** Another tab may have switched accounts: its token must not reach this account's queries. */
  function ofAccount(news: TokenNews, account: string): TokenNews {
    if (news.kind !== "token" || readClaims(news.token)?.sub === account) return news;
    void refetchSession(atom);
    return { kind: "failed", status: undefined };
  }

  function signOut({ refusedBy }: { refusedBy: "session" | "token" }): void {
    refused = refusedBy === "token" ? login?.session : undefined;
    login?.tokens.close();
    login = undefined;
    tabs?.announce("");
    if (current.phase !== "signedOut") show(SIGNED_OUT);
    // Brings useSession() of the app in line; asked once, since `refused` keeps the answer from counting.
    if (refusedBy === "token") void refetchSession(atom);
  }

  function signIn(account: string, session: string): void {
    if (session === refused) return;
    tabs?.announce(session);
    if (login?.account === account && (login.session ?? session) === session) {
      login.session = session;
      return;
    }
    const former = login;
    const next: Login = { account, session, tokens: tokensOf(account) };
    login = next;
    former?.tokens.close();
    // The same user in a new session keeps what is on the screen until the new token is there.
    if (former?.account !== account) show({ ...LOADING, account });
    void next.tokens.get({ forceRefreshToken: false }).then((token) => {
      if (token !== null && login === next) show(signedIn(next));
    });
  }

  function onSession(value: unknown): void {
    const news = readSession(value);
    if (news.kind === "failed") return retry.plan();
    if (news.kind === "pending") return;
    retry.reset();
    if (news.kind === "signedIn") signIn(news.account, news.session);
    else signOut({ refusedBy: "session" });
  }

  return {
    snapshot: () => current,
    start() {
      tabs = watchTabs({ onChange: () => void refetchSession(atom) });
      leaveAtom = atom.subscribe(onSession);
    },
    stop() {
      leaveAtom?.();
      tabs?.leave();
      retry.stop();
      const last = login;
      login = undefined;
      last?.tokens.close();
    },
    revive() {
      if (refused !== undefined) {
        refused = undefined;
        onSession(atom.get());
      } else if (login && current.phase === "signedIn") show(signedIn(login));
    },
  };
}

const LOADING: AuthSnapshot = {
  phase: "loading",
  account: null,
  fetchAccessToken: () => Promise.resolve(null),
};

const SIGNED_OUT: AuthSnapshot = { ...LOADING, phase: "signedOut" };

function sessionAtom({ $store }: ConvexAuthClient): SessionAtom {
  const { session } = $store.atoms;
  // Better Auth's client has made this atom in every version.
  if (!session) throw new TypeError("authClient has no session: pass a Better Auth client.");
  return session;
}

/** At most one planned retry at a time, each later than the one before. */
function createRetry(run: () => void) {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    plan(): void {
      timer ??= setTimeout(() => {
        timer = undefined;
        run();
      }, retryDelay(attempt++));
    },
    reset(): void {
      attempt = 0;
      stop();
    },
    stop,
  };
}

let hasReported = false;

/** An answer that no retry will mend is told once: it is the app's wiring. */
function reportOnce(news: TokenNews): void {
  const status = news.kind === "failed" ? news.status : undefined;
  if (hasReported || status === undefined || status >= 500 || status === 429 || status === 408)
    return;
  hasReported = true;
  console.error(
    `kitcn: GET /convex/token answered ${status}, so Convex cannot be told who is signed in. ` +
      "Check that convex() is among the plugins in auth.ts and that the auth client's baseURL leads to its routes.",
  );
}
