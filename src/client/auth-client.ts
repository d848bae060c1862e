// What the provider needs of a Better Auth client, and how its answers are read.
// Structural on purpose: any Better Auth client fits, whatever its plugins infer.

/** A Better Auth client (`better-auth/react`, `better-auth/client`) that has the `convexClient()` plugin. */
export type ConvexAuthClient = {
  readonly $fetch: (
    path: string,
    options: { method: "GET"; signal: AbortSignal; cache: "no-store" },
  ) => Promise<unknown>;
  readonly $store: { readonly atoms: Readonly<Record<string, SessionAtom>> };
  /** Only `convexClient()` makes this known; its absence is a type error at the provider. */
  readonly convex: { readonly token: unknown };
};

/** The part of a nanostores atom that is used. The value is Better Auth's, and read with care. */
export type SessionAtom = {
  get(): unknown;
  subscribe(listener: (value: unknown) => void): () => void;
};

/** What Better Auth's session atom says. */
export type SessionNews =
  | { readonly kind: "pending" }
  | { readonly kind: "failed" }
  | { readonly kind: "signedOut" }
  | { readonly kind: "signedIn"; readonly account: string; readonly session: string };

/** What the token endpoint says. Only `signedOut` is a sign-out; `failed` says nothing about the session. */
export type TokenNews =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "signedOut" }
  | { readonly kind: "failed"; readonly status: number | undefined };

const OK = 200;
const UNAUTHORIZED = 401;

/** Classifies a value of the session atom. Only a 401 and an empty answer are authoritative. */
export function readSession(value: unknown): SessionNews {
  const { data, error, isPending, isRefetching } = record(value);
  if (error) return statusOf(error) === UNAUTHORIZED ? { kind: "signedOut" } : { kind: "failed" };
  // While a request is under way the data is that of the answer before.
  if (isPending || isRefetching) return { kind: "pending" };
  if (data === null || data === undefined || data === "") return { kind: "signedOut" };
  const { user, session } = record(data);
  const account = record(user).id;
  // An HTML page instead of an answer (a proxy, a dev server's fallback) is no session, and no sign-out.
  if (typeof account !== "string") return { kind: "failed" };
  const { id, token } = record(session);
  return {
    kind: "signedIn",
    account,
    // A session in secondary storage may have no id.
    session: typeof id === "string" ? id : typeof token === "string" ? token : account,
  };
}

/** Asks Better Auth for the session again; answers arrive through the atom. */
export async function refetchSession(atom: SessionAtom): Promise<void> {
  const { refetch } = record(atom.get());
  if (typeof refetch === "function") await refetch();
}

/** One request for a token. Never throws: failures are an answer. */
export async function loadToken(client: ConvexAuthClient, signal: AbortSignal): Promise<TokenNews> {
  try {
    const answer = await client.$fetch("/convex/token", {
      method: "GET",
      signal,
      cache: "no-store",
    });
    return readToken(answer);
  } catch (error) {
    // With `throw: true` in its fetchOptions, the client throws what it otherwise returns.
    return failure(statusOf(error));
  }
}

// --- internal ---

function readToken(answer: unknown): TokenNews {
  const { data = answer, error } = record(answer);
  if (error) return failure(statusOf(error));
  const { token } = record(data);
  return typeof token === "string" && token !== "" ? { kind: "token", token } : failure(OK);
}

function failure(status: number | undefined): TokenNews {
  return status === UNAUTHORIZED ? { kind: "signedOut" } : { kind: "failed", status };
}

function statusOf(error: unknown): number | undefined {
  const { status } = record(error);
  return typeof status === "number" ? status : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // any object may be read so
}
