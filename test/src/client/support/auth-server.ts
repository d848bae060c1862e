// A stand-in for the auth routes, in memory: one session, a mode of failure, and a count of requests.
import type { ConvexAuthClient } from "../../../../src/client/auth-client.js";
import { convexClient } from "../../../../src/client/convex-client.js";
import { createAuthClient } from "better-auth/react";

export type Session = { user: string; session: string };

export type Mode = "up" | "down" | 401 | 404 | 429 | 500 | 503 | "html";

export type AuthServer = {
  session: Session | null;
  /** How `/get-session` and `/convex/token` answer. */
  sessionMode: Mode;
  tokenMode: Mode;
  /** Lifetime of tokens, in seconds. */
  ttl: number;
  /** When set, token answers wait for it. */
  hold: Promise<void> | undefined;
  readonly counts: { session: number; token: number };
  /** The most token requests that were under way at once. */
  readonly peak: () => number;
  readonly fetch: typeof fetch;
};

export function createAuthServer(session: Session | null): AuthServer {
  let underWay = 0;
  let peak = 0;
  const server: AuthServer = {
    session,
    sessionMode: "up",
    tokenMode: "up",
    ttl: 900,
    hold: undefined,
    counts: { session: 0, token: 0 },
    peak: () => peak,
    fetch: async (input, init) => {
      const { pathname } = new URL(new Request(input, init).url);
      const path = pathname.replace("/api/auth", "");
      if (path === "/sign-out") {
        server.session = null;
        return Response.json({ success: true });
      }
      const isToken = path === "/convex/token";
      server.counts[isToken ? "token" : "session"]++;
      if (!isToken) return answer(server.sessionMode, () => sessionBody(server.session));
      peak = Math.max(peak, ++underWay);
      const holder = server.session;
      await server.hold;
      underWay--;
      if (init?.signal?.aborted) throw new DOMException("aborted", "AbortError");
      return answer(holder ? server.tokenMode : 401, () => ({
        token: makeToken(holder!, server.ttl),
      }));
    },
  };
  return server;
}

let clients = 0;

/** Better Auth's own React client on the stand-in. */
export function createClient(server: AuthServer): ConvexAuthClient & {
  signOut(): Promise<unknown>;
  $store: { notify(signal: string): void };
} {
  return createAuthClient({
    // Better Auth's client caches nothing across instances; a path of its own shows in failures.
    baseURL: `http://127.0.0.1:${3000 + clients++}`,
    plugins: [convexClient()],
    fetchOptions: { customFetchImpl: server.fetch },
  });
}

/** An unsigned token with the claims that kitcn's have; as with those, two of one second are equal. */
export function makeToken({ user, session }: Session, ttl = 900, now = Date.now()): string {
  const iat = Math.floor(now / 1000);
  const claims = {
    sub: user,
    sessionId: session,
    iat,
    exp: iat + ttl,
    name: "Łucja 🌱",
  };
  return ["{}", JSON.stringify(claims), "signature"].map(base64Url).join(".");
}

export function base64Url(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

// --- internal ---

function answer(mode: Mode, body: () => unknown): Response {
  if (mode === "up") return Response.json(body());
  if (mode === "down") throw new TypeError("Failed to fetch");
  if (mode === "html")
    return new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
  return Response.json({ code: "NOPE", message: "no" }, { status: mode });
}

function sessionBody(session: Session | null) {
  if (!session) return null;
  const now = new Date().toISOString();
  return {
    user: { id: session.user, name: session.user, email: `${session.user}@example.com` },
    session: { id: session.session, token: `t-${session.session}`, expiresAt: now, createdAt: now },
  };
}
