// Starts a deployment for tests and the demo: the embedded stand-in in a process of its own, or the real
// backend that CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY name.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Rows, ScheduledJob } from "./deployment.js";
import type { Digests } from "./digests.js";
import type { Execution } from "./executions.js";
import type { Fault } from "./faults.js";
import type { Overlap } from "./footprints.js";
import type { LoadedColumns } from "./load.js";
import { nodeFlags } from "./node-flags.js";
import type { Counters } from "./transaction.js";

export type { ScheduledJob } from "./deployment.js";
export type { Execution } from "./executions.js";
export type { Counters } from "./transaction.js";

export type DeploymentOptions = {
  /** Default: any free port. */
  cloudPort?: number;
  sitePort?: number;
  env?: Record<string, string>;
  log?: (line: string) => void;
  /** Default: a random one. */
  adminKey?: string;
  /** How many queries and mutations run at once, so that they can conflict. Default: 4. */
  concurrency?: number;
};

export type Deployment = {
  readonly url: string;
  readonly siteUrl: string;
  readonly adminKey: string;
  /** What the convex CLI needs in its environment. */
  readonly cliEnv: Readonly<Record<string, string>>;
  /** What the process printed: each line that a function logs, and each error it throws, with its data. */
  readonly logs: () => string[];
  /** What `convex logs` shows, the oldest first: the last 1,000 runs with their lines and errors. */
  readonly executions: () => Promise<Execution[]>;
  /** Every job that was ever scheduled, with its arguments and state. */
  readonly scheduled: () => Promise<ScheduledJob[]>;
  /** Resolves once all jobs that are due have ended, and those that they scheduled for now. */
  readonly settled: () => Promise<void>;
  readonly counters: () => Promise<Counters>;
  readonly resetCounters: () => Promise<void>;
  /** Every document, by component and table: `(await rows())[""]?.user`. */
  readonly rows: () => Promise<Rows>;
  /** A short text for what each table holds, but for those named here and the system's; empty for one without documents. */
  readonly digests: (except?: readonly string[]) => Promise<Digests>;
  /**
   * Puts documents into a table of the app, at once and uncounted; returns their ids. Values are JSON's: text,
   * numbers, truth values, null, lists and objects.
   */
  readonly load: (
    table: string,
    documents: readonly LoadedColumns[],
    component?: string,
  ) => Promise<string[]>;
  /** Notes from now on what the transactions of each HTTP action read and write. */
  readonly watch: () => Promise<void>;
  /** What one of the watched HTTP actions writes and another reads or writes, at whatever time. */
  readonly overlaps: () => Promise<{ actions: number; overlaps: Overlap[] }>;
  /** Lets the next HTTP action of a path die; see faults.ts. */
  readonly failNext: (fault: Fault) => Promise<void>;
  /** Whether the last fault came true. It cannot any more. */
  readonly disarm: () => Promise<boolean>;
  /** Ends whatever runs, as a crash of the backend would; what was committed stays. */
  readonly crash: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * A running deployment, on 127.0.0.1.
 *
 * @example
 * const deployment = await startDeployment();
 * await deployment.stop();
 */
export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key } = process.env;
  return url && key ? realDeployment(url, key) : startEmbedded(options);
}

