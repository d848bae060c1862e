// What the functions of `convex/server` ask of the deployment, by name.
import {
  compareValues,
  convexToJson,
  jsonToConvex,
  type JSONValue,
  type Value,
} from "convex/values";
import { keyOf, tableOf, valueAt, type Doc, type Table } from "./database.js";
import { FunctionError, type Caller, type Runner, type Target } from "./functions.js";
import { isIdOf, tableOfId } from "./ids.js";
import type { FunctionKind } from "./isolate.js";
import { tableById, type Edge, type Transaction } from "./transaction.js";

type Args = Record<string, unknown>;
type Input = { caller: Caller; transaction?: Transaction; depth: number; kind: FunctionKind };

export function createSyscalls({
  runner,
  target,
  input,
  state,
}: {
  runner: Runner;
  target: Target;
  input: Input;
  state: {
    schedule: (delayMs: number, run: () => Promise<unknown>) => string;
    cancel: (id: string) => void;
  };
}) {
  const { instance } = target;
  const { database } = instance;
  const prefix = instance.path ? `${instance.path}/` : "";
  const streams = new Map<number, Iterator<Doc>>();
  let nextStream = 0;
  const transaction = (): Transaction => {
    if (!input.transaction) throw new Error("There is no database in actions.");
    return input.transaction;
  };
  const writable = (): Transaction => {
    if (input.kind !== "mutation") throw new Error("Queries can't write.");
    return transaction();
  };
  const crossing = (to: Target): Caller =>
    to.instance === instance ? input.caller : { ...input.caller, identity: { attributes: null } };
  const nested = async (args: Args): Promise<JSONValue> => {
    const to = runner.targetOf(instance, args);
    const type = args.udfType === "mutation" ? "Mutation" : "Query";
    if (!args.functionHandle) assertCallable(runner, { from: target, to });
    return rethrowing(() =>
      runner.runNested(to, {
        type,
        args: args.args as JSONValue,
        caller: crossing(to),
        transaction: transaction(),
        depth: input.depth,
      }),
    );
  };
  const fromAction =
    (type: "Query" | "Mutation" | "Action") =>
    async (args: Args): Promise<JSONValue> => {
      const to = runner.targetOf(instance, args);
      if (!args.functionHandle) assertCallable(runner, { from: target, to });
      return rethrowing(
        async () =>
          (
            await runner.run(to, {
              type,
              args: args.args as JSONValue,
              caller: crossing(to),
              visibility: "any",
            })
          ).value,
      );
    };
  const schedule = (args: Args): string => {
    const to = runner.targetOf(instance, args);
    const type = runner.analyzed(to)?.fn.udfType;
    if (!type) throw new Error(`Attempted to schedule function at nonexistent path: ${to.path}`);
    const delayMs = Math.max(0, Number(args.ts) * 1000 - Date.now());
    return state.schedule(delayMs, () =>
      runner.run(to, {
        type,
        args: args.args as JSONValue,
        caller: { ...input.caller, identity: { attributes: null } },
        visibility: "any",
      }),
    );
  };

  const sync: Record<string, (args: Args) => unknown> = {
    "1.0/queryStream": ({ query }) => {
      streams.set(
        nextStream,
        documentsOf(query as SerializedQuery, {
          transaction: transaction(),
          tableNamed: (name) => tableOf(database, name),
        }),
      );
      return { queryId: nextStream++ };
    },
    "1.0/queryCleanup": ({ queryId }) => streams.delete(queryId as number),
    "1.0/db/normalizeId": ({ table, idString }) => {
      const id = String(idString);
      return { id: isIdOf(id, prefix + String(table)) ? id : null };
    },
  };
  const async_: Record<string, (args: Args) => Promise<unknown> | unknown> = {
    "1.0/get": ({ id }) => {
      if (!tableOfId(String(id)))
        throw new Error(
          `Invalid argument \`id\` for \`db.get\`: Unable to decode ID: Invalid ID length ${String(id).length}`,
        );
      return toJson(transaction().get(database, prefix, String(id)));
    },
    "1.0/queryStreamNext": ({ queryId }) => {
      const next = streams.get(queryId as number)!.next();
      return next.done ? { value: null, done: true } : { value: toJson(next.value), done: false };
    },
    "1.0/queryPage": ({ query, cursor, pageSize }) => {
      if (instance.path)
        throw new Error(
          "paginate() is only supported in the app. (PaginationUnsupportedInComponents)",
        );
      const all = [
        ...documentsOf(query as SerializedQuery, {
          transaction: transaction(),
          tableNamed: (name) => tableOf(database, name),
        }),
      ];
      const start = cursor === null ? 0 : all.findIndex((doc) => doc._id === cursor) + 1;
      const page = all.slice(start, start + Number(pageSize));
      const isDone = start + page.length >= all.length;
      return {
        page: page.map(toJson),
        isDone,
        continueCursor: isDone ? "_end_cursor" : page.at(-1)!._id,
        splitCursor: null,
        pageStatus: null,
      };
    },
    "1.0/count": ({ table }) => convexToJson(tableOf(database, String(table)).docs.size),
    "1.0/insert": ({ table, value }) => ({
      _id: writable().insert(
        database,
        prefix,
        String(table),
        jsonToConvex(value as JSONValue) as Doc,
      ),
    }),
    "1.0/shallowMerge": ({ id, value }) => {
      const patch = Object.fromEntries(
        Object.entries(value as Record<string, JSONValue>).map(([key, item]) => [
          key,
          isUndefinedJson(item) ? undefined : (jsonToConvex(item) as Value),
        ]),
      );
      writable().replace(database, prefix, String(id), (old) => ({ ...old, ...patch }));
      return null;
    },
    "1.0/replace": ({ id, value }) => {
      writable().replace(
        database,
        prefix,
        String(id),
        () => jsonToConvex(value as JSONValue) as Doc,
      );
      return null;
    },
    "1.0/remove": ({ id }) => toJson(writable().remove(database, prefix, String(id))),
    "1.0/runUdf": nested,
    "1.0/actions/query": fromAction("Query"),
    "1.0/actions/mutation": fromAction("Mutation"),
    "1.0/actions/action": fromAction("Action"),
    "1.0/getUserIdentity": () => {
      if (instance.path) return null;
      if (input.caller.identity.broken) throw new Error(input.caller.identity.broken);
      return input.caller.identity.attributes;
    },
    "1.0/createFunctionHandle": (args) => {
      const to = runner.targetOf(instance, args);
      return `function://${to.instance.path};${to.path}`;
    },
    "1.0/schedule": (args) => {
      let id = "";
      writable().afterCommit.push(() => void (id = schedule(args)));
      return id || "scheduled";
    },
    "1.0/actions/schedule": (args) => schedule(args),
    "1.0/cancel_job": ({ id }) => (state.cancel(String(id)), null),
    "1.0/actions/cancel_job": ({ id }) => (state.cancel(String(id)), null),
    "1.0/getFunctionMetadata": () => ({ name: target.path, componentPath: instance.path }),
  };
  const named = <T>(table: Record<string, T>, op: string): T => {
    const found = table[op];
    if (!found) throw new Error(`Syscall ${op} is not available in this deployment.`);
    return found;
  };
  return {
    syscall: (op: string, args: Args) => named(sync, op)(args),
    asyncSyscall: async (op: string, args: Args) => named(async_, op)(args),
  };
}

