// Reads rows with the rows of other models that belong to them, in one go. Never writes.
import type { Value } from "convex/values";
import type { AuthTables } from "../metadata.js";
import { idOf } from "../query/match.js";
import type { QueryDocument } from "../query/where.js";
import type { Reader } from "./db.js";
import { loadDocuments } from "./read.js";
import { rowOf } from "./rows.js";
import type { FindManyInput, FindOneInput, Join, Row } from "./store.js";

type Scope = { readonly db: Reader; readonly tables: AuthTables };

/** The rows a query asks for, each with its joins. */
export async function loadJoined(
  scope: Scope,
  { select, joins = [], system, ...input }: FindManyInput & Pick<FindOneInput, "system">,
): Promise<Row[]> {
  const documents = await loadDocuments(scope, input);
  const rows = documents.map((document): Row => {
    const row = rowOf(document, select);
    const { _id, _creationTime } = document;
    return system ? { ...row, _id, _creationTime } : row;
  });
  for (const join of joins) {
    const load = memoized((value) => loadOther(scope, join, value));
    await Promise.all(
      documents.map(async (document, at) => {
        const row = rows[at];
        if (row) rows[at] = { ...row, [join.as]: await load(columnValue(document, join.from)) };
      }),
    );
  }
  return rows;
}

// --- internal ---

async function loadOther(scope: Scope, join: Join, value: Value): Promise<Value> {
  // Null references nothing, not other nulls.
  const documents =
    value === null
      ? []
      : await loadDocuments(scope, {
          model: join.model,
          where: [{ column: join.to, value }],
          limit: join.isOne ? 1 : join.limit,
        });
  const rows = documents.map((document) => rowOf(document));
  return join.isOne ? (rows[0] ?? null) : rows;
}

function columnValue(document: QueryDocument, column: string): Value {
  return column === "id" ? idOf(document) : (document[column] ?? null);
}

/** Rows that reference the same thing share one read. */
function memoized(load: (value: Value) => Promise<Value>): (value: Value) => Promise<Value> {
  const known = new Map<Value, Promise<Value>>();
  return (value) => {
    const found = known.get(value) ?? load(value);
    known.set(value, found);
    return found;
  };
}
