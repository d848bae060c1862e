// Points documents of the app's own tables at new ids, one page a call. Writes through the app's ctx.db, so triggers
// of that table run. An id that was replaced is not an old one any more, so a second run changes nothing.
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { Value } from "convex/values";
import { ambiguousOldId } from "../errors/import.js";
import { forgetRun, noteRun } from "./batch.js";
import { IMPORT_MODELS } from "./models.js";
import { findMapped, runPlaced, type ImportScope, type MappedId } from "./scope.js";
import type { Row } from "../store/store.js";
import type { RewriteBatch, RewrittenBatch, RewrittenField } from "./types.js";

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
  const found = documents.flatMap((document) => idsAt(document, path));
  const kept = found.filter((id) => ids.kept.has(id)).length;
  const unknown = found.filter((id) => ids.unknown.has(id)).length;
  // Noted with the first page, since a run that is killed has rewritten some.
  if (!dryRun && !back && rewritten > 0) await noteRun(scope, runOf(batch));
  if (!dryRun && back && page.isDone) await forgetRewrites(scope, batch);
  return {
    ...{ documents: documents.length, rewritten, unknown, kept, found: found.length },
    cursor: page.isDone ? null : page.continueCursor,
  };
}

/** The fields that hold new ids. */
export async function rewrittenFields(scope: ImportScope): Promise<RewrittenField[]> {
  const where = [{ column: "source", operator: "starts_with" as const, value: REWRITE_PREFIX }];
  const input = { model: IMPORT_MODELS.runs, where };
  const [rows] = await runPlaced(scope, [{ kind: "findMany", input }]);
  return (rows as Row[]).map(({ source: run }) => {
    const [field = "", model, source] = String(run).slice(REWRITE_PREFIX.length).split(" ");
    const known = (name: string | undefined) => (name === ANY ? undefined : name);
    return { field, model: known(model), source: known(source) };
  });
}

// --- internal ---

/** How the runs of a rewritten field are named beside those of sources. */
const REWRITE_PREFIX = "rewrite ";

/** In the name of such a run, for a model or a source that nobody named. */
const ANY = "*";

function runOf({ table, field, model = ANY, source = ANY }: RewriteBatch): string {
  return `${REWRITE_PREFIX}${table}.${field} ${model} ${source}`;
}

/** Without a model and a source, all ids of the field are old again. */
async function forgetRewrites(scope: ImportScope, batch: RewriteBatch): Promise<void> {
  const isAll = batch.model === undefined && batch.source === undefined;
  const { table, field } = batch;
  const same = (await rewrittenFields(scope)).filter((one) => one.field === `${table}.${field}`);
  const runs = isAll ? same.map((one) => runOf({ ...batch, ...one, field })) : [runOf(batch)];
  for (const run of runs) await forgetRun(scope, run);
}

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

type KnownIds = {
  /** What each value becomes. */
  readonly new: ReadonlyMap<string, string>;
  readonly kept: ReadonlySet<string>;
  readonly unknown: ReadonlySet<string>;
};

/** What each value becomes, and which values stay. */
async function loadIds(
  scope: ImportScope,
  values: readonly string[],
  { model, source, back }: RewriteBatch,
): Promise<KnownIds> {
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
  const kept = new Set<string>();
  for (const { value, rows: all } of await find(from, values)) {
    // Documents may have held the id of such a row before the import.
    const rows = back ? all.filter(({ isLinked }) => !isLinked) : all;
    if (rows.length < all.length && rows.length === 0) kept.add(value);
    const targets = new Set(rows.map((row) => row[to]));
    const [target] = targets;
    // Nothing says whose old id such a document had: that of the import that made the row, or that of one that linked it.
    const isShared = source === undefined && rows.length > 0 && rows.length < all.length;
    if (targets.size > 1 || isShared)
      throw ambiguousOldId({
        id: value,
        rows: all.map(({ source, model }) => `${model} of ${source}`),
      });
    if (target !== undefined) next.set(value, target);
  }
  const others = values.filter((value) => !next.has(value) && !kept.has(value));
  const unknown = (await find(to, others)).filter(({ rows }) => rows.length === 0);
  return { new: next, kept, unknown: new Set(unknown.map(({ value }) => value)) };
}

const MAX_MATCHES = 10;

function isObject(value: unknown): value is { readonly [field: string]: Value | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