// --- internal ---

type RangeExpression = {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: JSONValue;
};
type SerializedQuery = {
  source:
    | { type: "FullTableScan"; tableName: string; order: "asc" | "desc" | null }
    | {
        type: "IndexRange";
        indexName: string;
        range: RangeExpression[];
        order: "asc" | "desc" | null;
      }
    | { type: "Search" };
  operators: ({ filter: JSONValue } | { limit: number })[];
};

function* documentsOf(
  { source, operators }: SerializedQuery,
  { transaction, tableNamed }: { transaction: Transaction; tableNamed: (name: string) => Table },
): Generator<Doc> {
  if (source.type === "Search") throw new Error("Search is not available in this deployment.");
  const order = source.order ?? "asc";
  const [tableName = "", indexName = "by_creation_time"] =
    source.type === "IndexRange" ? source.indexName.split(".") : [source.tableName];
  const table = tableNamed(tableName);
  const { prefix, lower, upper } =
    source.type === "IndexRange" ? boundsOf(source.range, table, indexName) : { prefix: [] };
  let documents: Iterable<Doc> = transaction.range(table, indexName, {
    prefix,
    ...(lower && { lower }),
    ...(upper && { upper }),
    order,
  });
  for (const operator of operators) {
    documents =
      "limit" in operator ? take(documents, operator.limit) : keep(documents, operator.filter);
  }
  yield* documents;
}

