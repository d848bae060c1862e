// A thread that runs the app's code: one at a time for queries and mutations, many at once for actions.
// It has no database: what a function asks of the deployment goes to it as a message.
import { readlinkSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { convexToJson, type JSONValue, type Value } from "convex/values";
import { loadDefinitions } from "./evaluate.js";
import { framesOf } from "./frames.js";
import { createCollector } from "./garbage.js";
import type { Frame } from "./guest/stack.js";
import { isIdOf } from "./ids.js";
import {
  createRealm,
  reportRejection,
  type Exports,
  type FunctionKind,
  type Surroundings,
} from "./isolate.js";
import { neverInNode, reportInNode, runInNode } from "./node-runtime.js";
import { loadProviders } from "./providers.js";
import { assertPairs } from "./realm-host.js";
import { createRun, type Answer, type Never, type Run } from "./run.js";
import type { FromThread, HttpResponse, Job, Thrown, ThreadData, ToThread } from "./protocol.js";

type Invocable = {
  invokeQuery?: (args: string) => Promise<string>;
  invokeMutation?: (args: string) => Promise<string>;
  invokeAction?: (requestId: string, args: string) => Promise<string>;
};
type JobOf<Kind extends Job["kind"]> = Extract<Job, { kind: Kind }>;

const port = parentPort!; // this file is only ever a worker's
const { packages, importedAt, importSeed } = workerData as ThreadData; // given by threads.ts
/** What runs wait for, by the number of the call. */
const replies = new Map<
  number,
  { readonly id: number; readonly resolve: (answer: Answer) => void }
>();
const runs = new Map<number, Run>();
const collectGarbage = createCollector();
let calls = 0;
/** Of the query or mutation at the top; those inside it have the same clock. */
let transactionStartedAt = 0;

process.on("unhandledRejection", (reason, promise) => {
  if (reportRejection(reason, promise) || reportInNode("unhandledRejection", reason)) return;
  console.error("Unhandled rejection", reason);
});
process.on("uncaughtException", (error) => {
  if (!reportInNode("uncaughtException", error)) throw error;
});
port.on("message", (message: ToThread) => {
  if (message.kind === "job") return void perform(message.id, message.job);
  if (message.kind === "abandon") return runs.get(message.id)?.terminate("The run was abandoned.");
  const reply = replies.get(message.call)?.resolve;
  replies.delete(message.call);
  // The run may have ended meanwhile.
  if (!reply) return;
  if (message.kind === "reply") return reply({ value: message.value });
  const { message: text, data } = message;
  // The guest makes a ConvexError of an error with data.
  reply({ message: text, ...(data !== undefined && { data }) });
});
say({ kind: "ready", stat: statFile() });

// --- internal ---

function say(message: FromThread): void {
  port.postMessage(message);
}

/** Where the system tells the CPU time of this thread, on Linux. */
function statFile(): string | undefined {
  try {
    return `/proc/${readlinkSync("/proc/thread-self")}/stat`;
  } catch {
    return undefined;
  }
}

async function perform(id: number, job: Job): Promise<void> {
  try {
    say({ kind: "done", id, value: await valueOf(id, job) });
  } catch (error) {
    say({ kind: "failed", id, error: thrown(error) });
  }
  if (runs.size === 0) collectGarbage();
}

function valueOf(id: number, job: Job): Promise<unknown> {
  switch (job.kind) {
    case "evaluate":
      return loadDefinitions(job);
    case "providers":
      return loadProviders(job.modules, job.env);
    case "function":
      return withRun({ id, kind: job.as, never: neverOf(job) }, (run) =>
        callFunction(id, { job, run }),
      );
    case "http":
      return withRun({ id, kind: "httpAction" }, (run) => callHttpAction(id, { job, run }));
  }
}

/** A run that is over, and holds nothing any more, when the work is done. */
async function withRun<T>(
  { id, kind, never }: { id: number; kind: FunctionKind; never?: Never | undefined },
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const run = createRun(kind, sender(id), never);
  runs.set(id, run);
  try {
    return await work(run);
  } finally {
    runs.delete(id);
    // Nobody answers any more what it did not wait for.
    for (const [call, reply] of replies) if (reply.id === id) replies.delete(call);
    run.terminate("The run is over.");
  }
}

const isNodes = ({ component, module }: JobOf<"function">) =>
  packages.get(component)?.get(module)?.environment === "node";

const neverOf = (job: JobOf<"function">) => (isNodes(job) ? neverInNode(job.name) : undefined);

async function callFunction(
  id: number,
  { job, run }: { job: JobOf<"function">; run: Run },
): Promise<JSONValue> {
  if (!job.isNested) transactionStartedAt = Date.now();
  const isAction = job.as === "action";
  const startedAt = isAction ? Date.now() : transactionStartedAt;
  const own = surroundings(id, { component: job.component, env: job.env, startedAt });
  if (isNodes(job))
    return runInNode({ run, own }, (load) => invoke(run, { job, exports: load(job.module) }));
  return invoke(run, { job, exports: createRealm(run, own).load(job.module) });
}

async function invoke(
  run: Run,
  { job, exports }: { job: JobOf<"function">; exports: Exports },
): Promise<JSONValue> {
  const invocable = exports[job.name] as Invocable; // analysed as a function of this very kind
  const args = JSON.stringify([job.args]);
  run.begin();
  const text = await run.until(
    job.as === "query"
      ? invocable.invokeQuery!(args)
      : job.as === "mutation"
        ? invocable.invokeMutation!(args)
        : invocable.invokeAction!("", args),
  );
  assertPairs(
    text,
    `Function ${job.module}:${job.name} failed. Could not parse return value as json: `,
  );
  return JSON.parse(text) as JSONValue;
}

async function callHttpAction(
  id: number,
  { job: { component, request, route, env }, run }: { job: JobOf<"http">; run: Run },
): Promise<HttpResponse> {
  const own = surroundings(id, { component, env, startedAt: Date.now() });
  const realm = createRealm(run, own);
  const router = realm.load("http.js")["default"]; // convex.config's rule for http.ts
  run.begin();
  const { url, method, headers, body } = request;
  const answer = await run.until(realm.serve(router, { url, method, pairs: headers, route }, body));
  if (!answer) {
    const text = new TextEncoder().encode("No matching routes found");
    return { status: 404, headers: [], body: text };
  }
  const { status, pairs } = answer;
  return { status, headers: [...pairs], body: new Uint8Array(answer.body) };
}

function sender(id: number): (op: string, args: Record<string, unknown>) => Promise<Answer> {
  return (op, args) =>
    new Promise((resolve) => {
      const call = calls++;
      replies.set(call, { id, resolve });
      say({ kind: "syscall", id, call, op, args });
    });
}

function surroundings(
  id: number,
  { component, env, startedAt }: { component: string } & Pick<Surroundings, "env" | "startedAt">,
): Surroundings {
  let streams = 0;
  return {
    env,
    startedAt,
    importedAt,
    importSeed,
    modules: packages.get(component) ?? new Map(),
    log: (level, text) => say({ kind: "log", id, level, text }),
    syscall: (op, args) => {
      switch (op) {
        case "1.0/queryStream": {
          const queryId = streams++;
          say({ kind: "syscall", id, op, args: { ...args, queryId } });
          return { queryId };
        }
        case "1.0/queryCleanup":
          return (say({ kind: "syscall", id, op, args }), null);
        case "1.0/db/normalizeId": {
          const table = component ? `${component}/${String(args.table)}` : String(args.table);
          return { id: isIdOf(String(args.idString), table) ? args.idString : null };
        }
        default:
          throw new Error(`Syscall ${op} is not available in this deployment.`);
      }
    },
  };
}

function thrown(error: unknown): Thrown {
  if (typeof error !== "object" || error === null)
    return { name: "Error", message: String(error), at: [] };
  // Checked below, or only shown. Frames are there once the stack was asked for.
  const { name, message, code, data, stack } = error as Partial<Thrown> & { stack?: string };
  const { __frameData: frames } = error as { __frameData?: string };
  return {
    name: name ?? "Error",
    message: message ?? "",
    at:
      typeof frames === "string"
        ? (JSON.parse(frames) as Frame[])
        : framesOf(stack ?? "", message ?? ""),
    ...(typeof code === "string" && { code }),
    ...(Symbol.for("ConvexError") in error && { data: carried(data) }),
  };
}

/** What a ConvexError carries is JSON already where it crossed a function before. */
function carried(data: unknown): JSONValue {
  return typeof data === "string"
    ? (JSON.parse(data) as JSONValue)
    : convexToJson((data ?? null) as Value);
}
