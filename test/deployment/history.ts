// Commits in order, and whether one touched what another transaction read: the optimistic part of
// Convex's concurrency. A transaction sees the state of its beginning; it commits only if that still holds.
import {
  compareKeys,
  docById,
  dropDoc,
  emptyTable,
  forkTable,
  keyOf,
  putDoc,
  type Database,
  type Doc,
  type Key,
  type Table,
} from "./database.js";
import { compareValues } from "convex/values";
import { createFootprints } from "./footprints.js";
import { Transaction, type Counters, type Edge, type Range } from "./transaction.js";

/** A stretch of an index that was read: up to `reached`, where reading stopped before the end. */
export type Read = Range & {
  readonly database: Database;
  readonly table: string;
  readonly fields: readonly string[];
  reached?: Key | undefined;
};

export type Change = {
  readonly database: Database;
  readonly table: string;
  readonly old: Doc | undefined;
  readonly next: Doc | undefined;
};

export type Conflict = { readonly table: string; readonly id: string };
export type History = ReturnType<typeof createHistory>;

type Snapshot = ReadonlyMap<Database, Database["tables"]>;
const MAX_SNAPSHOTS = 10;

export function createHistory(counters: Counters) {
  let latest = 0;
  let commits: { at: number; changes: readonly Change[] | "everything" }[] = [];
  const active = new Map<Transaction, number>();
  const snapshots = new Map<number, Snapshot>();
  const footprints = createFootprints(isTouched);

  /** With `at`, of `snapshot`, reads the state of that time. */
  function begin(databases: readonly Database[], at?: number): Transaction {
    const transaction = new Transaction(databases, counters, snapshotAt(at));
    active.set(transaction, latest);
    return transaction;
  }

  function snapshotAt(at: number | undefined): Snapshot | undefined {
    if (at === undefined || at === latest) return undefined;
    const found = snapshots.get(at);
    if (!found) throw new Error(`Nothing is known of the time ${at}: it is too long ago.`);
    return found;
  }

  /** The time of the state as it is, which can be read again for a while. */
  function snapshot(databases: readonly Database[]): number {
    snapshots.set(latest, new Map(databases.map((database) => [database, database.tables])));
    const [oldest] = snapshots.keys();
    if (oldest !== undefined && snapshots.size > MAX_SNAPSHOTS) snapshots.delete(oldest);
    return latest;
  }

  /** Must follow every `begin`: commits older than all transactions are forgotten. `by` ran it. */
  function end(transaction: Transaction, by?: object): void {
    footprints.note(by, transaction.reads, transaction.changes());
    active.delete(transaction);
    const oldest = Math.min(latest, ...active.values());
    commits = commits.filter(({ at }) => at > oldest);
  }

  /** Makes the transaction's writes the state, or says what is in the way. */
  function commit(transaction: Transaction): Conflict | undefined {
    const changes = transaction.changes();
    if (changes.length === 0) return undefined;
    const begun = active.get(transaction) ?? latest;
    for (const other of commits) {
      if (other.at <= begun) continue;
      if (other.changes === "everything") return { table: "_schema", id: "_schema" };
      const touched = other.changes.find((change) => isTouched(transaction.reads, [change]));
      if (touched) return { table: touched.table, id: (touched.next ?? touched.old)!._id };
    }
    applyChanges(changes);
    commits.push({ at: ++latest, changes });
    return undefined;
  }

  /** A push: whatever runs meanwhile has to run again on the new code. */
  const barrier = () => void commits.push({ at: ++latest, changes: "everything" });

  return { begin, end, commit, barrier, snapshot, footprints };
}

/** Whether reading again could give something else. */
export function isTouched(reads: readonly Read[], changes: readonly Change[]): boolean {
  return changes.some(({ database, table, old, next }) =>
    reads.some(
      (read) =>
        read.database === database &&
        read.table === table &&
        [old, next].some((doc) => doc && covers(read, keyOf(doc, read.fields))),
    ),
  );
}

// --- internal ---

function covers({ prefix, lower, upper, order, reached }: Read, key: Key): boolean {
  if (compareKeys(prefix, key) !== 0) return false;
  const value = key[prefix.length];
  const isBeyond = (edge: Edge, sign: 1 | -1) => {
    const compared = compareValues(value, edge.value) * sign;
    return compared > 0 || (compared === 0 && !edge.inclusive);
  };
  if (lower && isBeyond(lower, -1)) return false;
  if (upper && isBeyond(upper, 1)) return false;
  if (!reached) return true;
  const past = compareKeys(key, reached);
  return order === "asc" ? past <= 0 : past >= 0;
}

function applyChanges(changes: readonly Change[]): void {
  const forks = new Map<Database, Map<string, Table>>();
  for (const { database, table, old, next } of changes) {
    const tables = forks.get(database) ?? new Map<string, Table>();
    forks.set(database, tables);
    const known = tables.get(table) ?? database.tables.get(table) ?? emptyTable(database, table);
    const fork = tables.has(table) ? known : forkTable(known);
    tables.set(table, fork);
    if (next) putDoc(fork, next);
    else if (old && docById(fork, old._id)) dropDoc(fork, old._id);
  }
  for (const [database, tables] of forks)
    database.tables = new Map([...database.tables, ...tables]);
}