function* take(documents: Iterable<Doc>, limit: number): Generator<Doc> {
  if (limit <= 0) return;
  let taken = 0;
  for (const doc of documents) {
    yield doc;
    if (++taken >= limit) return;
  }
}

function* keep(documents: Iterable<Doc>, filter: JSONValue): Generator<Doc> {
  for (const doc of documents) if (evaluate(filter, doc) === true) yield doc;
}

function boundsOf(range: readonly RangeExpression[], table: Table, indexName: string) {
  const fields = table.indexes.get(indexName)?.fields;
  if (!fields) throw new Error(`Index ${table.name}.${indexName} not found.`);
  const prefix: (Value | undefined)[] = [];
  let lower: Edge | undefined;
  let upper: Edge | undefined;
  for (const { type, fieldPath, value } of range) {
    const expected = fields[prefix.length];
    if (fieldPath !== expected)
      throw new Error(
        `Tried to query index ${table.name}.${indexName} but the query didn't use the index fields in order. Expected "${expected}", got "${fieldPath}".`,
      );
    const bound = isUndefinedJson(value) ? undefined : (jsonToConvex(value) as Value);
    switch (type) {
      case "Eq":
        if (lower || upper) throw new Error("Equality must come before a range.");
        prefix.push(bound);
        break;
      case "Gt":
      case "Gte":
        lower = { value: bound, inclusive: type === "Gte" };
        break;
      case "Lt":
      case "Lte":
        upper = { value: bound, inclusive: type === "Lte" };
        break;
    }
  }
  return { prefix, lower, upper };
}

function evaluate(expression: JSONValue, doc: Doc): Value | undefined {
  if (typeof expression !== "object" || expression === null || Array.isArray(expression))
    throw new Error("Bad filter expression.");
  const [[operator = "", operand] = []] = Object.entries(expression);
  const list = () => (operand as JSONValue[]).map((one) => evaluate(one, doc));
  const pair = () => list() as [Value, Value];
  switch (operator) {
    case "$literal":
      return isUndefinedJson(operand as JSONValue)
        ? undefined
        : (jsonToConvex(operand as JSONValue) as Value);
    case "$field":
      return valueAt(doc, operand as string);
    case "$eq":
      return compareValues(...pair()) === 0;
    case "$neq":
      return compareValues(...pair()) !== 0;
    case "$lt":
      return compareValues(...pair()) < 0;
    case "$lte":
      return compareValues(...pair()) <= 0;
    case "$gt":
      return compareValues(...pair()) > 0;
    case "$gte":
      return compareValues(...pair()) >= 0;
    case "$and":
      return list().every((value) => value === true);
    case "$or":
      return list().some((value) => value === true);
    case "$not":
      return evaluate(operand as JSONValue, doc) !== true;
    default:
      throw new Error(`Filter operator ${operator} is not available in this deployment.`);
  }
}

function isUndefinedJson(value: JSONValue): boolean {
  return typeof value === "object" && value !== null && "$undefined" in value;
}

function toJson(doc: Doc | null): JSONValue {
  return doc && convexToJson(doc as Value);
}

/** Functions of another component are reachable only where it exports them. */
function assertCallable(runner: Runner, { from, to }: { from: Target; to: Target }): void {
  if (to.instance === from.instance || from.instance.path.startsWith(to.instance.path)) return;
  const found = runner.analyzed(to);
  if (found && found.fn.visibility.kind === "public") return;
  throw new Error(
    `Couldn't resolve ${to.path} in component "${to.instance.path}": it is not one of its public functions.`,
  );
}

/** The guest expects an error whose `data`, if any, is JSON. */
async function rethrowing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    throw Object.assign(
      new Error(error.message),
      error.data === undefined ? {} : { data: error.data },
    );
  }
}

export { keyOf, tableById };
