// Pages of a query: cursors, and what tells a client to split a page that has become too large.
// Must not know syscalls or subscriptions.
import { createHash } from "node:crypto";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { compareKeys, keyOf, type Doc, type Key } from "./database.js";
import { isUndefinedJson } from "./index-range.js";
import { limited, source, type QueryContext, type SerializedQuery } from "./queries.js";
import { LIMITS } from "./usage.js";
import { measure, VALUE_LIMITS } from "./values.js";

export type PageRequest = {
  readonly cursor: string | null;
  /** Where the page ends, however many documents that are. */
  readonly endCursor?: string | null;
  readonly pageSize: number;
  /** Of documents read, those that a filter leaves out too. */
  readonly maximumRowsRead?: number | undefined;
  readonly maximumBytesRead?: number | undefined;
};

export type Page = {
  readonly page: Doc[];
  readonly isDone: boolean;
  readonly continueCursor: string;
  /** In the middle of what was read; null for up to two documents. */
  readonly splitCursor: string | null;
  readonly pageStatus: "SplitRecommended" | "SplitRequired" | null;
};

/** One page, and where the next one starts; a cursor holds the index key of the last document that was read. */
export function pageOf(query: SerializedQuery, input: QueryContext & PageRequest): Page {
  const { cursor, endCursor, pageSize, maximumRowsRead, maximumBytesRead } = input;
  if (pageSize === 0) throw new Error("Must request at least 1 document while paginating");
  if (pageSize > LIMITS.documentsRead) throw new Error(`Requested too many items: ${pageSize}`);
  if (maximumRowsRead === 0 || maximumBytesRead === 0)
    throw new Error("maximumRowsRead and maximumBytesRead must be greater than 0");
  const end = endCursor ? cursorKey(endCursor, query) : undefined;
  const after = cursor === null ? undefined : cursorKey(cursor, query);
  const { documents, fields, order } = source(query, input, after === END ? undefined : after);
  const isBeyond = (doc: Doc) =>
    end !== undefined &&
    end !== END &&
    compareKeys(keyOf(doc, fields), end) * (order === "asc" ? 1 : -1) > 0;
  const scan = createScan(after === END ? [] : documents, {
    isBeyond,
    // Up to an end everything has to be read, or the pages after it would not follow.
    ...(end === undefined && { rows: maximumRowsRead, bytes: maximumBytesRead }),
  });
  const page: Doc[] = [];
  let isFull = false;
  for (const doc of limited(query, scan.documents())) {
    page.push(doc);
    isFull = end === undefined && page.length >= pageSize;
    if (isFull) break;
  }
  const at = (doc: Doc | undefined) => cursorOf(doc ? keyOf(doc, fields) : END, query);
  const isEnd = end === undefined ? !isFull && !scan.isCut() : end === END;
  const middle = scan.read.length > 2 ? scan.read[Math.floor(scan.read.length / 2)] : undefined;
  return {
    page,
    isDone: isEnd,
    continueCursor: endCursor ?? at(isEnd ? undefined : scan.read.at(-1)),
    splitCursor: middle ? at(middle) : null,
    pageStatus: scan.isCut()
      ? "SplitRequired"
      : isLarge({ scan, page, maximumRowsRead, maximumBytesRead })
        ? "SplitRecommended"
        : null,
  };
}

/** A cursor of another query. Clients know it by the data, and begin again at the first page. */
export class InvalidCursor extends Error {
  readonly data = { isConvexSystemError: true, paginationError: "InvalidCursor" };
  constructor() {
    super(
      "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
    );
  }
}

// --- internal ---

const END = "end";

type Scan = ReturnType<typeof createScan>;

/** Documents as they are read, up to an end or a limit. */
function createScan(
  all: Iterable<Doc>,
  limit: {
    isBeyond: (doc: Doc) => boolean;
    rows?: number | undefined;
    bytes?: number | undefined;
  },
) {
  const read: Doc[] = [];
  let bytes = 0;
  let isCut = false;
  const { rows = Infinity, bytes: maximumBytes = Infinity } = limit;
  function* documents(): Generator<Doc> {
    for (const doc of all) {
      if (limit.isBeyond(doc)) return;
      read.push(doc);
      bytes += measure(doc as Value).size;
      yield doc;
      // A limit cuts also where nothing more would have come: Convex does not look.
      isCut = read.length >= rows || bytes >= maximumBytes;
      if (isCut) return;
    }
  }
  return { documents, read, bytes: () => bytes, isCut: () => isCut };
}

/** From three quarters of a limit on, a client should split the page. */
function isLarge({
  scan,
  page,
  maximumRowsRead = Infinity,
  maximumBytesRead = Infinity,
}: { scan: Scan; page: readonly Doc[] } & Pick<
  PageRequest,
  "maximumRowsRead" | "maximumBytesRead"
>): boolean {
  const soft = (limit: number) => Math.floor((limit * 3) / 4);
  return (
    scan.read.length > soft(Math.min(maximumRowsRead, LIMITS.documentsRead)) ||
    scan.bytes() > soft(Math.min(maximumBytesRead, LIMITS.bytesRead)) ||
    page.length > soft(VALUE_LIMITS.arrayItems)
  );
}

function cursorOf(key: Key | typeof END, query: SerializedQuery): string {
  const parts =
    key === END
      ? END
      : key.map((value) => (value === undefined ? { $undefined: null } : convexToJson(value)));
  return Buffer.from(JSON.stringify([fingerprintOf(query), parts])).toString("base64url");
}

function cursorKey(cursor: string, query: SerializedQuery): Key | typeof END {
  const [fingerprint, parts] = parsedCursor(cursor);
  if (fingerprint !== fingerprintOf(query)) throw new InvalidCursor();
  if (parts === END) return END;
  return parts.map((part) => (isUndefinedJson(part) ? undefined : (jsonToConvex(part) as Value)));
}

function parsedCursor(cursor: string): [string, JSONValue[] | typeof END] {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString()) as never; // written by cursorOf
  } catch {
    throw new InvalidCursor();
  }
}

function fingerprintOf(query: SerializedQuery): string {
  return createHash("sha256").update(JSON.stringify(query)).digest("base64url");
}
