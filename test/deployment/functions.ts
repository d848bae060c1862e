// Runs functions of a deployment: one transaction a top-level query or mutation, run again on a conflict.
// Knows components and threads; must not know HTTP servers or WebSockets.
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { AnalyzedFunction, Instance } from "./components.js";
import type { Database } from "./database.js";
import type { Execution, Executions } from "./executions.js";
import type { Killable } from "./faults.js";
import type { Change, Conflict, History, Read } from "./history.js";
import type { FunctionKind } from "./isolate.js";
import type { HttpRequest, HttpResponse } from "./protocol.js";
import type { Scheduler } from "./scheduler.js";
import { mismatch, type ValidatorJson } from "./schema.js";
import { createSyscalls } from "./syscalls.js";
import { FUNCTION_LIMIT, ThreadError, type Thread, type Threads } from "./threads.js";
import type { Counters, Transaction } from "./transaction.js";

export type Identity = {
  attributes: Record<string, unknown> | null;
  /** Why asking who it is must throw. */
  broken?: string;
};

export type Result = { value: JSONValue; logs: string[]; reads: readonly Read[] };

/** What a function threw, as clients see it. */
export class FunctionError extends Error {
  constructor(
    message: string,
    readonly data: JSONValue | undefined,
    readonly logs: string[] = [],
  ) {
    super(message);
  }
}

/** A mutation that met a conflict in each of its runs. */
export class ConflictError extends FunctionError {
  readonly code = "OptimisticConcurrencyControlFailure";
  constructor({ table, id }: Conflict) {
    super(
      `Documents read from or written to the "${table}" table changed while this mutation was being run and on every subsequent retry. Another call to this mutation changed the document with ID "${id}". See https://docs.convex.dev/error#1`,
      undefined,
    );
  }
}

export type Caller = { identity: Identity; isAdmin: boolean; origin?: Killable };
export type Target = { instance: Instance; path: string };
type FunctionType = AnalyzedFunction["udfType"];

export type Call = {
  type: FunctionType;
  args: JSONValue;
  caller: Caller;
  kind: FunctionKind;
  thread: Thread;
  transaction?: Transaction;
  depth: number;
  visibility: "public" | "any";
};

/** What a client, an action or the scheduler asks for. */
type Asked = Pick<Call, "type" | "args" | "caller" | "visibility">;

export type RunnerState = {
  root: () => Instance;
  databases: () => Database[];
  threads: () => Threads;
  history: History;
  counters: Counters;
  scheduler: Scheduler;
  executions: Executions;
  onCommit: (changes: readonly Change[]) => void;
  onLog: (line: string) => void;
};

export type Runner = ReturnType<typeof createRunner>;

const MAX_CALL_DEPTH = 8;
const MAX_RETRIES = 4;
const FIRST_BACKOFF_MS = 5;

