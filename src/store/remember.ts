// A ctx.db that reads nothing twice: what a transaction has read stays true until it writes.
// Only for a transaction that writes through it alone, or not at all. Must not know queries or stores.
import type { Value } from "convex/values";
import type { QueryDocument } from "../query/where.js";
import {
  isWriter,
  type DocumentStream,
  type RangeBuilder,
  type Reader,
  type Writer,
} from "./db.js";
import { documentsOfQuery, loadDocument, noDocuments, type Documents } from "./documents.js";
import { loadMemory, MAX_MEMORY, type Carried, type Memory } from "./memory.js";

/**
 * Around the database of a store: a query reads nothing twice, and a mutation not as long as the store is alone.
 *
 * @param isAlone for how long a mutation writes through the store alone. Default: never
 * @param carried what a run of the same request has read before
 */
export function rememberingIn({
  isAlone,
  carried,
}: {
  readonly isAlone?: (() => boolean) | undefined;
  readonly carried?: Carried | undefined;
}): (db: Reader) => Reader {
  return (db) => {
    if (!isWriter(db)) return readerOfQuery(db);
    return isAlone ? rememberReads(db, isAlone, undefined, carried) : db;
  };
}

/** The database of a query with one memory for everybody who reads through it: it never writes. */
export function readerOfQuery(db: Reader): Reader {
  const reader = ofQueries.get(db) ?? rememberReads(db, () => true, documentsOfQuery(db));
  ofQueries.set(db, reader);
  return reader;
}

/**
 * The same database, which remembers documents and ranges, as far as they were read. A write forgets all.
 *
 * @param isAlone false as soon as something else may have written; then nothing is remembered any more
 * @param documents what was read before
 * @param carried what a run before has read, for a transaction that goes on from there
 */
export function rememberReads(
  db: Reader,
  isAlone: () => boolean,
  documents = noDocuments(),
  carried?: Carried,
): Reader {
  const ranges = new Map<string, Replay>();
  let before: ReadonlyMap<string, Beginning> = new Map();
  let recalled: Promise<void> | undefined;
  let hasWritten = false;
  /** Once, before the first read. */
  const recallMemory = (from: Carried) =>
    (recalled ??= loadMemory(db, from).then((memory) => {
      if (memory && !hasWritten) before = beginningsOf(memory, documents);
    }));
  carried?.keep(() => memoryOf(ranges, documents));
  const forget = () => {
    hasWritten = true;
    before = new Map();
    documents.asked.clear();
    documents.found.clear();
    ranges.clear();
  };
  const reader: Reader = {
    normalizeId: (table, id) => db.normalizeId(table, id),
    get: async (id) => {
      if (!isAlone()) return db.get(id);
      if (carried) await recallMemory(carried);
      return loadDocument(db, id, documents);
    },
    known: (table, columns) => {
      if (!isAlone()) return undefined;
      const isIt = (document: QueryDocument) =>
        columns.every(([column, value]) => document[column] === value) &&
        db.normalizeId(table, document._id) !== null;
      return [...documents.found.values()].find(isIt);
    },
    query: (table) => ({
      withIndex: (index, range) => ({
        order: (order) => {
          const open = () => db.query(table).withIndex(index, range).order(order);
          if (!isAlone()) return open();
          const key = JSON.stringify([table, index, conditionsOf(range), order]);
          const replay = () => recall(ranges, key, () => createReplay(open, before.get(key)));
          return streamOf(carried ? recallMemory(carried).then(replay) : replay());
        },
      }),
    }),
  };
  if (!isWriter(db)) return reader;
  const { insert, patch, delete: remove } = db;
  // Before, for reads that wait for the write; after, for those that did not.
  const forgetting = async <Result>(write: Promise<Result>): Promise<Result> => {
    forget();
    return write.finally(forget);
  };
  const own: Writer = {
    ...reader,
    insert: (table, document) => forgetting(insert.call(db, table, document)),
    patch: (id, columns) => forgetting(patch.call(db, id, columns)),
    delete: (id) => forgetting(remove.call(db, id)),
  };
  return own;
}

// --- internal ---

const ofQueries = new WeakMap<Reader, Reader>();

