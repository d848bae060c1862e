// What the functions of `convex/server` ask of the deployment, by name.
import { convexToJson, type JSONValue, type Value } from "convex/values";
import { documentSyscalls } from "./document-syscalls.js";
import type { Doc } from "./database.js";
import { printed } from "./function-error.js";
import type { Call, Caller, Runner, Target } from "./functions.js";
import type { Issuer } from "./issuer.js";
import type { LogLines } from "./log-lines.js";
import { pageOf } from "./pages.js";
import { documentsOf, type SerializedQuery } from "./queries.js";
import type { Scheduler } from "./scheduler.js";
import { schedulingSyscalls } from "./scheduling-syscalls.js";
import type { Transaction } from "./transaction.js";
import { valueOf } from "./values.js";

export type Args = Record<string, unknown>;
export type Syscalls = Record<string, (args: Args) => unknown>;
export type Context = {
  runner: Runner;
  target: Target;
  input: Call;
  state: { scheduler: Scheduler; issuer: Issuer };
  /** The function's log: Convex itself writes to it, too, and so do functions that this one calls. */
  lines: LogLines;
};

/** Answers the syscalls of one running function. */
export function createSyscalls(context: Context): (op: string, args: Args) => unknown {
  const { target, input } = context;
  const { transaction } = input;
  const known: Syscalls = {
    ...(transaction
      ? {
          ...querySyscalls(context, transaction),
          ...documentSyscalls(context, transaction),
          "1.0/getTransactionMetrics": () => transaction.usage.metrics(),
          "1.0/runUdf": (args) => runNested(context, { ...args, transaction }),
        }
      : actionSyscalls(context)),
    ...schedulingSyscalls(context),
    // A transaction has one identity, in components too. An action knows why it has none.
    "1.0/getUserIdentity": () => {
      const { attributes, broken } = input.caller.identity;
      if (broken !== undefined && !transaction) throw new Error(broken);
      return attributes;
    },
    "1.0/createFunctionHandle": (args) => {
      const to = context.runner.targetOf(target.instance, args);
      return `function://${to.instance.path};${to.path}`;
    },
    "1.0/getFunctionMetadata": () => ({
      name: target.path,
      componentPath: target.instance.path,
    }),
    ...(input.kind === "mutation" && {
      "1.0/signJwt": ({ claims, expiresInSeconds }) =>
        context.state.issuer.sign({ claims, expiresInSeconds, component: target.instance.path }),
    }),
  };
  return (op, args) => {
    const syscall = known[op];
    if (!syscall) throw new Error(`Unknown async operation ${op}`);
    return syscall(args);
  };
}

/** The error of an argument, as Convex says it. */
export function ofArgument<T>(name: string, method: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(
      `Invalid argument \`${name}\` for \`${method}\`: ${(error as Error).message}`, // what we read with throws errors
    );
  }
}

export function toJson(doc: Doc | null): JSONValue {
  return doc && convexToJson(doc as Value);
}

/** Throws for a value that is no object. */
export function objectOf(json: unknown): Record<string, Value | undefined> {
  const value = valueOf(json as JSONValue); // syscalls carry JSON
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("Value must be an Object");
  return value as Record<string, Value>;
}

// --- internal ---

function querySyscalls({ target, input }: Context, transaction: Transaction): Syscalls {
  const { instance } = target;
  const { journal } = input;
  const streams = new Map<unknown, Iterator<Doc>>();
  const scope = { transaction, database: instance.database };
  let hasPaged = false;
  return {
    "1.0/queryStream": ({ query, queryId }) => {
      streams.set(
        queryId,
        lazily(() => documentsOf(query as SerializedQuery, scope)), // as convex/server serialises it
      );
    },
    "1.0/queryCleanup": ({ queryId }) => streams.delete(queryId),
    "1.0/queryStreamNext": ({ queryId }) => {
      const next = streams.get(queryId)?.next();
      if (!next) throw new Error("in-progress query not found");
      return next.done ? { value: null, done: true } : { value: toJson(next.value), done: false };
    },
    "1.0/queryPage": ({ query, cursor, endCursor, pageSize, ...most }) => {
      if (instance.path)
        throw new Error(
          "paginate() is only supported in the app. Learn more at https://docs.convex.dev/components/authoring#pagination",
        );
      if (hasPaged)
        throw new Error(
          "This query or mutation function ran multiple paginated queries. Convex only supports a single paginated query in each function.",
        );
      const page = pageOf(query as SerializedQuery, {
        ...scope,
        cursor: cursor as string | null,
        endCursor: (endCursor as string | null) ?? journal?.endCursor ?? null,
        pageSize: Number(pageSize),
        maximumRowsRead: numberIn(most.maximumRowsRead),
        maximumBytesRead: numberIn(most.maximumBytesRead),
      });
      hasPaged = true;
      if (journal) journal.endCursor = page.continueCursor;
      return { ...page, page: page.page.map(toJson) };
    },
  };
}

function runNested(
  context: Context,
  { transaction, ...args }: Args & { transaction: Transaction },
): Promise<JSONValue> {
  const { target, input, runner } = context;
  const type = args.udfType === "mutation" ? "Mutation" : "Query";
  if (type === "Mutation" && input.kind !== "mutation")
    throw new Error("Cannot call a Mutation function from a Query function");
  const to = runner.targetOf(target.instance, args);
  if (!args.functionHandle) assertCallable(runner, { from: target, to });
  const { thread, depth, caller } = input;
  const nested = runner.runNested(to, {
    ...{ type, caller, thread, depth, transaction, callerLines: context.lines },
    args: args.args as JSONValue,
  });
  return nested.catch((error: unknown) => {
    throw printed(error);
  });
}

function actionSyscalls(context: Context): Syscalls {
  const { runner, target, input } = context;
  const call = (type: "Query" | "Mutation" | "Action") => async (args: Args) => {
    const to = runner.targetOf(target.instance, args);
    if (!args.functionHandle) assertCallable(runner, { from: target, to });
    const { origin } = input.caller;
    origin?.onCall("start");
    origin?.assertAlive();
    const run = { type, caller: crossing(context, to), visibility: "any" } as const;
    const ran = await runner
      .run(to, { ...run, args: args.args as JSONValue })
      .catch((error: unknown) => {
        throw printed(error);
      });
    origin?.onCall("end");
    return ran.value;
  };
  return {
    "1.0/actions/query": call("Query"),
    "1.0/actions/mutation": call("Mutation"),
    "1.0/actions/action": call("Action"),
  };
}

/** From an action, who is signed in is known to functions of the app only; an admin is one everywhere. */
function crossing({ target, input }: Context, to: Target): Caller {
  const { caller } = input;
  const isWithinApp = target.instance.path === "" && to.instance.path === "";
  if (isWithinApp || (caller.isAdmin && !caller.identity.attributes)) return caller;
  return { ...caller, isAdmin: false, identity: { attributes: null } };
}

/** The query is only looked at when its first document is asked for, where an error can be thrown. */
function* lazily(documents: () => Iterable<Doc>): Generator<Doc> {
  yield* documents();
}

function numberIn(given: unknown): number | undefined {
  return given === undefined || given === null ? undefined : Number(given);
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
