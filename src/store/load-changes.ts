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
import type { RowData } from "./store.js";

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
  const { model, where } = input;
  writerOf(scope.db);
  const isAll = kind === "updateMany" || kind === "deleteMany";
  if (!isAll && where.length === 0) throw emptyWhere({ verb: kind, model });
  const isOne = !isAll && kind !== "delete";
  const documents = await loadDocuments(scope, { ...input, ...(isOne && { limit: 1 }) });
  switch (kind) {
    case "update":
    case "updateMany":
      return loadUpdates(scope, documents, { ...input, columns: input.data });
    case "incrementOne":
      return loadUpdates(scope, documents, { ...input, columns: input.set ?? {} });
    case "delete":
    case "deleteMany":
    case "consumeOne": {
      const changes = await loadDeletion(scope, { model, roots: documents });
      const [document] = documents;
      if (kind !== "consumeOne") return { changes, result: documents.length };
      return { changes, result: document ? rowOf(document) : null };
    }
  }
}

/** Counters, added to. @throws KitcnError `NOT_A_COUNTER` */
export function sumsOf(
  document: QueryDocument,
  { model, increment = {} }: Pick<Update, "model" | "increment">,
): Columns {
  return Object.fromEntries(
    Object.entries(increment).map(([column, delta]) => [
      column,
      sumOf({ model, column, current: document[column] ?? 0, delta }),
    ]),
  );
}

// --- internal ---

type Update = Extract<Change, { operation: "update" }>;

function loadUpdates(
  scope: Scope,
  documents: readonly QueryDocument[],
  input: Pick<Update, "model" | "increment"> & { columns: RowData },
): Loaded {
  const { model, increment } = input;
  assertWritable(model, documents);
  const columns = definedColumns(input.columns);
  assertRepeatable(scope, { model, columns, count: documents.length });
  const changes = documents.map((document): Update => ({
    operation: "update",
    ...{ model, document },
    ...(increment && { increment }),
    // Triggers see the sums as they are now. They are made again when the document is written.
    columns: { ...columns, ...sumsOf(document, input) },
  }));
  return { changes };
}

function sumOf(input: { model: string; column: string; current: Value; delta: number }): number {
  const { model, column, current, delta } = input;
  const sum = typeof current === "number" ? current + delta : NaN;
  if (Number.isFinite(sum)) return sum;
  throw notACounter({ delta, column, model });
}
