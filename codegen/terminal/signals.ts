// Ctrl-C and its kin: the programs that this one started end first, each with all that it started itself.
// Knows nothing of files, and exits nothing: that is cli.ts's.
import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/**
 * How programs are started: in a process group of their own, so that a signal reaches them once, from here, and
 * reaches what they started too. Windows has no groups.
 */
export const OWN_GROUP = { detached: process.platform !== "win32" };

/**
 * Calls `end` once after a signal, with the exit code that shells give it, when every adopted program has ended.
 * A second signal makes short work of them.
 */
export function watchSignals(end: (exitCode: number) => void): void {
  for (const signal of SIGNALS)
    process.on(signal, () => {
      isHurried = isEnding;
      if (isEnding) return;
      isEnding = true;
      const exitCode = 128 + constants.signals[signal];
      const running = [...programs];
      // At once, where it can be: then nothing else happens in between.
      if (running.length === 0) end(exitCode);
      else
        void Promise.all(running.map((one) => endProgram(one, signal))).then(() => end(exitCode));
    });
  process.on("exit", () => programs.forEach((one) => send(one, "SIGKILL")));
}

/** Has a program end with this one. `hasGroup`: it was started with OWN_GROUP. */
export function adopt(child: ChildProcess, { hasGroup }: { readonly hasGroup: boolean }): void {
  const { pid } = child;
  // It could not be started.
  if (pid === undefined) return;
  const program = { child, target: hasGroup && OWN_GROUP.detached ? -pid : pid };
  programs.add(program);
  child.once("exit", () => programs.delete(program));
}

/**
 * Returns soon; after a signal never, so that nothing begins, or goes on, in a process about to end. Also after one
 * that came while this process was too busy to listen.
 */
export async function unlessEnding(): Promise<void> {
  // Signals are heard between two turns of the event loop.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((next) => setImmediate(next));
  if (isEnding) await new Promise<never>(() => {});
}

// --- internal ---

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PATIENCE_MS = 5000;
const POLL_MS = 20;

/** `target`: a process id, or that of a group with a minus. */
type Program = { readonly child: ChildProcess; readonly target: number };

const programs = new Set<Program>();
let isEnding = false;
let isHurried = false;

/** A package manager takes back what is half done, when it is given the time. */
async function endProgram(program: Program, signal: NodeJS.Signals): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  send(program, signal);
  while (isAlive(program) && !isHurried && Date.now() < until) await pause(POLL_MS);
  send(program, "SIGKILL");
  while (isRunning(program)) await pause(POLL_MS);
}

function isAlive(program: Program): boolean {
  return isRunning(program) || (program.target < 0 && send(program, 0));
}

function isRunning({ child }: Program): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** False when nobody is left to get it. */
function send({ target }: Program, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}
