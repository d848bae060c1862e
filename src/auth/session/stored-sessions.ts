// The internal functions behind `getSession` for sessions in Better Auth's secondary storage, which only Better Auth can
// read. They belong to generated/auth.ts: those that a table has are read by session-functions.ts.
import {
  internalActionGeneric,
  internalQueryGeneric,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericQueryCtx,
} from "convex/server";
import { v } from "convex/values";
import type { KitcnError } from "../../errors/error.js";
import { sessionStorageFailed } from "../../errors/auth.js";
import type { AuthCtx, AuthFunctions } from "../types.js";
import type { SessionKey, SessionRow } from "./session-functions.js";

/** As much of Better Auth's context as reading a session takes. */
export type SessionContext = {
  readonly options: object;
  readonly internalAdapter: { listSessions(userId: string): Promise<readonly object[]> };
};

const args = { userId: v.string(), sessionId: v.string() };

/** Registers `authStoredSession` and `authStoredSessionQuery`. */
export function storedSessionFunctions<DataModel extends GenericDataModel>(
  /** `$context` of the Better Auth instance of a context. */
  contextOf: (ctx: AuthCtx<DataModel>) => Promise<SessionContext>,
): Pick<AuthFunctions, "authStoredSession" | "authStoredSessionQuery"> {
  return {
    authStoredSessionQuery: internalQueryGeneric({
      args,
      returns: v.any(),
      handler: async (ctx, key) => {
        try {
          return await loadStored(await contextOf(ctx as GenericQueryCtx<DataModel>), key); // registered in the app, for its data model
        } catch (error) {
          throw outOfReach(error);
        }
      },
    }),
    authStoredSession: internalActionGeneric({
      args,
      returns: v.any(),
      handler: async (ctx, key) =>
        loadStored(await contextOf(ctx as GenericActionCtx<DataModel>), key), // as above
    }),
  };
}

// --- internal ---

async function loadStored(
  { internalAdapter, options }: SessionContext,
  { userId, sessionId }: SessionKey,
): Promise<SessionRow | null> {
  const sessions = await internalAdapter.listSessions(userId);
  const found = sessions.find((one) => "id" in one && one.id === sessionId);
  if (!found) return null;
  const dates = dateFields(options);
  const columns = Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, dates.has(name) ? timeOf(value) : value]),
  ) as SessionRow; // it was JSON in the storage
  return { ...columns, _id: sessionId, _creationTime: columns["createdAt"] ?? 0 };
}

/** Dates are text in the storage: those of Better Auth, of additionalFields and of plugins. */
function dateFields(options: object): Set<string> {
  const { session, plugins = [] } = options as SessionOptions; // Better Auth's own options
  const declared = [
    session?.additionalFields,
    ...plugins.map((one) => one.schema?.session?.fields),
  ];
  const dates = declared.flatMap((fields = {}) =>
    Object.entries(fields).flatMap(([name, { type }]) => (type === "date" ? [name] : [])),
  );
  return new Set(["expiresAt", "createdAt", "updatedAt", ...dates]);
}

type Fields = { readonly [name: string]: { readonly type?: unknown } };

type SessionOptions = {
  readonly session?: { readonly additionalFields?: Fields };
  readonly plugins?: readonly {
    readonly schema?: { readonly session?: { readonly fields?: Fields } };
  }[];
};

function timeOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === "string" ? Date.parse(value) : value;
}

function outOfReach(error: unknown): KitcnError {
  const reason = error instanceof Error ? error.message : String(error);
  return sessionStorageFailed({ reason });
}
