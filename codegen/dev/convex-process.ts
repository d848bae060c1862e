// The app's own `convex dev` as a child that never outlives this process. Its output comes line by line.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { convexMain } from "../env/convex-cli.js";
import { adopt, OWN_GROUP, unlessEnding } from "../terminal/signals.js";
import type { Project } from "../types.js";

export type ConvexProcess = {
  /** The exit code, as shells give it; nothing after a signal to this process. */
  readonly ended: Promise<number>;
  /** Done once it says that the functions are pushed; at once where its output goes to the terminal. */
  readonly pushed: Promise<void>;
};

/**
 * Starts `convex dev`. It ends with this process.
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
  const group = input.isInteractive ? { detached: false } : OWN_GROUP;
  const child = spawn(process.execPath, [convexMain(project), "dev", ...input.args], {
    ...group,
    cwd: project.root,
    stdio: input.isInteractive ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  adopt(child, { hasGroup: group.detached });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const pushed = new Promise<void>((resolve) => {
    if (streams.length === 0) resolve();
    for (const stream of streams)
      createInterface({ input: stream }).on("line", (line) => {
        input.write(`convex  | ${line}\n`);
        if (READY.test(line)) resolve();
      });
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  }).finally(unlessEnding);
  return { ended, pushed };
}

// --- internal ---

/** What `convex dev` says after each push. */
const READY = /functions ready/i;
