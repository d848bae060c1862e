// The session behind a token, in every context. In queries and mutations one read of ctx.db.
// Must not import better-auth.
import type { DocumentByName, GenericDataModel } from "convex/server";
import type { GenericId } from "convex/values";
import { isWriter, readerOf } from "../store/db.js";
import type { StoreArgs } from "../store/functions.js";
import { readerOfQuery } from "../store/remember.js";
import { plainDbOf } from "../triggers/context.js";
import { getAuthUserIdentity } from "./identity.js";
import { internalReference } from "./references.js";
import { signedToken } from "./signed-token.js";
import type { AuthCtx } from "./types.js";

/** What every session document has; times are ms since the epoch. */
export type SessionDocument = {
  readonly _id: GenericId<"session">;
  readonly userId: string;
  readonly token: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly ipAddress?: string | null;
  readonly userAgent?: string | null;
  /** Set by the organization plugin. */
  readonly activeOrganizationId?: string | null;
};

/** The app's own session document, where its data model has one. */
export type SessionOf<DataModel extends GenericDataModel> = "session" extends keyof DataModel
  ? DocumentByName<DataModel, "session"> & SessionDocument
  : SessionDocument;

/**
 * The session of the signed-in user, or null when signed out, expired, revoked, or another user's.
 *
 * @example
 * import { getSession } from "kitcn/auth";
 * import { query } from "./_generated/server";
 *
 * export const activeOrganization = query({
 *   args: {},
 *   handler: async (ctx) => {
 *     const session = await getSession(ctx);
 *     return session?.activeOrganizationId ?? null;
 *   },
 * });
 */
export async function getSession<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): Promise<SessionOf<DataModel> | null> {
  const identity = await getAuthUserIdentity(ctx);
  if (!identity) return null;
  const session = await loadSession(ctx, identity.sessionId);
  const isTheirs = session?.userId === identity.userId;
  if (!session || !isTheirs || session.expiresAt <= Date.now()) return null;
  return session as SessionOf<DataModel>; // read from that table, or from its model in the component
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

/** Where generated/auth.ts is, below the functions directory. */
const READ = internalReference<"query", StoreArgs, (Record<string, unknown> | null)[]>(
  "generated/auth:authRead",
);

async function loadSession<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  sessionId: string,
): Promise<SessionDocument | null> {
  if ("db" in ctx) {
    const db = readerOf<DataModel>(plainDbOf(ctx));
    // In a query, so that auth.api.getSession need not read it again.
    const reader = isWriter(db) ? db : readerOfQuery(db);
    const id = reader.normalizeId("session", sessionId);
    const document = id && (await reader.get(id));
    if (isSession(document)) return document;
  }
  // In an action, or where the session table has another name or lives in the component.
  const where = [{ column: "id", value: sessionId }];
  const operations = [{ kind: "findOne", input: { model: "session", where } } as const];
  const [row] = await ctx.runQuery(READ, { operations });
  if (!row) return null;
  const { id, ...columns } = row;
  const session = { _id: id, ...columns };
  return isSession(session) ? session : null;
}

/** Whatever stands in the table: a value that no header can carry is left out. */
function setHeader(headers: Headers, name: string, value: string): void {
  if (/^[\x20-\x7e\x80-\xff]*$/.test(value)) headers.set(name, value);
}

/** Not every text can be signed: half a surrogate pair has no bytes. */
function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
}

function isSession(value: unknown): value is SessionDocument {
  return typeof value === "object" && value !== null && "token" in value && "expiresAt" in value;
}
