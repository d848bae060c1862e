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
import { documentsOfQuery, loadDocument, noDocuments } from "./documents.js";

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
 */
export function rememberReads(
  db: Reader,
  isAlone: () => boolean,
  documents = noDocuments(),
): Reader {
  const ranges = new Map<string, Replay>();
  const forget = () => {
    documents.asked.clear();
    documents.found.clear();
    ranges.clear();
  };
  const reader: Reader = {
    normalizeId: (table, id) => db.normalizeId(table, id),
    get: (id) => (isAlone() ? loadDocument(db, id, documents) : db.get(id)),
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
          return streamOf(recall(ranges, key, () => createReplay(open())));
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
type Replay = { readonly at: (position: number) => Promise<QueryDocument | undefined> };

function createReplay(stream: DocumentStream): Replay {
  const known: Promise<QueryDocument | undefined>[] = [];
  const rest = stream[Symbol.asyncIterator]();
  const readNext = async () => {
    const { done, value } = await rest.next();
    return done ? undefined : value;
  };
  return {
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

function streamOf(replay: Replay): DocumentStream {
  async function* all(): AsyncGenerator<QueryDocument> {
    for (let position = 0; ; position++) {
      const document = await replay.at(position);
      if (!document) return;
      yield document;
    }
  }
  return {
    [Symbol.asyncIterator]: all,
    take: async (count) => {
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
