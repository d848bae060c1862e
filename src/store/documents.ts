// The documents that a transaction has read by id, so that nobody reads them twice. Small, since the helpers of
// every query load it; what remembers ranges, too, is remember.ts.
import type { QueryDocument } from "../query/where.js";
import type { Reader } from "./db.js";

export type Documents = {
  /** By id, those that are being read included; null for one that is not there. */
  readonly asked: Map<string, Promise<QueryDocument | null>>;
  /** Those that are there. */
  readonly found: Map<string, QueryDocument>;
};

export function noDocuments(): Documents {
  return { asked: new Map(), found: new Map() };
}

/** What everybody has read through the database of a query, which never writes. */
export function documentsOfQuery(db: Reader): Documents {
  const known = ofQueries.get(db) ?? noDocuments();
  ofQueries.set(db, known);
  return known;
}

/** Reads a document, unless it was read before. */
export function loadDocument(
  db: Reader,
  id: string,
  { asked, found }: Documents,
): Promise<QueryDocument | null> {
  const known = asked.get(id) ?? db.get(id);
  asked.set(id, known);
  return known.then((document) => {
    if (document) found.set(id, document);
    return document;
  });
}

// --- internal ---

const ofQueries = new WeakMap<Reader, Documents>();
