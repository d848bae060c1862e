// What the functions of `convex/server` ask of the deployment, by name.
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { Doc } from "./database.js";
import { ConflictError, type Call, type Caller, type Runner, type Target } from "./functions.js";
import { isId } from "./ids.js";
import { documentsOf, isUndefinedJson, pageOf, type SerializedQuery } from "./queries.js";
import type { Scheduler } from "./scheduler.js";
import type { Transaction } from "./transaction.js";

type Args = Record<string, unknown>;
type Syscalls = Record<string, (args: Args) => unknown>;
type Context = {
  runner: Runner;
  target: Target;
  input: Call;
  state: { scheduler: Scheduler };
};

/** Answers the syscalls of one running function. */
export function createSyscalls(context: Context): (op: string, args: Args) => unknown {
  const { target, input } = context;
  const known: Syscalls = {
    ...(input.transaction ? transactionSyscalls(context, input.transaction) : {}),
    ...(input.transaction ? {} : actionSyscalls(context)),
    "1.0/getUserIdentity": () => {
      if (target.instance.path) return null;
      if (input.caller.identity.broken) throw new Error(input.caller.identity.broken);
      return input.caller.identity.attributes;
    },
    "1.0/createFunctionHandle": (args) => {
      const to = context.runner.targetOf(target.instance, args);
      return `function://${to.instance.path};${to.path}`;
    },
    "1.0/getFunctionMetadata": () => ({
      name: target.path,
      componentPath: target.instance.path,
    }),
  };
  return (op, args) => {
    const syscall = known[op];
    if (!syscall) throw new Error(`Syscall ${op} is not available in this deployment.`);
    return syscall(args);
  };
}

// --- internal ---

function transactionSyscalls(context: Context, transaction: Transaction): Syscalls {
  const { target, input, runner } = context;
  const { instance } = target;
  const { database } = instance;
  const streams = new Map<unknown, Iterator<Doc>>();
  const scope = { transaction, database };
  const writable = (): Transaction => {
    if (input.kind !== "mutation") throw new Error("Queries can't write.");
    input.caller.origin?.onWrite();
    return transaction;
  };
  return {
    "1.0/queryStream": ({ query, queryId }) => {
      streams.set(
        queryId,
        lazily(() => documentsOf(query as SerializedQuery, scope)),
      ); // as convex/server serialises it
    },
    "1.0/queryCleanup": ({ queryId }) => streams.delete(queryId),
    "1.0/queryStreamNext": ({ queryId }) => {
      const next = streams.get(queryId)!.next();
      return next.done ? { value: null, done: true } : { value: toJson(next.value), done: false };
    },
    "1.0/queryPage": ({ query, cursor, pageSize }) => {
      if (instance.path)
        throw new Error(
          "paginate() is only supported in the app. (PaginationUnsupportedInComponents)",
        );
      const page = pageOf(query as SerializedQuery, {
        ...scope,
        cursor: cursor as string | null,
        pageSize: Number(pageSize),
      });
      return { ...page, page: page.page.map(toJson), splitCursor: null, pageStatus: null };
    },
    "1.0/get": ({ id }) => {
      if (!isId(String(id)))
        throw new Error(
          `Invalid argument \`id\` for \`db.get\`: Unable to decode ID: Invalid ID length ${String(id).length}`,
        );
      return toJson(transaction.get(database, String(id)));
    },
    "1.0/count": ({ table }) => convexToJson(transaction.count(database, String(table))),
    "1.0/insert": ({ table, value }) => ({
      _id: writable().insert(database, String(table), documentOf(value)),
    }),
    "1.0/shallowMerge": ({ id, value }) => {
      const patch = Object.fromEntries(
        Object.entries(value as Record<string, JSONValue>).map(([key, item]) => [
          key,
          isUndefinedJson(item) ? undefined : (jsonToConvex(item) as Value),
        ]),
      );
      writable().replace(database, String(id), (old) => ({ ...old, ...patch }));
      return null;
    },
    "1.0/replace": ({ id, value }) => {
      writable().replace(database, String(id), () => documentOf(value));
      return null;
    },
    "1.0/remove": ({ id }) => toJson(writable().remove(database, String(id))),
    "1.0/runUdf": (args) => {
      const to = runner.targetOf(instance, args);
      const type = args.udfType === "mutation" ? "Mutation" : "Query";
      if (type === "Mutation" && input.kind !== "mutation") throw new Error("Queries can't write.");
      if (!args.functionHandle) assertCallable(runner, { from: target, to });
      const caller = crossing(context, to);
      const { thread, depth } = input;
      const nested = {
        type,
        args: args.args as JSONValue,
        caller,
        thread,
        depth,
        transaction,
      } as const;
      return runner.runNested(to, nested);
    },
    "1.0/schedule": (args) => {
      writable();
      return schedule(context, args);
    },
    "1.0/cancel_job": ({ id }) => {
      const row = writable().get(database, String(id));
      if ((row?.state as { kind?: string } | undefined)?.kind !== "pending") return null;
      transaction.replace(database, String(id), (old) => ({ ...old, state: { kind: "canceled" } }));
      return null;
    },
  };
}

function actionSyscalls(context: Context): Syscalls {
  const { runner, target, input, state } = context;
  const call = (type: "Query" | "Mutation" | "Action") => async (args: Args) => {
    const to = runner.targetOf(target.instance, args);
    if (!args.functionHandle) assertCallable(runner, { from: target, to });
    const { origin } = input.caller;
    origin?.onCall("start");
    origin?.assertAlive();
    const run = { type, caller: crossing(context, to), visibility: "any" } as const;
    const ran = await runner.run(to, { ...run, args: args.args as JSONValue }).catch(asSystemError);
    origin?.onCall("end");
    return ran.value;
  };
  return {
    "1.0/actions/query": call("Query"),
    "1.0/actions/mutation": call("Mutation"),
    "1.0/actions/action": call("Action"),
    "1.0/actions/schedule": (args) => schedule(context, args),
    "1.0/actions/cancel_job": ({ id }) => (state.scheduler.cancel(String(id)), null),
  };
}

/** What is not the callee's own error reaches an action as text. */
function asSystemError(error: unknown): never {
  if (!(error instanceof ConflictError)) throw error;
  throw new Error(JSON.stringify({ code: error.code, message: error.message }));
}

function schedule({ runner, target, input, state }: Context, args: Args): string {
  const to = runner.targetOf(target.instance, args);
  if (!runner.analyzed(to))
    throw new Error(`Attempted to schedule function at nonexistent path: ${to.path}`);
  const { database } = target.instance;
  const due = { to, args: args.args as JSONValue, time: Number(args.ts) * 1000, database };
  return state.scheduler.schedule(due, input.transaction);
}

/** Who is signed in is known to the app only. */
function crossing({ target, input }: Context, to: Target): Caller {
  return to.instance === target.instance
    ? input.caller
    : { ...input.caller, identity: { attributes: null } };
}

function toJson(doc: Doc | null): JSONValue {
  return doc && convexToJson(doc as Value);
}

function documentOf(value: unknown): Doc {
  return jsonToConvex(value as JSONValue) as Doc; // an object, as convex/server checked
}

/** The query is only looked at when its first document is asked for, where an error can be thrown. */
function* lazily(documents: () => Iterable<Doc>): Generator<Doc> {
  yield* documents();
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
