// The internal function behind `getSession`, for where ctx.db of the caller does not reach: actions, renamed session
// tables, and those in the component; and behind `requireRole` and `requireOrganization`.
// Must not import better-auth: reading a table must not load it.
import { internalQueryGeneric, type GenericDataModel, type GenericQueryCtx } from "convex/server";
import { v, type Value } from "convex/values";
import type { AuthModel, AuthTables } from "../../metadata.js";
import type { Store } from "../../store/store.js";
import type { AuthStoreFunctions } from "../types.js";
import { loadStanding } from "./standing.js";

/** Whose session, and which. */
export type SessionKey = { readonly userId: string; readonly sessionId: string };

/** A session as plain data: `id`, `_id`, `_creationTime` and its columns. */
export type SessionRow = { readonly [column: string]: Value };

/** What `authSession` returns: "stored" where no table has the sessions, so that Better Auth has to be asked. */
export type FoundSession = SessionRow | "stored" | null;

const args = {
  userId: v.string(),
  sessionId: v.string(),
  of: v.optional(v.union(v.literal("user"), v.literal("member"))),
  organizationId: v.optional(v.string()),
};

/** Registers `authSession` of generated/store.ts, which reads the session table, or with `of` a row with roles. */
export function sessionFunction<DataModel extends GenericDataModel>({
  tables,
  storeOf,
}: {
  readonly tables: AuthTables;
  readonly storeOf: (ctx: GenericQueryCtx<DataModel>) => Store;
}): AuthStoreFunctions["authSession"] {
  return internalQueryGeneric({
    args,
    returns: v.any(),
    handler: async (ctx, { of, organizationId, ...key }) => {
      const store = storeOf(ctx as GenericQueryCtx<DataModel>); // registered in the app, for its data model
      if (of) return loadStanding({ tables, store }, { userId: key.userId, of, organizationId });
      return tables.session ? loadRow(store, tables.session, key) : "stored";
    },
  });
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
