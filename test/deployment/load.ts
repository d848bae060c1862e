// Puts many documents into a table at once, as an import does: no function runs, and nothing is counted.
// Holds them to the schema. Must not know HTTP.
import type { Value } from "convex/values";
import { docsOf, fullName, tableWith, type Database, type Doc } from "./database.js";
import { newId } from "./ids.js";
import { mismatch } from "./validators.js";

export type LoadedColumns = { readonly [column: string]: Value };

/**
 * Adds documents to a table, and returns their ids in the same order.
 *
 * @throws Error for one that does not fit the schema
 */
export function loadInto(
  database: Database,
  table: string,
  documents: readonly LoadedColumns[],
): string[] {
  const known = docsOf(database.tables.get(table));
  const newest = Math.max(0, ...known.slice(-1).map(({ _creationTime }) => _creationTime));
  const start = Math.max(Date.now() - documents.length / 1000, newest + 0.001);
  const added = documents.map((columns, at): Doc => {
    assertFits(database, table, columns);
    // Each a microsecond after the one before, and after all that was there.
    const _creationTime = start + at / 1000;
    return { ...columns, _id: newId(fullName(database, table)), _creationTime };
  });
  const whole = tableWith(database, table, [...known, ...added]);
  database.tables = new Map([...database.tables, [table, whole]]);
  return added.map(({ _id }) => _id);
}

// --- internal ---

function assertFits(database: Database, table: string, columns: LoadedColumns): void {
  const { documentType } = database.schema?.get(table) ?? { documentType: null };
  if (!documentType || !database.validates) return;
  const names = () => [...database.tables.keys()];
  const why = mismatch(documentType, columns, { component: database.path, names });
  if (why) throw new Error(`A document for table "${table}" does not match the schema: ${why}`);
}
