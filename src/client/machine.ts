// The transitions of an auth state: what a session, a token or a 401 changes. One plain object, small functions.
// Must not subscribe to anything or keep listeners: auth-state does.
import {
  loadToken,
  readSession,
  refetchSession,
  type ConvexAuthClient,
  type SessionAtom,
  type TokenNews,
} from "./auth-client.js";
import { readClaims } from "./claims.js";
import type { Retry } from "./retry.js";
import type { Tabs } from "./tabs.js";
import { createTokenSource, isFresh, type TokenSource } from "./token-source.js";

export type AuthSnapshot = {
  /** `loading` until the first authoritative answer, and while another account's token is fetched. */
  readonly phase: "loading" | "signedIn" | "signedOut";
  /** The user's id; null while unknown and when signed out. */
  readonly account: string | null;
  /** For `ConvexReactClient.setAuth`. A new function means a new session. */
  readonly fetchAccessToken: TokenSource["get"];
};

/** A session whose tokens are being used. */
type Login = {
  readonly account: string;
  session: string | undefined;
  readonly tokens: TokenSource;
};

export type Machine = {
  readonly authClient: ConvexAuthClient;
  readonly atom: SessionAtom;
  readonly retry: Retry;
  readonly emit: () => void;
  tabs: Tabs | undefined;
  login: Login | undefined;
  /** A session that the token endpoint refused; asking again for it would be a loop. */
  refused: string | undefined;
  snapshot: AuthSnapshot;
};

export const LOADING: AuthSnapshot = {
  phase: "loading",
  account: null,
  fetchAccessToken: () => Promise.resolve(null),
};

/** Begins with a token from elsewhere (SSR), if it is still good. */
export function seed(machine: Machine, token: string): void {
  const { sub, sessionId } = readClaims(token) ?? {};
  if (sub === undefined || !isFresh(token)) return;
  machine.login = { account: sub, session: sessionId, tokens: tokensOf(machine, sub, token) };
  machine.snapshot = signedIn(machine, sub);
}

/** Takes in a value of the session atom. */
export function onSession(machine: Machine, value: unknown): void {
  const news = readSession(value);
  if (news.kind === "failed") return machine.retry.plan();
  if (news.kind === "pending") return;
  machine.retry.reset();
  if (news.kind === "signedIn") signIn(machine, news);
  else signOut(machine, { refusedBy: "session" });
}

/** Tries again after Convex refused a token, or the token endpoint a session. */
export function revive(machine: Machine): void {
  const { login, refused, snapshot, atom } = machine;
  if (refused !== undefined) {
    machine.refused = undefined;
    onSession(machine, atom.get());
  } else if (login && snapshot.phase === "signedIn")
    show(machine, signedIn(machine, login.account));
}

/** Ends the login without telling anyone: the machine is given up. */
export function close(machine: Machine): void {
  machine.retry.reset();
  const { login } = machine;
  machine.login = undefined;
  login?.tokens.close();
}

// --- internal ---

const SIGNED_OUT: AuthSnapshot = { ...LOADING, phase: "signedOut" };

function show(machine: Machine, next: AuthSnapshot): void {
  machine.snapshot = next;
  machine.emit();
}

function signIn(
  machine: Machine,
  { account, session }: { account: string; session: string },
): void {
  if (session === machine.refused) return;
  machine.tabs?.announce(session);
  const former = machine.login;
  if (former?.account === account && (former.session ?? session) === session) {
    former.session = session;
    return;
  }
  const next: Login = { account, session, tokens: tokensOf(machine, account) };
  machine.login = next;
  former?.tokens.close();
  // The same user in a new session keeps what is on the screen until the new token is there.
  if (former?.account !== account) show(machine, { ...LOADING, account });
  void next.tokens.get({ forceRefreshToken: false }).then((token) => {
    if (token !== null && machine.login === next) show(machine, signedIn(machine, account));
  });
}

function signOut(machine: Machine, { refusedBy }: { refusedBy: "session" | "token" }): void {
  const { login, tabs, snapshot, atom } = machine;
  machine.refused = refusedBy === "token" ? login?.session : undefined;
  machine.login = undefined;
  login?.tokens.close();
  tabs?.announce("");
  if (snapshot.phase !== "signedOut") show(machine, SIGNED_OUT);
  // Brings useSession() of the app in line; asked once, since `refused` keeps the answer from counting.
  if (refusedBy === "token") void refetchSession(atom);
}

function tokensOf(machine: Machine, account: string, seedToken?: string): TokenSource {
  const tokens: TokenSource = createTokenSource({
    seed: seedToken,
    load: async (signal) =>
      ofAccount(machine, await loadToken(machine.authClient, signal), account),
    onFailure: reportOnce,
    // May also meet a refresh, long after the sign-in.
    onSignedOut: () => {
      if (machine.login?.tokens === tokens) signOut(machine, { refusedBy: "token" });
    },
  });
  return tokens;
}

/** Another tab may have switched accounts: its token must not reach this account's queries. */
function ofAccount({ atom }: Machine, news: TokenNews, account: string): TokenNews {
  if (news.kind !== "token" || readClaims(news.token)?.sub === account) return news;
  void refetchSession(atom);
  return { kind: "failed", status: undefined };
}

function signedIn(machine: Machine, account: string): AuthSnapshot {
  return {
    phase: "signedIn",
    account,
    fetchAccessToken: (args) => fetchToken(machine, account, args),
  };
}

/** The session of a user may be replaced while Convex waits for a token of the former one. */
async function fetchToken(
  machine: Machine,
  account: string,
  args: { forceRefreshToken: boolean },
): Promise<string | null> {
  for (;;) {
    const asked = machine.login;
    if (asked?.account !== account) return null;
    const token = await asked.tokens.get(args);
    if (token !== null || machine.login === asked) return token;
  }
}

let hasReported = false;

/** An answer that no retry will fix is reported once: it is the app's wiring. */
function reportOnce(news: TokenNews): void {
  const status = news.kind === "failed" ? news.status : undefined;
  if (hasReported || !status || status >= 500 || status === 429 || status === 408) return;
  hasReported = true;
  console.error(
    `kitcn: GET /convex/token answered ${status} without a token, so nobody is signed in to Convex. ` +
      "Check that convex() is among the plugins in auth.ts, and the baseURL of the auth client.",
  );
}