/** A range as far as it was read, for any number of readers. */
type Replay = {
  readonly at: (position: number) => Promise<QueryDocument | undefined>;
  /** What was read until now. */
  readonly read: () => Beginning;
};

/** The first documents of a range, or all of them. */
type Beginning = { readonly documents: readonly QueryDocument[]; readonly isWhole: boolean };

function createReplay(open: () => DocumentStream, before?: Beginning): Replay {
  const found: QueryDocument[] = [...(before?.documents ?? [])];
  let isWhole = before?.isWhole ?? false;
  const known = found.map((one): Promise<QueryDocument | undefined> => Promise.resolve(one));
  let stream: AsyncIterator<QueryDocument> | undefined;
  const start = async () => {
    const opened = open()[Symbol.asyncIterator]();
    // A run before has read these.
    for (let skipped = 0; skipped < (before?.documents.length ?? 0); skipped++) await opened.next();
    return opened;
  };
  const readNext = async () => {
    if (isWhole) return undefined;
    stream ??= await start();
    const { done, value } = await stream.next();
    if (done) isWhole = true;
    else found.push(value);
    return done ? undefined : value;
  };
  return {
    read: () => ({ documents: found, isWhole }),
    at: (position) => {
      // One after the other: a reader that is ahead waits for those before it.
      while (known.length <= position) {
        const before = known.at(-1) ?? Promise.resolve();
        known.push(before.then(readNext));
      }
      return known[position] as Promise<QueryDocument | undefined>; // made in the line above
    },
  };
}

function streamOf(replayed: Replay | Promise<Replay>): DocumentStream {
  async function* all(): AsyncGenerator<QueryDocument> {
    const replay = await replayed;
    for (let position = 0; ; position++) {
      const document = await replay.at(position);
      if (!document) return;
      yield document;
    }
  }
  return {
    [Symbol.asyncIterator]: all,
    take: async (count) => {
      const replay = await replayed;
      const taken: QueryDocument[] = [];
      for (let position = 0; position < count; position++) {
        const document = await replay.at(position);
        if (!document) break;
        taken.push(document);
      }
      return taken;
    },
  };
}

/** What can go on to the next run: not what was looked for in vain, and nothing long. */
function memoryOf(ranges: ReadonlyMap<string, Replay>, { found }: Documents): Memory | undefined {
  const begun = [...ranges].map(([key, replay]) => ({ key, ...replay.read() }));
  const kept = begun.filter(({ documents }) => documents.length > 0);
  const all = new Map(found);
  for (const { documents } of kept) for (const one of documents) all.set(one._id, one);
  if (all.size === 0 || all.size > MAX_MEMORY) return undefined;
  return {
    documents: [...all.values()],
    ranges: kept.map(({ key, documents, isWhole }) => ({
      ...{ key, isWhole },
      ids: documents.map(({ _id }) => _id),
    })),
  };
}

/** What a run before has read, where this one looks first. */
function beginningsOf(memory: Memory, { asked, found }: Documents): Map<string, Beginning> {
  const byId = new Map(memory.documents.map((document) => [document._id, document]));
  for (const [id, document] of byId) {
    asked.set(id, Promise.resolve(document));
    found.set(id, document);
  }
  return new Map(
    memory.ranges.map(({ key, ids, isWhole }) => {
      const documents = ids.flatMap((id) => byId.get(id) ?? []);
      return [key, { documents, isWhole }];
    }),
  );
}

function conditionsOf(range: (builder: RangeBuilder) => RangeBuilder): unknown[] {
  const conditions: unknown[] = [];
  const note = (operator: string) => (column: string, value: Value | undefined) => {
    // JSON has no undefined, and Convex tells it from null.
    conditions.push([operator, column, value === undefined ? { absent: true } : value]);
    return recorder;
  };
  const recorder: RangeBuilder = {
    eq: note("eq"),
    gt: note("gt"),
    gte: note("gte"),
    lt: note("lt"),
    lte: note("lte"),
  };
  range(recorder);
  return conditions;
}

function recall<Item>(known: Map<string, Item>, key: string, make: () => Item): Item {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
