// The app's own `convex dev` as a child that never outlives this process. Its output comes line by line.
import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { convexMain } from "../env/convex-cli.js";
import type { Project } from "../types.js";

export type ConvexProcess = {
  /** The exit code, as shells give it. */
  readonly ended: Promise<number>;
};

/**
 * Starts `convex dev`. Signals to this process are passed on to it, and the second one ends it at once.
 *
 * @param input.isInteractive gives it the terminal: it may have to ask which project to use
 * @throws CodegenError `CONVEX_NOT_INSTALLED`
 */
export function openConvexProcess(
  project: Project,
  input: {
    readonly args: readonly string[];
    readonly isInteractive: boolean;
    readonly write: (text: string) => void;
  },
): ConvexProcess {
  const child = spawn(process.execPath, [convexMain(project), "dev", ...input.args], {
    cwd: project.root,
    stdio: input.isInteractive ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) prefix(stream, input.write);
  const forget = passSignals(child);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  }).finally(forget);
  return { ended };
}

// --- internal ---

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PATIENCE_MS = 5000;

function prefix(stream: Readable, write: (text: string) => void): void {
  createInterface({ input: stream }).on("line", (line) => write(`convex  | ${line}\n`));
}

function passSignals(child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const pass = (signal: NodeJS.Signals) => {
    child.kill(timer ? "SIGKILL" : signal);
    timer ??= setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  };
  const kill = () => void child.kill("SIGKILL");
  for (const signal of SIGNALS) process.on(signal, pass);
  process.on("exit", kill);
  return () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.off(signal, pass);
    process.off("exit", kill);
  };
}
