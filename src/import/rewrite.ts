// Points documents of the app's own tables at new ids, one page a call. Writes through the app's ctx.db, so triggers
// of that table run. An id that was replaced is not an old one any more, so a second run changes nothing.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { Value } from "convex/values";
import { ambiguousOldId } from "../errors/import.js";
import { forgetRun, noteRun } from "./batch.js";
import { findMapped, type ImportScope, type MappedId } from "./scope.js";
import type { RewriteBatch, RewrittenBatch } from "./types.js";

/** How the runs of a rewritten field are named beside those of sources. */
export const REWRITE_PREFIX = "rewrite ";

/**
 * Replaces the ids of one page.
 *
 * @throws KitcnError `AMBIGUOUS_OLD_ID` where an old id belongs to several rows; what Convex throws where the schema
 *   refuses the new id
 */
export async function rewritePage(
  scope: ImportScope,
  ctx: GenericMutationCtx<GenericDataModel>,
  batch: RewriteBatch,
): Promise<RewrittenBatch> {
  const { table, field, cursor, limit, dryRun, back } = batch;
  const path = field.split(".");
  const page = await ctx.db.query(table).paginate({ cursor, numItems: limit });
  const documents = page.page as Document[]; // any table of the app
  const values = new Set(documents.flatMap((document) => idsAt(document, path)));
  const ids = await loadIds(scope, [...values], batch);
  let rewritten = 0;
  for (const document of documents) {
    const [name = ""] = path;
    const replaced = idsAt(document, path).filter((id) => ids.new.has(id)).length;
    if (replaced === 0) continue;
    rewritten += replaced;
    const value = replaceAt(document[name], path.slice(1), ids.new);
    if (!dryRun) await ctx.db.patch(document._id as never, { [name]: value } as never); // of the app's own tables
  }
  const unknown = documents
    .flatMap((document) => idsAt(document, path))
    .filter((id) => !ids.new.has(id) && !ids.done.has(id)).length;
  const isLast = page.isDone;
  const run = REWRITE_PREFIX + `${table}.${field}`;
  if (isLast && !dryRun) await (back ? forgetRun(scope, run) : noteRun(scope, run));
  return {
    documents: documents.length,
    rewritten,
    unknown,
    cursor: isLast ? null : page.continueCursor,
  };
}

// --- internal ---

type Document = { readonly _id: string; readonly [field: string]: Value | undefined };

/** The ids at a path: those of every item where an array is on the way. */
function idsAt(value: Value | Document | undefined, path: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Value) => idsAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "string" ? [value] : [];
  return isObject(value) ? idsAt(value[name], rest) : [];
}

function replaceAt(
  value: Value | undefined,
  path: readonly string[],
  ids: ReadonlyMap<string, string>,
): Value | undefined {
  if (Array.isArray(value)) return value.map((item: Value) => replaceAt(item, path, ids) ?? null);
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "string" ? (ids.get(value) ?? value) : value;
  if (!isObject(value)) return value;
  const inner = replaceAt(value[name], rest, ids);
  return inner === undefined ? (value as Value) : { ...(value as object), [name]: inner };
}

/** What each value becomes, and which values are what they should be. */
async function loadIds(
  scope: ImportScope,
  values: readonly string[],
  { model, source, back }: RewriteBatch,
): Promise<{ new: Map<string, string>; done: Set<string> }> {
  const [from, to] = back ? (["newId", "oldId"] as const) : (["oldId", "newId"] as const);
  const find = async (column: "newId" | "oldId", wanted: readonly string[]) => {
    const rows = await findMapped(
      scope,
      wanted.map((value) => ({ where: [{ column, value }], limit: MAX_MATCHES })),
    );
    return wanted.map((value, at) => ({ value, rows: (rows[at] ?? []).filter(isMeant) }));
  };
  const isMeant = (row: MappedId) =>
    (model === undefined || row.model === model) && (source === undefined || row.source === source);
  const next = new Map<string, string>();
  for (const { value, rows } of await find(from, values)) {
    const targets = new Set(rows.map((row) => row[to]));
    const [target] = targets;
    if (targets.size > 1)
      throw ambiguousOldId({
        id: value,
        rows: rows.map(({ source, model }) => `${model} of ${source}`),
      });
    if (target !== undefined) next.set(value, target);
  }
  const others = values.filter((value) => !next.has(value));
  const done = (await find(to, others)).filter(({ rows }) => rows.length > 0);
  return { new: next, done: new Set(done.map(({ value }) => value)) };
}

const MAX_MATCHES = 10;

function isObject(value: unknown): value is { readonly [field: string]: Value | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
