// Runs functions of a deployment: one transaction a top-level query or mutation, one lock for all of them.
// Knows components and syscalls; must not know HTTP or WebSockets.
import { convexToJson, jsonToConvex, type Value, type JSONValue } from "convex/values";
import type { AnalyzedFunction, Instance } from "./components.js";
import { frames, seedOf, type Frame, type FunctionKind } from "./isolate.js";
import { mismatch, type ValidatorJson } from "./schema.js";
import { createSyscalls } from "./syscalls.js";
import { Transaction, type Counters } from "./transaction.js";

export type Identity = {
  attributes: Record<string, unknown> | null;
  /** Why asking who it is must throw. */
  broken?: string;
};

export type Result = { value: JSONValue; logs: string[]; tables: Transaction["readTables"] };

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

export type Caller = { identity: Identity; isAdmin: boolean };
export type Target = { instance: Instance; path: string };

export type Runner = ReturnType<typeof createRunner>;

const MAX_CALL_DEPTH = 8;

export function createRunner(state: {
  root: () => Instance;
  counters: Counters;
  onCommit: (transaction: Transaction) => void;
  onLog: (line: string) => void;
  schedule: (delayMs: number, run: () => Promise<unknown>) => string;
  cancel: (id: string) => void;
}) {
  const lock = createLock();

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

  function analyzed({
    instance,
    path,
  }: Target): { module: string; fn: AnalyzedFunction } | undefined {
    const [module = "", name = "default"] = path.replace(/\.js(?=:|$)/, "").split(":");
    const fn = instance.definition.analysis[`${module}.js`]?.functions.find(
      (one) => one.name === name,
    );
    return fn && { module: `${module}.js`, fn };
  }

  async function call(
    target: Target,
    input: {
      type: AnalyzedFunction["udfType"];
      args: JSONValue;
      caller: Caller;
      kind: FunctionKind;
      transaction?: Transaction;
      depth: number;
      visibility: "public" | "any";
    },
  ): Promise<{ value: JSONValue; logs: string[] }> {
    const found = analyzed(target);
    const where = target.instance.path ? `component "${target.instance.path}"` : "this deployment";
    if (!found || (input.visibility === "public" && found.fn.visibility.kind !== "public")) {
      const [module = "", name = "default"] = target.path.split(":");
      throw new FunctionError(
        `Could not find public function for '${module}${name === "default" ? "" : `:${name}`}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
        undefined,
      );
    }
    if (found.fn.udfType !== input.type)
      throw new FunctionError(
        `Trying to execute ${target.path} as ${input.type}, but it is defined as ${found.fn.udfType} in ${where}.`,
        undefined,
      );
    const logs: string[] = [];
    const frame: Frame = {
      kind: input.kind,
      env: target.instance.env,
      seed: seedOf(input.kind),
      log: (level, text) => {
        const line = `[${level.toUpperCase()}] ${text}`;
        logs.push(line);
        state.onLog(`${target.path} ${line}`);
      },
      ...createSyscalls({ runner, target, input, state }),
    };
    return frames.run(frame, async () => {
      assertFits(found.fn.args, input.args, "ArgumentValidationError: ");
      const exported = (await target.instance.loader.load(found.module))[
        found.fn.name
      ] as Invocable;
      const argsText = JSON.stringify([input.args]);
      try {
        const text = await (input.type === "Query"
          ? exported.invokeQuery!(argsText)
          : input.type === "Mutation"
            ? exported.invokeMutation!(argsText)
            : exported.invokeAction!("", argsText));
        const value = JSON.parse(text) as JSONValue;
        assertFits(
          found.fn.returns === "null" ? null : found.fn.returns,
          value,
          "ReturnsValidationError: ",
        );
        return { value, logs };
      } catch (error) {
        throw asFunctionError(error, logs);
      }
    });
  }

  function count(type: AnalyzedFunction["udfType"], nested: boolean): void {
    if (nested) state.counters.nested++;
    const name = type === "Query" ? "queries" : type === "Mutation" ? "mutations" : "actions";
    state.counters[name]++;
  }

  async function run(
    target: Target,
    input: {
      type: AnalyzedFunction["udfType"];
      args: JSONValue;
      caller: Caller;
      visibility: "public" | "any";
    },
  ): Promise<Result> {
    if (input.type === "Action") {
      count("Action", false);
      const { value, logs } = await call(target, { ...input, kind: "action", depth: 0 });
      return { value, logs, tables: new Set() };
    }
    const type = input.type;
    return lock(async () => {
      count(type, false);
      const transaction = new Transaction(state.counters, () => Date.now());
      try {
        const kind = type === "Query" ? "query" : "mutation";
        const { value, logs } = await call(target, { ...input, kind, transaction, depth: 0 });
        state.onCommit(transaction);
        for (const effect of transaction.afterCommit) effect();
        return { value, logs, tables: transaction.readTables };
      } catch (error) {
        transaction.rollBack();
        throw error;
      }
    });
  }

  /** runQuery and runMutation inside a query or mutation: same transaction, undone alone when it throws. */
  async function runNested(
    target: Target,
    input: {
      type: "Query" | "Mutation";
      args: JSONValue;
      caller: Caller;
      transaction: Transaction;
      depth: number;
    },
  ): Promise<JSONValue> {
    if (input.depth >= MAX_CALL_DEPTH) throw new Error("Cross component call depth limit exceeded");
    count(input.type, true);
    const { savepoint } = input.transaction;
    try {
      const kind = input.type === "Query" ? "query" : "mutation";
      return (await call(target, { ...input, kind, visibility: "any", depth: input.depth + 1 }))
        .value;
    } catch (error) {
      input.transaction.rollBack(savepoint);
      throw error;
    }
  }

  async function runHttp(request: Request, caller: Caller): Promise<Response> {
    const instance = state.root();
    if (!instance.definition.modules.has("http.js"))
      return new Response("This Convex deployment does not have HTTP actions enabled.", {
        status: 404,
      });
    state.counters.httpActions++;
    const target = { instance, path: "http" };
    const logs: string[] = [];
    const frame: Frame = {
      kind: "httpAction",
      env: instance.env,
      seed: seedOf("httpAction"),
      log: (level, text) => {
        logs.push(text);
        state.onLog(`http [${level.toUpperCase()}] ${text}`);
      },
      ...createSyscalls({ runner, target, input: { caller, depth: 0, kind: "httpAction" }, state }),
    };
    return frames.run(frame, async () => {
      const router = (await instance.loader.load("http.js")).default as Router;
      const match = router.lookup(new URL(request.url).pathname, request.method);
      if (!match)
        return new Response(`No HttpAction routed for ${new URL(request.url).pathname}`, {
          status: 404,
        });
      try {
        return await match[0].invokeHttpAction(request);
      } catch (error) {
        const failed = asFunctionError(error, logs);
        state.onLog(`http ${failed.message}`);
        return Response.json({ code: "Server Error", trace: failed.message }, { status: 500 });
      }
    });
  }

  const runner = { run, runNested, runHttp, targetOf, instanceAt, analyzed };
  return runner;
}

type Invocable = {
  invokeQuery?: (args: string) => Promise<string>;
  invokeMutation?: (args: string) => Promise<string>;
  invokeAction?: (requestId: string, args: string) => Promise<string>;
};
type Router = {
  lookup: (
    path: string,
    method: string,
  ) =>
    readonly [{ invokeHttpAction: (request: Request) => Promise<Response> }, string, string] | null;
};

// --- internal ---

function assertFits(validator: string | null, value: JSONValue, label: string): void {
  if (!validator) return;
  const why = mismatch(JSON.parse(validator) as ValidatorJson, jsonToConvex(value) as Value);
  if (why) throw new FunctionError(`${label}${why}`, undefined);
}

function asFunctionError(error: unknown, logs: string[]): FunctionError {
  if (error instanceof FunctionError)
    return new FunctionError(error.message, error.data, [...logs, ...error.logs]);
  if (typeof error !== "object" || error === null)
    return new FunctionError(`Uncaught ${String(error)}`, undefined, logs);
  const { name, message, data, stack } = error as {
    name?: string;
    message?: string;
    data?: unknown;
    stack?: string;
  };
  const isConvexError = "ConvexErrorSymbol" in error || Symbol.for("ConvexError") in error;
  const carried =
    isConvexError && typeof data === "string"
      ? (JSON.parse(data) as JSONValue)
      : isConvexError
        ? convexToJson((data ?? null) as Value)
        : undefined;
  const frameLines = (stack ?? "")
    .split("\n")
    .filter((line) => line.trim().startsWith("at "))
    .slice(0, 6)
    .join("\n");
  return new FunctionError(
    `Uncaught ${name ?? "Error"}: ${message ?? ""}\n${frameLines}`,
    carried,
    logs,
  );
}

function createLock() {
  let tail: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = tail.then(work, work);
    tail = next.catch(() => {});
    return next;
  };
}
