// The session behind a token, in every context. In queries and mutations one read of ctx.db.
// Must not import better-auth.
import type { GenericDataModel } from "convex/server";
import { isKitcnError } from "../../errors/error.js";
import { isWriter, readerOf } from "../../store/db.js";
import { documentsOfQuery, loadDocument } from "../../store/documents.js";
import { plainDbOf } from "../../triggers/context.js";
import { signedToken } from "../keys/signed-token.js";
import { AUTH_MODULE, internalReference, STORE_MODULE } from "../references.js";
import type { AuthCtx } from "../types.js";
import { getAuthUserIdentity } from "./identity.js";
import type { FoundSession, SessionKey, SessionRow } from "./session-functions.js";
import type { SessionDocument, SessionOf } from "./session-types.js";

export type { AuthId, MemberOf, SessionDocument, SessionOf, UserOf } from "./session-types.js";

/**
 * The session of the signed-in user, or null when signed out, expired, revoked, or another user's. It has the
 * same shape in every context: `id` and `_id`, `_creationTime`, times in ms, and `activeOrganizationId`, which is
 * null where none is active. Sessions in `secondaryStorage` are read there.
 *
 * @throws KitcnError `SESSION_STORAGE_FAILED` in a query or mutation, where `secondaryStorage` needs an action
 * @example
 * import { getSession } from "kitcn/auth";
 * import { query } from "./_generated/server";
 *
 * export const signedInUntil = query({
 *   args: {},
 *   handler: async (ctx) => {
 *     const session = await getSession(ctx);
 *     return session?.expiresAt ?? null;
 *   },
 * });
 */
export async function getSession<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): Promise<SessionOf<DataModel> | null> {
  const identity = await getAuthUserIdentity(ctx);
  if (!identity) return null;
  const session = await loadSession(ctx, identity);
  const isTheirs = session?.userId === identity.userId;
  if (!session || !isTheirs || session.expiresAt <= Date.now()) return null;
  const whole = { activeOrganizationId: null, ...session };
  return whole as unknown as SessionOf<DataModel>; // read from that table, whatever it is called
}

/**
 * Headers for `getAuth(ctx).api.*`, and for requests to the deployment's own auth routes: the session as a
 * bearer, signed with the app's secret, and the address it was made from. Empty when signed out. Whoever has
 * them is signed in: they are not for clients.
 *
 * The secret is that of auth.ts where the module loads `generated/auth`, else that of the deployment's variables.
 *
 * @throws KitcnError `NO_SECRET`
 * @example
 * import { getHeaders } from "kitcn/auth";
 * import { query } from "./_generated/server";
 * import { getAuth } from "./generated/auth";
 *
 * export const devices = query({
 *   args: {},
 *   handler: async (ctx) => {
 *     const sessions = await getAuth(ctx).api.listSessions({ headers: await getHeaders(ctx) });
 *     return sessions.map(({ userAgent }) => userAgent);
 *   },
 * });
 */
export async function getHeaders<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): Promise<Headers> {
  const session: SessionDocument | null = await getSession(ctx);
  const headers = new Headers();
  if (!session) return headers;
  if (isToken(session.token))
    setHeader(headers, "authorization", `Bearer ${await signedToken(ctx, session.token)}`);
  if (session.ipAddress) setHeader(headers, "x-forwarded-for", session.ipAddress);
  return headers;
}

// --- internal ---

/** A session before its app's types. */
type AnySession = {
  readonly id?: string;
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: number;
};

/** Where a table has the sessions: loads no Better Auth. */
const READ = internalReference<"query", SessionKey, FoundSession>(`${STORE_MODULE}:authSession`);
const READ_STORED = internalReference<"query", SessionKey, SessionRow | null>(
  `${AUTH_MODULE}:authStoredSessionQuery`,
);
const READ_IN_ACTION = internalReference<"action", SessionKey, SessionRow | null>(
  `${AUTH_MODULE}:authStoredSession`,
);

async function loadSession<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  { userId, sessionId }: SessionKey,
): Promise<AnySession | null> {
  if ("db" in ctx) {
    const db = readerOf<DataModel>(plainDbOf(ctx));
    const id = db.normalizeId("session", sessionId);
    // In a query, so that auth.api.getSession need not read it again.
    const load = (known: string) =>
      isWriter(db) ? db.get(known) : loadDocument(db, known, documentsOfQuery(db));
    const document = id && (await load(id));
    if (isSession(document)) return { ...document, id: sessionId };
  }
  // In an action, or where the session table has another name, or lives elsewhere.
  const row = await loadElsewhere(ctx, { userId, sessionId });
  return isSession(row) ? row : null;
}

async function loadElsewhere<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  key: SessionKey,
): Promise<SessionRow | null> {
  const found = await ctx.runQuery(READ, key);
  if (found !== "stored") return found;
  try {
    return await ctx.runQuery(READ_STORED, key);
  } catch (error) {
    const isStored = isKitcnError(error) && error.data.code === "SESSION_STORAGE_FAILED";
    if (!isStored || !("runAction" in ctx)) throw error;
    return ctx.runAction(READ_IN_ACTION, key);
  }
}

/** Whatever stands in the table: a value that no header can carry is left out. */
function setHeader(headers: Headers, name: string, value: string): void {
  if (/^[\x20-\x7e\x80-\xff]*$/.test(value)) headers.set(name, value);
}

/** Not every text can be signed: half a surrogate pair has no bytes. */
function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
}

function isSession(value: unknown): value is AnySession {
  return (
    typeof value === "object" &&
    value !== null &&
    "userId" in value &&
    "token" in value &&
    "expiresAt" in value
  );
}
