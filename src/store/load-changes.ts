// Finds the documents that a write operation concerns, and says what happens to each. Reads only; what an operation
// must not do is refused here, before anything is written.
import type { Value } from "convex/values";
import { emptyWhere, notACounter } from "../errors/store-functions.js";
import type { AuthTables } from "../metadata.js";
import type { QueryDocument } from "../query/where.js";
import type { Change, Loaded } from "./change.js";
import { writerOf, type Columns, type Reader } from "./db.js";
import { loadDeletion } from "./delete.js";
import { assertRepeatable, assertWritable } from "./guards.js";
import type { FindingOperation } from "./operation.js";
import { loadDocuments } from "./read.js";
import { definedColumns, rowOf } from "./rows.js";
import type { CountInput, IncrementInput } from "./store.js";

type Scope = { readonly db: Reader; readonly tables: AuthTables };

/**
 * The changes that an operation makes.
 *
 * @throws KitcnError `READ_ONLY`, `EMPTY_WHERE`, `NOT_A_COUNTER`, `TOO_MANY_WRITES`, `UNIQUE_VIOLATION`, `RESTRICTED`
 */
export async function loadChanges(
  scope: Scope,
  { kind, input }: FindingOperation,
): Promise<Loaded> {
  const { model } = input;
  writerOf(scope.db);
  switch (kind) {
    case "update":
      return firstChanged(scope, { ...input, kind }, () => definedColumns(input.data));
    case "incrementOne":
      return firstChanged(scope, { ...input, kind }, (document) => incremented(document, input));
    case "updateMany": {
      const columns = definedColumns(input.data);
      const documents = await loadDocuments(scope, input);
      assertWritable(model, documents);
      assertRepeatable(scope, { model, columns, count: documents.length });
      return { changes: documents.map((document) => updated({ model, document, columns })) };
    }
    case "delete":
      assertNarrowed(input, kind);
      return allDeleted(scope, input);
    case "deleteMany":
      return allDeleted(scope, input);
    case "consumeOne": {
      assertNarrowed(input, kind);
      const [document] = await loadDocuments(scope, { ...input, limit: 1 });
      if (!document) return { changes: [], result: null };
      const changes = await loadDeletion(scope, { model, roots: [document] });
      return { changes, result: rowOf(document) };
    }
  }
}

// --- internal ---

async function firstChanged(
  scope: Scope,
  { model, where, kind }: CountInput & { kind: string },
  columnsOf: (document: QueryDocument) => Columns,
): Promise<Loaded> {
  assertNarrowed({ model, where }, kind);
  const [document] = await loadDocuments(scope, { model, where, limit: 1 });
  return { changes: document ? [updated({ model, document, columns: columnsOf(document) })] : [] };
}

function updated(input: { model: string; document: QueryDocument; columns: Columns }): Change {
  return { operation: "update", ...input };
}

async function allDeleted(
  scope: Scope,
  { model, where, limit }: CountInput & { readonly limit?: number },
): Promise<Loaded> {
  const roots = await loadDocuments(scope, { model, where, limit });
  return { changes: await loadDeletion(scope, { model, roots }), result: roots.length };
}

/** Counters added to, and columns set. */
function incremented(
  document: QueryDocument,
  { model, increment, set = {} }: IncrementInput,
): Columns {
  const columns = definedColumns(set);
  for (const [column, delta] of Object.entries(increment)) {
    columns[column] = sumOf({ model, column, current: document[column] ?? 0, delta });
  }
  return columns;
}

function sumOf(input: { model: string; column: string; current: Value; delta: number }): number {
  const { model, column, current, delta } = input;
  const sum = typeof current === "number" ? current + delta : NaN;
  if (Number.isFinite(sum)) return sum;
  throw notACounter({ delta, column, model });
}

function assertNarrowed({ model, where }: CountInput, verb: string): void {
  if (where.length > 0) return;
  throw emptyWhere({ verb, model });
}
