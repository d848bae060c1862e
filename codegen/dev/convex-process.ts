// The app's own `convex dev` as a child that never outlives this process. Its output comes line by line.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { convexMain } from "../env/convex-cli.js";
import { adopt, OWN_GROUP, unlessEnding } from "../signals.js";
import type { Project } from "../types.js";

export type ConvexProcess = {
  /** The exit code, as shells give it; nothing after a signal to this process. */
  readonly ended: Promise<number>;
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
  for (const stream of [child.stdout, child.stderr]) if (stream) prefix(stream, input.write);
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  }).finally(unlessEnding);
  return { ended };
}

// --- internal ---

function prefix(stream: Readable, write: (text: string) => void): void {
  createInterface({ input: stream }).on("line", (line) => write(`convex  | ${line}\n`));
}