/** The stand-in, also where the tests otherwise run against a real backend. */
export async function startEmbedded({
  log,
  adminKey = `embedded|${randomBytes(16).toString("hex")}`,
  ...options
}: DeploymentOptions = {}): Promise<Deployment> {
  const lines: string[] = [];
  const child = spawn(process.execPath, [...nodeFlags(), await bundle()], {
    env: { ...process.env, STANDIN_OPTIONS: JSON.stringify({ ...options, adminKey }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const started = await firstLine(child, (line) => {
    lines.push(line);
    log?.(line);
  });
  const { cloudUrl, siteUrl } = JSON.parse(started) as { cloudUrl: string; siteUrl: string };
  const post = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${cloudUrl}${path}`, {
      method: "POST",
      headers: { authorization: `Convex ${adminKey}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url: cloudUrl,
    siteUrl,
    adminKey,
    cliEnv: {
      ...QUIET_CLI,
      CONVEX_SELF_HOSTED_URL: cloudUrl,
      CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
    },
    logs: () => [...lines],
    executions: async () => (await post("/__standin/executions")) as Execution[],
    scheduled: async () => (await post("/__standin/scheduled")) as ScheduledJob[],
    settled: async () => void (await post("/__standin/settled")),
    counters: async () => (await post("/__standin/counters")) as Counters,
    resetCounters: async () => void (await post("/__standin/reset")),
    rows: async () => (await post("/__standin/rows")) as Rows,
    digests: async (except = []) => (await post("/__standin/digests", { except })) as Digests,
    load: async (table, documents, component = "") =>
      (await post("/__standin/load", { component, table, documents })) as string[],
    watch: async () => void (await post("/__standin/watch")),
    overlaps: async () =>
      (await post("/__standin/overlaps")) as { actions: number; overlaps: Overlap[] },
    failNext: async (fault) => void (await post("/__standin/arm", fault)),
    disarm: async () => (await post("/__standin/disarm")) === true,
    crash: async () => void (await post("/__standin/crash")),
    stop: async () => {
      process.off("exit", end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

// --- internal ---

const QUIET_CLI = { CONVEX_AGENT_MODE: "anonymous", CI: "1", NO_COLOR: "1" };

async function realDeployment(url: string, adminKey: string): Promise<Deployment> {
  const refuse = async (): Promise<never> => {
    throw new Error("Only the embedded deployment shows its state and fails on demand.");
  };
  const response = await fetch(`${url}/api/v1/get_canonical_urls`, {
    headers: { authorization: `Convex ${adminKey}` },
  });
  const { convexSiteUrl } = (await response.json()) as { convexSiteUrl: string };
  return {
    url,
    siteUrl: convexSiteUrl,
    adminKey,
    cliEnv: { ...QUIET_CLI, CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey },
    logs: () => [],
    executions: refuse,
    scheduled: refuse,
    settled: refuse,
    counters: refuse,
    resetCounters: refuse,
    rows: refuse,
    digests: refuse,
    load: refuse,
    watch: refuse,
    overlaps: refuse,
    failNext: refuse,
    disarm: refuse,
    crash: refuse,
    stop: async () => {},
  };
}

let bundled: Promise<string> | undefined;

/** Once for a process that starts several. */
const bundle = () => (bundled ??= makeBundle());

/** Node 20 runs no TypeScript: the host process is bundled first; with its packages, which each thread would look for. */
async function makeBundle(): Promise<string> {
  const outdir = resolve(".tmp/deployment", String(process.pid));
  await build({
    entryPoints: ["main", "thread"].map((name) => resolve(`test/deployment/${name}.ts`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // CommonJS, and no thread's.
    external: ["ws", "esbuild"],
    logLevel: "warning",
  });
  // What runs inside each function's own context, without anything of Node's.
  await build({
    entryPoints: {
      guest: "test/deployment/guest/main.ts",
      streams: "test/deployment/guest/streams.ts",
    },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Without what packages do for Node.
    platform: "browser",
    mainFields: ["module", "main"],
    format: "cjs",
    target: "es2022",
    logLevel: "warning",
  });
  return join(outdir, "main.mjs");
}

async function firstLine(child: ChildProcess, log: (line: string) => void): Promise<string> {
  let text = "";
  const errors = lineReader(log);
  child.stderr?.setEncoding("utf8").on("data", errors);
  return new Promise((done, fail) => {
    child.once("exit", (code) =>
      fail(new Error(`The embedded deployment ended with ${code} before it started.`)),
    );
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) done(text.slice(0, text.indexOf("\n")));
    });
  });
}

function lineReader(log: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(log);
  };
}
