// Runs functions of a deployment: one transaction a top-level query or mutation, run again on a conflict.
// Knows components and threads; must not know HTTP servers or WebSockets.
import type { JSONValue } from "convex/values";
import type { AnalyzedFunction, Instance } from "./components.js";
import { assertArguments, assertResult } from "./crossing.js";
import type { Database } from "./database.js";
import { BadRequest } from "./environment.js";
import type { Execution, Executions } from "./executions.js";
import type { Killable } from "./faults.js";
import {
  asFunctionError,
  ConflictError,
  FunctionError,
  httpError,
  loggedError,
} from "./function-error.js";
import type { Change, Conflict, History, Read } from "./history.js";
import type { FunctionKind } from "./isolate.js";
import type { HttpRequest, HttpResponse } from "./protocol.js";
import { routeOf } from "./http-routing.js";
import type { Issuer } from "./issuer.js";
import { createLogLines, type LogLines } from "./log-lines.js";
import type { Job, JobSteps, Scheduler } from "./scheduler.js";
import { withinLimit } from "./response-limit.js";
import { createSyscalls } from "./syscalls.js";
import { FUNCTION_LIMIT, type Thread, type Threads } from "./threads.js";
import type { Counters, Transaction } from "./transaction.js";

export type Identity = {
  attributes: Record<string, unknown> | null;
  /** Why asking who it is must throw. */
  broken?: string;
};

export type Result = { value: JSONValue; logs: string[]; reads: readonly Read[] };

export type Caller = {
  identity: Identity;
  isAdmin: boolean;
  origin?: Killable;
  /** What a scheduled function, and whatever it calls, runs for. */
  job?: Job;
};
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
  /** Of the function at the top, not of those it calls. */
  journal?: Journal;
};

/** What a query has to repeat when it is run again: where its page ended, if it read one. Changed by the run. */
export type Journal = { endCursor?: string | undefined };

/** What a client, an action or the scheduler asks for. */
type Asked = Pick<Call, "type" | "args" | "caller" | "visibility" | "journal"> & {
  /** Of a scheduled mutation, which is run until it meets no conflict. */
  steps?: JobSteps;
  /** Of a query: the state of an earlier time. */
  at?: number;
};

