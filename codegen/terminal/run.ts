// Runs another program and waits for it. The one wrapper around tinyexec.
import type { ChildProcess } from "node:child_process";
import type { Output } from "tinyexec";
import { adopt, OWN_GROUP, unlessEnding } from "./signals.js";

export type RunInput = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its stdin; without one stdin is closed, so that it can never wait for an answer. */
  readonly stdin?: string | undefined;
  /** Given all it printed so far; true ends the program, which would only go on trying. */
  readonly isHopeless?: (printed: string) => boolean;
};

export type RunResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Exit code of a program that could not be started, as shells give it. */
export const NOT_FOUND = 127;

/** Runs a program to its end. Never throws for a failing one; never returns after a signal to this process. */
export async function run({
  command,
  args,
  cwd,
  env,
  stdin,
  isHopeless,
}: RunInput): Promise<RunResult> {
  const { x } = await import("tinyexec");
  await unlessEnding();
  const started = x(command, args, {
    nodeOptions: {
      ...OWN_GROUP,
      cwd,
      env: { ...process.env, ...env },
      stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    },
  });
  if (started.process) adopt(started.process, { hasGroup: true });
  if (isHopeless) endWhenHopeless(started.process, isHopeless);
  const input = started.process?.stdin;
  // A program that ends without reading is judged by its exit code.
  input?.on("error", () => {});
  input?.end(stdin);
  try {
    return codeOf(await started);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return { code: NOT_FOUND, stdout: "", stderr: `${command} was not found.` };
  } finally {
    await unlessEnding();
  }
}

// --- internal ---

function endWhenHopeless(
  child: ChildProcess | undefined,
  isHopeless: (printed: string) => boolean,
): void {
  let text = "";
  for (const stream of [child?.stdout, child?.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (isHopeless(text)) child?.kill();
    });
}

/** Without an exit code, a signal ended it. */
function codeOf({ exitCode, stdout, stderr }: Output): RunResult {
  return { code: exitCode ?? 1, stdout, stderr };
}
