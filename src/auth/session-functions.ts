// The internal functions behind `getSession`, for where ctx.db of the caller does not reach: actions, renamed
// session tables, those in the component, and sessions in Better Auth's secondary storage.
// Must not import better-auth: reading a table must not load it.
import {
  internalActionGeneric,
  internalQueryGeneric,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericQueryCtx,
} from "convex/server";
import { v, type Value } from "convex/values";
import { KitcnError } from "../errors.js";
import type { AuthModel, AuthTables } from "../metadata.js";
import type { Store } from "../store/store.js";
import type { AuthCtx, AuthFunctions, AuthStoreFunctions } from "./types.js";

/** Whose session, and which. */
export type SessionKey = { readonly userId: string; readonly sessionId: string };

/** A session as plain data: `id`, `_id`, `_creationTime` and its columns. */
export type SessionRow = { readonly [column: string]: Value };

/** What `authSession` returns: "stored" where no table has the sessions, so that Better Auth has to be asked. */
export type FoundSession = SessionRow | "stored" | null;

/** As much of Better Auth's context as reading a session takes. */
export type SessionContext = {
  readonly options: object;
  readonly internalAdapter: { listSessions(userId: string): Promise<readonly object[]> };
};

const args = { userId: v.string(), sessionId: v.string() };

/** Registers `authSession` of generated/store.ts, which reads the session table. */
export function sessionFunction<DataModel extends GenericDataModel>({
  tables: { session },
  storeOf,
}: {
  readonly tables: AuthTables;
  readonly storeOf: (ctx: GenericQueryCtx<DataModel>) => Store;
}): AuthStoreFunctions["authSession"] {
  return internalQueryGeneric({
    args,
    returns: v.any(),
    handler: async (ctx, key) =>
      // Registered in the app, for its data model.
      session ? loadRow(storeOf(ctx as GenericQueryCtx<DataModel>), session, key) : "stored",
  });
}

/** Registers those of generated/auth.ts, for sessions in Better Auth's secondary storage. */
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
          return await loadStored(await contextOf(ctx as GenericQueryCtx<DataModel>), key); // as above
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

async function loadRow(
  store: Store,
  session: AuthModel,
  { userId, sessionId }: SessionKey,
): Promise<SessionRow | null> {
  const row = await store.findOne({
    model: "session",
    where: [
      { column: "id", value: sessionId },
      { column: session.fields["userId"]?.column ?? "userId", value: userId },
    ],
    system: true,
  });
  return row && { ...namesOf(session, row), ...row };
}

/** Renamed columns under Better Auth's names, too, where getSession itself needs one of them. */
function namesOf({ fields }: AuthModel, row: SessionRow): SessionRow {
  const isRenamed = ["userId", "token", "expiresAt"].some((name) => !(name in row));
  if (!isRenamed) return {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { column }]) =>
      row[column] === undefined ? [] : [[name, row[column]]],
    ),
  );
}

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
  return new KitcnError({
    code: "SESSION_STORAGE_FAILED",
    message: `The sessions are in secondaryStorage, and a query could not read it: ${error instanceof Error ? error.message : String(error)}`,
    hint: "A storage that calls fetch can only be read in an action. Call getSession there, or set `session: { storeSessionInDatabase: true }` in auth.ts and run `npx kitcn add auth --schema`.",
  });
}