export type RunnerState = {
  root: () => Instance;
  databases: () => Database[];
  threads: () => Threads;
  history: History;
  counters: Counters;
  scheduler: Scheduler;
  issuer: Issuer;
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
      if (!child)
        throw new BadRequest("ComponentPathNotFound", `Component path '${path}' not found`);
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
    const { path: component, env, database } = target.instance;
    const callee = { path: `${module}:${fn.name}`, database };
    const lines = createLogLines((line) => state.onLog(`${target.path} ${line}`));
    const { log } = lines;
    try {
      assertArguments(input.args, { ...callee, validator: fn.args });
      const value = (await input.thread.run(
        {
          kind: "function",
          component,
          module,
          name: fn.name,
          as: input.kind,
          isNested: input.depth > 0,
          args: input.args,
          env,
        },
        {
          handlers: { log, syscall: createSyscalls({ runner, target, input, state, lines }) },
          ...(input.transaction &&
            input.depth === 0 && { limit: FUNCTION_LIMIT, onDone: countCpu }),
          ...(input.caller.origin && { signal: input.caller.origin.signal }),
        },
      )) as JSONValue; // what invokeQuery and its like return
      assertResult(value, { ...callee, validator: fn.returns });
      return { value, logs: lines.all() };
    } catch (error) {
      throw asFunctionError(error, { logs: lines.all(), code: target.instance.definition });
    }
  }

  function callable(target: Target, { type, visibility }: Call) {
    const found = analyzed(target);
    const within = target.instance.path && ` in '${target.instance.path}'`;
    if (!found || (visibility === "public" && found.fn.visibility.kind !== "public")) {
      const path = target.path.replace(/\.js(?=:|$)/, "").replace(/:default$/, "");
      throw new FunctionError(`Could not find public function for '${path}'${within}.`, undefined);
    }
    const { module, fn } = found;
    if (fn.udfType !== type)
      throw new FunctionError(
        `Trying to execute ${module}:${fn.name}${within} as ${type}, but it is defined as ${fn.udfType}.`,
        undefined,
      );
    return found;
  }

  function countCpu(cpuMs: number): void {
    counters.mostCpuMs = Math.max(counters.mostCpuMs, Math.round(cpuMs));
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
    const record = (logLines: string[], error: string | null) => {
      if (error !== null) state.onLog(`${what.identifier} ${error}`);
      state.executions.record({
        ...what,
        ...{ logLines, error, executionTime: (performance.now() - start) / 1000 },
      });
    };
    try {
      const result = await work();
      record(result.logs ?? [], null);
      return result;
    } catch (error) {
      record(error instanceof FunctionError ? error.logs : [], loggedError(error));
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
        .withThread((thread) => runOnce(target, { ...input, thread, attempt }));
      if (!("conflict" in outcome)) return outcome;
      counters.conflicts++;
      if (attempt === MAX_RETRIES && !input.steps) throw new ConflictError(outcome.conflict);
      // Convex waits longer each time, and not as long as the others.
      const backoffMs =
        FIRST_BACKOFF_MS * 2 ** Math.min(attempt, MAX_RETRIES) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, backoffMs));
    }
  }

  async function runOnce(
    target: Target,
    input: Asked & Pick<Call, "thread"> & { attempt: number },
  ): Promise<Result | { conflict: Conflict }> {
    // A push may have replaced the instance while this waited for its turn.
    const current = { ...target, instance: instanceAt(target.instance.path) };
    const transaction = history.begin(state.databases(), input.at);
    const kind = input.type === "Query" ? "query" : "mutation";
    try {
      if (input.steps && !input.steps.start(transaction))
        return { value: null, logs: [], reads: [] };
      const { value, logs } = await call(current, { ...input, kind, transaction, depth: 0 });
      input.steps?.finish(transaction);
      input.caller.origin?.assertAlive();
      if (kind === "mutation" && input.caller.origin?.mustConflict(input.attempt))
        return { conflict: { table: "a table", id: "a document" } };
      const conflict = history.commit(transaction);
      if (conflict) return { conflict };
      state.onCommit(transaction.changes());
      return { value, logs, reads: transaction.reads };
    } finally {
      history.end(transaction, input.caller.origin);
    }
  }

  /** runQuery and runMutation inside a query or mutation: same transaction, undone alone when it throws. */
  async function runNested(
    target: Target,
    input: Omit<Call, "kind" | "visibility"> & { transaction: Transaction; callerLines: LogLines },
  ): Promise<JSONValue> {
    if (input.depth >= MAX_CALL_DEPTH)
      throw new Error(
        "Cross component call depth limit exceeded. Do you have an infinite loop in your app?",
      );
    count(input.type, true);
    const { savepoint } = input.transaction;
    try {
      const kind = input.type === "Query" ? "query" : "mutation";
      const nested: Call = { ...input, kind, visibility: "any", depth: input.depth + 1 };
      const { value, logs } = await call(target, nested);
      input.callerLines.addAll(logs);
      return value;
    } catch (error) {
      if (error instanceof FunctionError) input.callerLines.addAll(error.logs);
      input.transaction.rollBack(savepoint);
      throw error;
    }
  }

  async function runHttp(request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const { pathname } = new URL(request.url);
    const routed = routeOf(state.root(), { method: request.method, path: pathname });
    if (!routed)
      return textResponse(404, "This Convex deployment does not have HTTP actions enabled.");
    const { instance, path: route } = routed;
    counters.httpActions++;
    const thread = state.threads().actions();
    const target = { instance, path: "http" };
    const input: Call = {
      ...{ type: "Action", args: {}, visibility: "any", kind: "httpAction" },
      ...{ caller: callerIn(instance, caller), thread, depth: 0 },
    };
    const lines = createLogLines((line) => state.onLog(`http ${line}`));
    const { log } = lines;
    const identifier = `${request.method} ${pathname}`;
    const work = async () => {
      const { path: component, env } = instance;
      const job = { kind: "http", component, request, route, env } as const;
      const options = {
        handlers: { log, syscall: createSyscalls({ runner, target, input, state, lines }) },
        ...(caller.origin && { signal: caller.origin.signal }),
      };
      const response = await thread.run(job, options).catch((error: unknown) => {
        throw asFunctionError(error, { logs: lines.all(), code: instance.definition });
      });
      return { response: withinLimit(response as HttpResponse, log), logs: lines.all() }; // what thread.ts answers to this kind of job
    };
    try {
      return (await recorded({ udfType: "HttpAction", identifier }, work)).response;
    } catch (error) {
      caller.origin?.assertAlive();
      const body = JSON.stringify(httpError(error as Error)); // thrown above
      return textResponse(500, body, "application/json");
    }
  }

  const runner = { run, runNested, runHttp, targetOf, instanceAt, analyzed };
  return runner;
}

// --- internal ---

/** Who signed in is known to the app's own HTTP actions alone. */
function callerIn({ path }: Instance, caller: Caller): Caller {
  return path === "" ? caller : { ...caller, isAdmin: false, identity: { attributes: null } };
}

function textResponse(status: number, text: string, type = "text/plain"): HttpResponse {
  return {
    status,
    headers: [["content-type", type]],
    body: new TextEncoder().encode(text),
  };
}
