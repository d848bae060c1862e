// A store that plans every operation that passes, and keeps those that would read a whole table.
// Changes nothing about the operations.
import type { AuthTables } from "../../src/metadata.js";
import { planQuery, type Access } from "../../src/query/plan.js";
import type { Sort, Where } from "../../src/query/where.js";
import type { StoreOperation } from "../../src/store/operation.js";
import type { Store } from "../../src/store/store.js";

export type Recording = {
  readonly store: Store;
  /** Models that were queried. */
  readonly models: ReadonlySet<string>;
  /** Sentences about operations that read a whole table, or order what they read in memory. */
  readonly scans: ReadonlySet<string>;
};

/** Wraps a store. */
export function recordingStore(inner: Store, tables: AuthTables): Recording {
  const models = new Set<string>();
  const scans = new Set<string>();
  const look = (kind: string, input: { model: string; where?: Where; sort?: Sort }) => {
    const definition = tables[input.model];
    if (!definition || !input.where) return;
    models.add(input.model);
    const { model, where, sort } = input;
    const plan = planQuery({ model, definition, where, sort });
    if (plan.isSorted && !plan.accesses.some(isScan)) return;
    const columns = where.map(({ column, operator }) => `${column} ${operator ?? "eq"}`);
    scans.add(
      `${kind} ${model} by [${columns.join(", ")}]${sort ? ` sorted by ${sort.column}` : ""}`,
    );
  };
  const store: Store = {
    ...inner,
    findOne: (input) => (look("findOne", input), inner.findOne(input)),
    findMany: (input) => (look("findMany", input), inner.findMany(input)),
    count: (input) => (look("count", input), inner.count(input)),
    update: (input) => (look("update", input), inner.update(input)),
    updateMany: (input) => (look("updateMany", input), inner.updateMany(input)),
    delete: (input) => (look("delete", input), inner.delete(input)),
    deleteMany: (input) => (look("deleteMany", input), inner.deleteMany(input)),
    consumeOne: (input) => (look("consumeOne", input), inner.consumeOne(input)),
    incrementOne: (input) => (look("incrementOne", input), inner.incrementOne(input)),
    batch: (operations) => {
      for (const { kind, input } of operations as readonly StoreOperation[]) look(kind, input);
      return inner.batch(operations);
    },
  };
  return { store, models, scans };
}

// --- internal ---

function isScan(access: Access): boolean {
  return access.kind === "range" && access.equal.length === 0 && !access.lower && !access.upper;
}
