// What the functions of `convex/server` ask of the deployment, by name.
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { tableOf, type Doc } from "./database.js";
import { FunctionError, type Caller, type Runner, type Target } from "./functions.js";
import { isIdOf, tableOfId } from "./ids.js";
import type { FunctionKind } from "./isolate.js";
import type { Transaction } from "./transaction.js";
import { documentsOf, isUndefinedJson, type SerializedQuery } from "./queries.js";

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
