// Ends sessions of before a moment, one batch a call: what `kitcn env push --rotate` does after the key is new.
// Must not import better-auth: rows go through the store, with the triggers of every other write.
import type { AuthTables } from "../../metadata.js";
import type { Store } from "../../store/store.js";

export type EndSessionsArgs = {
  /**
   * In ms: sessions that began later stay, so that whoever signs in meanwhile is not signed out again. Default: now,
   * by the deployment's clock.
   */
  before?: number | undefined;
  /** Rows at most. */
  limit: number;
};

export type EndedSessions = {
  /** How many rows were deleted; fewer than `limit` when none is left. */
  ended: number;
  /** What the next batch has to be given. */
  before: number;
  /** True where the app keeps sessions outside of Convex, too. */
  elsewhere: boolean;
};

/** Deletes the oldest sessions; with `secondaryStorage` alone there is no table of them. */
export async function endSessions(
  { before = Date.now(), limit }: EndSessionsArgs,
  { store, tables, elsewhere }: { store: Store; tables: AuthTables; elsewhere: boolean },
): Promise<EndedSessions> {
  const createdAt = tables.session?.fields.createdAt;
  if (!createdAt) return { ended: 0, before, elsewhere };
  const where = [{ column: createdAt.column, operator: "lt", value: before }] as const;
  const ended = await store.deleteMany({ model: "session", where, limit });
  return { ended, before, elsewhere };
}
