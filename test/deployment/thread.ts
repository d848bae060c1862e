// A thread that runs the app's code: one at a time for queries and mutations, many at once for actions.
// It has no database: what a function asks of the deployment goes to it as a message.
import { readlinkSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { convexToJson, type JSONValue, type Value } from "convex/values";
import { loadDefinitions } from "./evaluate.js";
import { isIdOf } from "./ids.js";
import {
  createLoader,
  frames,
  installGlobals,
  seedOf,
  type Frame,
  type Loader,
} from "./isolate.js";
import { loadProviders } from "./providers.js";
import type {
  FromThread,
  HttpRequest,
  HttpResponse,
  Job,
  Packages,
  Thrown,
  ToThread,
} from "./protocol.js";

type Invocable = {
  invokeQuery?: (args: string) => Promise<string>;
  invokeMutation?: (args: string) => Promise<string>;
  invokeAction?: (requestId: string, args: string) => Promise<string>;
};
type HttpAction = { invokeHttpAction: (request: Request) => Promise<Response> };
type Router = {
  lookup: (path: string, method: string) => readonly [HttpAction, string, string] | null;
};
type JobOf<Kind extends Job["kind"]> = Extract<Job, { kind: Kind }>;

const port = parentPort!; // this file is only ever a worker's
const packages = workerData as Packages; // given by threads.ts
const loaders = new Map<string, Loader>();
const replies = new Map<
  number,
  { resolve: (value: unknown) => void; reject: (e: Error) => void }
>();
let calls = 0;

process.on("unhandledRejection", (error) => console.error("Unhandled rejection", error));
installGlobals();
port.on("message", (message: ToThread) => {
  if (message.kind === "job") return void perform(message.id, message.job);
  const { resolve, reject } = replies.get(message.call)!;
  replies.delete(message.call);
  if (message.kind === "reply") return resolve(message.value);
  const { message: text, data } = message;
  // The guest makes a ConvexError of an error with data.
  reject(Object.assign(new Error(text), data === undefined ? {} : { data }));
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
}

function valueOf(id: number, job: Job): Promise<unknown> {
  switch (job.kind) {
    case "evaluate":
      return loadDefinitions(job);
    case "providers":
      return loadProviders(job.modules, job.env);
    case "function":
      return frames.run(frameOf(id, { ...job, kind: job.as }), () => callFunction(id, job));
    case "http": {
      const frame = frameOf(id, { kind: "httpAction", env: job.env, component: "" });
      return frames.run(frame, () => callHttpAction(job.request));
    }
  }
}

async function callFunction(id: number, job: JobOf<"function">): Promise<JSONValue> {
  const exports = await loaderOf(job.component).load(job.module);
  const invocable = exports[job.name] as Invocable; // analysed as a function of this very kind
  const args = JSON.stringify([job.args]);
  say({ kind: "started", id });
  const text = await (job.as === "query"
    ? invocable.invokeQuery!(args)
    : job.as === "mutation"
      ? invocable.invokeMutation!(args)
      : invocable.invokeAction!("", args));
  return JSON.parse(text) as JSONValue;
}

async function callHttpAction({ url, method, headers, body }: HttpRequest): Promise<HttpResponse> {
  const router = (await loaderOf("").load("http.js")).default as Router; // convex.config's rule for http.ts
  const { pathname } = new URL(url);
  const match = router.lookup(pathname, method);
  if (!match) {
    const text = `No HttpAction routed for ${pathname}`;
    return { status: 404, headers: [], body: new TextEncoder().encode(text) };
  }
  const request = new Request(url, { method, headers, body: body as BodyInit | null });
  const response = await match[0].invokeHttpAction(request);
  return {
    status: response.status,
    // Iterating gives each cookie its own line.
    headers: [...response.headers],
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function loaderOf(component: string): Loader {
  const known = loaders.get(component) ?? createLoader(packages.get(component) ?? new Map());
  loaders.set(component, known);
  return known;
}

function frameOf(
  id: number,
  { kind, env, component }: Pick<Frame, "kind" | "env"> & { component: string },
): Frame {
  let streams = 0;
  return {
    kind,
    env,
    seed: seedOf(kind),
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
    asyncSyscall: (op, args) =>
      new Promise((resolve, reject) => {
        const call = calls++;
        replies.set(call, { resolve, reject });
        say({ kind: "syscall", id, call, op, args });
      }),
  };
}

function thrown(error: unknown): Thrown {
  if (typeof error !== "object" || error === null)
    return { name: "Error", message: String(error), at: [] };
  const { name, message, code, data, stack } = error as Partial<Thrown> & { stack?: string }; // checked below, or only shown
  const lines = (stack ?? "").split("\n").filter((line) => line.trim().startsWith("at "));
  return {
    name: name ?? "Error",
    message: message ?? "",
    at: lines.slice(0, 6),
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