export function createRunner(state: RunnerState) {
  const { counters, history } = state;

  function instanceAt(path: string): Instance {
    let instance = state.root();
    for (const name of path ? path.split("/") : []) {
      const child = instance.children.get(name);
      if (!child) throw new Error(`Component ${path} is not mounted.`);
      instance = child;
    }
    return instance;
  }

  /** Resolves "mod:fn", a reference of this component, or a function handle. */
  function targetOf(
    from: Instance,
    address: { name?: string; reference?: string; functionHandle?: string },
  ): Target {
    if (address.functionHandle) {
      const [component = "", path = ""] = address.functionHandle
        .slice("function://".length)
        .split(";");
      return { instance: instanceAt(component), path };
    }
    if (address.name) return { instance: from, path: address.name };
    const parts = (address.reference ?? "").split("/").slice(1);
    if (parts[0] === "childComponent") {
      const child = from.children.get(parts[1] ?? "");
      if (!child) throw new Error(`Child component ${parts[1]} not found`);
      const names = parts.slice(2);
      const fn = names.pop();
      return { instance: child, path: `${names.join("/")}:${fn}` };
    }
    if (parts[0] === "function") return { instance: from, path: parts.slice(1).join("/") };
    throw new Error(`Unsupported reference ${address.reference}`);
  }

  function analyzed({ instance, path }: Target) {
    const [module = "", name = "default"] = path.replace(/\.js(?=:|$)/, "").split(":");
    const { functions = [] } = instance.definition.analysis[`${module}.js`] ?? {};
    const fn = functions.find((one) => one.name === name);
    return fn && { module: `${module}.js`, fn };
  }

  async function call(target: Target, input: Call): Promise<{ value: JSONValue; logs: string[] }> {
    const { module, fn } = callable(target, input);
    const { path: component, env } = target.instance;
    const logs: string[] = [];
    const log = (level: string, text: string) => {
      const line = `[${level.toUpperCase()}] ${text}`;
      logs.push(line);
      state.onLog(`${target.path} ${line}`);
    };
    assertFits(fn.args, { value: input.args, component, label: "ArgumentValidationError: " });
    try {
      const value = (await input.thread.run(
        {
          kind: "function",
          component,
          module,
          name: fn.name,
          as: input.kind,
          args: input.args,
          env,
        },
        {
          handlers: { log, syscall: createSyscalls({ runner, target, input, state }) },
          ...(input.transaction && input.depth === 0 && { limit: FUNCTION_LIMIT }),
          ...(input.caller.origin && { signal: input.caller.origin.signal }),
        },
      )) as JSONValue; // what invokeQuery and its like return
      const returns = fn.returns === "null" ? null : fn.returns;
      assertFits(returns, { value, component, label: "ReturnsValidationError: " });
      return { value, logs };
    } catch (error) {
      throw asFunctionError(error, logs);
    }
  }

  function callable(target: Target, { type, visibility }: Call) {
    const found = analyzed(target);
    const where = target.instance.path ? `component "${target.instance.path}"` : "this deployment";
    if (!found || (visibility === "public" && found.fn.visibility.kind !== "public")) {
      const [module = "", name = "default"] = target.path.split(":");
      throw new FunctionError(
        `Could not find public function for '${module}${name === "default" ? "" : `:${name}`}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
        undefined,
      );
    }
    if (found.fn.udfType !== type)
      throw new FunctionError(
        `Trying to execute ${target.path} as ${type}, but it is defined as ${found.fn.udfType} in ${where}.`,
        undefined,
      );
    return found;
  }

  function count(type: FunctionType, nested: boolean): void {
    if (nested) counters.nested++;
    counters[type === "Query" ? "queries" : type === "Mutation" ? "mutations" : "actions"]++;
  }

  function run(target: Target, input: Asked): Promise<Result> {
    count(input.type, false);
    const identifier = target.path.replace(/:default$/, "");
    return recorded({ udfType: input.type, identifier }, () => runTopLevel(target, input));
  }

  /** Keeps what `convex logs` shows. */
  async function recorded<T extends { logs?: string[] }>(
    what: Pick<Execution, "udfType" | "identifier">,
    work: () => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    const record = (logLines: string[], error: string | null) =>
      state.executions.record({
        ...what,
        ...{ logLines, error, executionTime: (performance.now() - start) / 1000 },
      });
    try {
      const result = await work();
      record(result.logs ?? [], null);
      return result;
    } catch (error) {
      record(error instanceof FunctionError ? error.logs : [], String(error));
      throw error;
    }
  }

  async function runTopLevel(target: Target, input: Asked): Promise<Result> {
    if (input.type === "Action") {
      const thread = state.threads().actions();
      return { ...(await call(target, { ...input, thread, kind: "action", depth: 0 })), reads: [] };
    }
    for (let attempt = 0; ; attempt++) {
      const outcome = await state
        .threads()
        .withThread((thread) => runOnce(target, { ...input, thread }));
      if (!("conflict" in outcome)) return outcome;
      counters.conflicts++;
      if (attempt === MAX_RETRIES) throw new ConflictError(outcome.conflict);
      // Convex waits longer each time, and not as long as the others.
      const backoffMs = FIRST_BACKOFF_MS * 2 ** attempt * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, backoffMs));
    }
  }

  async function runOnce(
    target: Target,
    input: Asked & Pick<Call, "thread">,
  ): Promise<Result | { conflict: Conflict }> {
    // A push may have replaced the instance while this waited for its turn.
    const current = { ...target, instance: instanceAt(target.instance.path) };
    const transaction = history.begin(state.databases());
    const kind = input.type === "Query" ? "query" : "mutation";
    try {
      const { value, logs } = await call(current, { ...input, kind, transaction, depth: 0 });
      input.caller.origin?.assertAlive();
      const conflict = history.commit(transaction);
      if (conflict) return { conflict };
      state.onCommit(transaction.changes());
      return { value, logs, reads: transaction.reads };
    } finally {
      history.end(transaction);
    }
  }

  /** runQuery and runMutation inside a query or mutation: same transaction, undone alone when it throws. */
  async function runNested(
    target: Target,
    input: Omit<Call, "kind" | "visibility"> & { transaction: Transaction },
  ): Promise<JSONValue> {
    if (input.depth >= MAX_CALL_DEPTH) throw new Error("Cross component call depth limit exceeded");
    count(input.type, true);
    const { savepoint } = input.transaction;
    try {
      const kind = input.type === "Query" ? "query" : "mutation";
      const nested: Call = { ...input, kind, visibility: "any", depth: input.depth + 1 };
      return (await call(target, nested)).value;
    } catch (error) {
      input.transaction.rollBack(savepoint);
      throw error;
    }
  }

  async function runHttp(request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const instance = state.root();
    if (!instance.definition.modules.has("http.js"))
      return textResponse(404, "This Convex deployment does not have HTTP actions enabled.");
    counters.httpActions++;
    const thread = state.threads().actions();
    const target = { instance, path: "http" };
    const input: Call = {
      ...{ type: "Action", args: {}, visibility: "any", kind: "httpAction" },
      ...{ caller, thread, depth: 0 },
    };
    const logs: string[] = [];
    const log = (level: string, text: string) => {
      logs.push(`[${level.toUpperCase()}] ${text}`);
      state.onLog(`http [${level.toUpperCase()}] ${text}`);
    };
    const { pathname } = new URL(request.url);
    const identifier = `${request.method} ${pathname}`;
    const work = async () => {
      const job = { kind: "http", request, env: instance.env } as const;
      const response = await thread.run(job, {
        handlers: { log, syscall: createSyscalls({ runner, target, input, state }) },
        ...(caller.origin && { signal: caller.origin.signal }),
      });
      return { logs, response: response as HttpResponse }; // what thread.ts answers to this kind of job
    };
    try {
      return (await recorded({ udfType: "HttpAction", identifier }, work)).response;
    } catch (error) {
      caller.origin?.assertAlive();
      const failed = asFunctionError(error, logs);
      state.onLog(`http ${failed.message}`);
      const body = JSON.stringify({ code: "Server Error", trace: failed.message });
      return textResponse(500, body, "application/json");
    }
  }

  const runner = { run, runNested, runHttp, targetOf, instanceAt, analyzed };
  return runner;
}

// --- internal ---

function assertFits(
  validator: string | null,
  { value, component, label }: { value: JSONValue; component: string; label: string },
): void {
  if (!validator) return;
  const why = mismatch(JSON.parse(validator) as ValidatorJson, jsonToConvex(value) as Value, {
    component,
  });
  if (why) throw new FunctionError(`${label}${why}`, undefined);
}

function asFunctionError(error: unknown, logs: string[]): Error {
  if (error instanceof FunctionError)
    return new FunctionError(error.message, error.data, [...logs, ...error.logs]);
  if (!(error instanceof ThreadError))
    return error instanceof Error ? error : new Error(String(error));
  const { name, message, at, data, code } = error.thrown;
  const text =
    code === "ThreadEnded" ? message : [`Uncaught ${name}: ${message}`, ...at].join("\n");
  return new FunctionError(text, data, logs);
}

function textResponse(status: number, text: string, type = "text/plain"): HttpResponse {
  return {
    status,
    headers: [["content-type", type]],
    body: new TextEncoder().encode(text),
  };
}
