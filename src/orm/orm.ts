// `createOrm`: ctx.orm over a context's database. Queries go through the planner, writes through the store's own
// write path, so that unique columns, cascades and triggers are those of every other write.
import type { GenericDataModel } from "convex/server";
import { missingDocument, writeWithoutTarget } from "../errors/orm.js";
import type { AuthTables } from "../metadata.js";
import type { QueryDocument } from "../query/where.js";
import { dbChanger } from "../store/apply.js";
import type { Change } from "../store/change.js";
import { readerOf, writerOf, type AnyDb, type Columns } from "../store/db.js";
import { loadDeletion } from "../store/delete.js";
import { assertRepeatable } from "../store/guards.js";
import { loadAny } from "../store/read.js";
import { turnsOf, type InTurn } from "../store/turns.js";
import { writeAll, writeNew, type WriteScope } from "../store/write.js";
import type { WriteHooks } from "../triggers/hooks.js";
import {
  loadFound,
  queryOf,
  withId,
  type FindInput,
  type FindScope,
  type FoundDocument,
} from "./find.js";
import { loadPage, type PageInput } from "./page.js";
import type { AnyRelations } from "./relations.js";
import type { OrmWriter } from "./types.js";
import { assertWritable, type WhereInput } from "./where.js";
import { tableOf } from "./tables.js";

export type OrmInput<DataModel extends GenericDataModel, Relations> = {
  /** Convex's own ctx.db, which fires nothing. */
  readonly db: AnyDb<DataModel>;
  /** By table name; see tablesOf. */
  readonly tables: AuthTables;
  readonly relations: Relations;
  readonly hooks?: WriteHooks | undefined;
};

/** ctx.orm. In a query its writes throw KitcnError `READ_ONLY`. */
export function createOrm<DataModel extends GenericDataModel, Relations extends AnyRelations>({
  db: given,
  tables,
  relations,
  hooks,
}: OrmInput<DataModel, Relations>): OrmWriter<DataModel, Relations> {
  const db = readerOf(given);
  const turns = turnsOf(given);
  // A trigger may write as well: then only each change has a turn, and reads its document again.
  const changer = dbChanger(
    hooks ? { db, tables, isStale: true, inTurn: turns } : { db, tables, isStale: false },
  );
  const inTurn: InTurn = hooks ? (work) => work() : turns;
  const scope: Scope = { db, tables, relations, hooks, changer };
  const query = Object.fromEntries(
    Object.keys(tables).map((table) => [table, tableQuery(scope, table)]),
  );
  const orm: UntypedOrm = {
    query: unknownTablesRefused(query, tables),
    insert: (table, data) =>
      inTurn(async () => {
        tableOf(tables, table);
        if (!isList(data)) return withId(await insertOne(scope, table, data));
        const documents: FoundDocument[] = [];
        for (const one of data) documents.push(withId(await insertOne(scope, table, one)));
        return documents;
      }),
    update: (table, target, columns) =>
      inTurn(async () => {
        if (typeof target !== "string") {
          const where = whereOf(target, table);
          return (await updateAll(scope, table, { where, columns })).map(withId);
        }
        const document = await loadOne(scope, table, target);
        await writeAll(scope, [updateOf(scope, table, { document, columns })]);
        return withId(await loadOne(scope, table, target));
      }),
    delete: (table, target) =>
      inTurn(async () => {
        const isOne = typeof target === "string";
        const roots = isOne
          ? [await loadOne(scope, table, target)]
          : await loadAny(scope, queryOf(scope, table, { where: whereOf(target, table) }));
        writerOf(db);
        const made = await writeAll(scope, await loadDeletion(scope, { model: table, roots }));
        // The last are the documents themselves. Another call may have deleted one meanwhile.
        const ids = new Set(made.slice(made.length - roots.length).map((one) => one?.id));
        const deleted = roots.filter(({ _id }) => ids.has(_id)).map(withId);
        if (!isOne) return deleted;
        if (!deleted[0]) throw missingDocument({ table, id: JSON.stringify(target) });
        return deleted[0];
      }),
  };
  // OrmWriter states by table what is the same for every table here.
  return orm as unknown as OrmWriter<DataModel, Relations>;
}

// --- internal ---

type Scope = FindScope & WriteScope;

type Target = string | { readonly where: WhereInput };

type UntypedOrm = {
  query: object;
  insert: (table: string, data: Columns | readonly Columns[]) => Promise<unknown>;
  update: (table: string, target: Target, columns: Columns) => Promise<unknown>;
  delete: (table: string, target: Target) => Promise<unknown>;
};

function tableQuery(scope: Scope, table: string): object {
  return {
    findFirst: async (input: FindInput = {}) =>
      (await loadFound(scope, table, { ...input, limit: 1 }))[0] ?? null,
    findMany: (input: FindInput | PageInput = {}) =>
      isPage(input) ? loadPage(scope, table, input) : loadFound(scope, table, input),
  };
}

function isPage(input: FindInput | PageInput): input is PageInput {
  return "cursor" in input && input.cursor !== undefined;
}

/** A misspelt table is told by name, where plain JavaScript would say "undefined". */
function unknownTablesRefused(query: object, tables: AuthTables): object {
  return new Proxy(query, {
    get(target, name, receiver) {
      if (typeof name === "string" && name !== "then" && !Object.hasOwn(target, name))
        tableOf(tables, name);
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
}

/** A write whose condition got lost must not reach the whole table. */
function whereOf(target: Exclude<Target, string>, table: string): WhereInput {
  const { where } = (target as Exclude<Target, string> | null | undefined) ?? {}; // callers without types
  if (where !== undefined) return where;
  throw writeWithoutTarget({ table });
}

function isList(data: Columns | readonly Columns[]): data is readonly Columns[] {
  return Array.isArray(data);
}

async function insertOne(scope: Scope, table: string, data: Columns): Promise<QueryDocument> {
  assertColumns(scope, table, data);
  const { id } = await writeNew(scope, { model: table, data });
  return loadOne(scope, table, id);
}

function updateOf(
  scope: Scope,
  table: string,
  change: Pick<Extract<Change, { operation: "update" }>, "document" | "columns" | "wheres">,
): Change {
  assertColumns(scope, table, change.columns);
  return { operation: "update", model: table, ...change };
}

async function updateAll(
  scope: Scope,
  table: string,
  { where, columns }: { where: WhereInput; columns: Columns },
): Promise<QueryDocument[]> {
  const { wheres } = queryOf(scope, table, { where });
  const documents = await loadAny(scope, { model: table, wheres });
  assertRepeatable(scope, { model: table, columns, count: documents.length });
  const changed: QueryDocument[] = [];
  for (const document of documents) {
    const [made] = await writeAll(scope, [updateOf(scope, table, { document, columns, wheres })]);
    if (made) changed.push(await loadOne(scope, table, document._id));
  }
  return changed;
}

function assertColumns({ db, tables }: Scope, table: string, columns: Columns): void {
  writerOf(db);
  for (const name of Object.keys(columns)) assertWritable(name, tableOf(tables, table));
}

async function loadOne(scope: Scope, table: string, id: string): Promise<QueryDocument> {
  tableOf(scope.tables, table);
  const where = [{ column: "id", value: id }];
  const [found] = await loadAny(scope, { model: table, wheres: [where], limit: 1 });
  if (found) return found;
  throw missingDocument({ table, id: JSON.stringify(id) });
}
