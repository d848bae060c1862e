// What one run of a request has read, as plain data, so that the next run need not read all of it again.
// Must not know queries or stores; remember.ts fills and uses it.
import { compareValues, type Value } from "convex/values";
import type { QueryDocument } from "../query/where.js";
import type { Reader } from "./db.js";

export type Memory = {
  readonly documents: readonly QueryDocument[];
  /** Ranges that found something: what was asked, the ids in order, and whether the end was reached. */
  readonly ranges: readonly {
    readonly key: string;
    readonly ids: readonly string[];
    readonly isWhole: boolean;
  }[];
};

/** A memory that crosses from one function to another is not larger than this. */
export const MAX_MEMORY = 20;

/** What a run was given, and where it leaves what it has read. */
export type Carried = {
  readonly memory: Memory | undefined;
  /** The table whose documents are taken as they were. All others are read again. */
  readonly trustedTable: string | undefined;
  readonly keep: (take: () => Memory | undefined) => void;
};

/**
 * The memory, if its documents are still what they were. Those that are read again are part of the transaction.
 *
 * @example
 * const memory = await loadMemory(ctx.db, carried);
 */
export async function loadMemory(
  db: Reader,
  { memory, trustedTable }: Carried,
): Promise<Memory | undefined> {
  if (!memory) return undefined;
  const isTrusted = ({ _id }: QueryDocument) =>
    trustedTable !== undefined && db.normalizeId(trustedTable, _id) !== null;
  const doubted = memory.documents.filter((document) => !isTrusted(document));
  const now = await Promise.all(doubted.map(({ _id }) => db.get(_id)));
  const isSame = doubted.every(
    // Documents are Convex values.
    (document, at) => compareValues(document as Value, now[at] as Value) === 0,
  );
  return isSame ? memory : undefined;
}
