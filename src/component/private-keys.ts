// Keeps the private halves of signing keys inside the component: no row or document that it gives has one, no
// condition may ask about one, and no trigger of the app is handed one. Pure; bundled into the component.
import type { Value } from "convex/values";
import { privateColumn } from "../errors/store-functions.js";
import type { Change, Writes } from "../store/change.js";
import { KEYS_MODEL } from "../store/guards.js";
import type { FindManyInput, Store } from "../store/store.js";
import type { WriteHooks } from "../triggers/hooks.js";

/** The same store, without private keys in what it is asked and in what it gives. */
export function withoutPrivateKeys(store: Store): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== "function" || name === "batch") return method;
      return async (input: Asked) => {
        assertNotAskedFor(input);
        return hideInResult((await Reflect.apply(method, target, [input])) as Value, input); // a store gives values
      };
    },
  });
}

/** The same writes, without private keys in the documents that they load and return. */
export function writesWithoutPrivateKeys(writes: Writes): Writes {
  return {
    ...writes,
    load: async (operation) => {
      assertNotAskedFor(operation.input);
      const { changes, result = null } = await writes.load(operation);
      return {
        changes: changes.map(hideInDocument),
        // A write gives values; they are the same, with a column less.
        ...(result !== null && {
          result: hideInResult(result as Value, operation.input) as typeof result,
        }),
      };
    },
    apply: async (changes) =>
      (await writes.apply(changes)).map(
        (one, at) => one && hideInWrite({ ...one, model: changes[at]?.change.model ?? "" }),
      ),
  };
}

/** The same hooks, without private keys in what they are told: what is written has them. */
export function hooksWithoutPrivateKeys(hooks: WriteHooks): WriteHooks {
  return {
    ...hooks,
    before: (write) => hooks.before?.(hideInWrite(write)),
    after: (write) => hooks.after?.(hideInWrite(write)),
    change: (write) => hooks.change?.(hideInWrite(write)),
  };
}

// --- internal ---

/** In a component columns have Better Auth's own names. */
const PRIVATE_COLUMN = "privateKey";

/** What any method of a store may be asked, as far as it names columns of models. */
type Asked = Pick<FindManyInput, "model" | "joins"> &
  Partial<Pick<FindManyInput, "where" | "sort">>;

function assertNotAskedFor({ model, where = [], sort, joins = [] }: Asked): void {
  const asked = [
    ...[...where, ...(sort ? [sort] : [])].map(({ column }) => ({ model, column })),
    ...joins.flatMap(({ from, to, model: joined }) => [
      { model, column: from },
      { model: joined, column: to },
    ]),
  ];
  if (!asked.some((one) => one.model === KEYS_MODEL && one.column === PRIVATE_COLUMN)) return;
  throw privateColumn();
}

function hideInResult(result: Value, { model, joins = [] }: Asked): Value {
  if (Array.isArray(result)) return result.map((row) => hideInResult(row, { model, joins }));
  if (!isRow(result)) return result;
  const row = model === KEYS_MODEL ? withoutColumn(result) : result;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      joins
        .filter(({ as }) => as === name)
        .reduce((found: Value, join) => hideInResult(found, { model: join.model }), value as Value), // a row has no undefined
    ]),
  );
}

/** What is to be written comes from the app, and stays as it is. */
function hideInDocument(change: Change): Change {
  if (change.operation === "create" || change.model !== KEYS_MODEL) return change;
  return { ...change, document: withoutColumn(change.document) };
}

function hideInWrite<Write extends { readonly model: string }>(write: Write): Write {
  if (write.model !== KEYS_MODEL) return write;
  const hidden = Object.entries(write).map(([name, value]: [string, unknown]) => [
    name,
    isRow(value) ? withoutColumn(value) : value,
  ]);
  return Object.fromEntries(hidden) as Write; // the same members
}

function isRow(value: unknown): value is Record<string, Value | undefined> {
  return typeof value === "object" && value !== null && !(value instanceof ArrayBuffer);
}

function withoutColumn<Row extends object>(row: Row): Row {
  const columns = Object.entries(row).filter(([column]) => column !== PRIVATE_COLUMN);
  return Object.fromEntries(columns) as Row; // the column may be absent from any row
}
