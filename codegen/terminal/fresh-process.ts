// A package manager can give kitcn another folder while kitcn runs: npm's linked strategy names it after its peers.
// What is loaded later is gone then, so that a fresh process of the kitcn that is there now goes on, once.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CodegenError } from "../errors.js";
import { kitcnMoved } from "../errors/cli.js";
import { adopt, OWN_GROUP } from "./signals.js";

/** True for the error after which the command has to go on in a fresh process. */
export function isMoved(error: unknown): error is CodegenError {
  return error instanceof CodegenError && error.code === "KITCN_MOVED";
}

/** True where this process goes on with a command whose packages another one installed. */
export function isContinued(): boolean {
  return continued;
}

/**
 * To be called after an installation.
 *
 * @throws CodegenError `KITCN_MOVED` where the folder that this program runs from is gone
 */
export function assertNotMoved(): void {
  if (existsSync(OWN_FILE)) return;
  throw kitcnMoved();
}

/**
 * Goes on with a command in a process of the kitcn that is installed now, on the same terminal. It asks nothing: what
 * there was to ask, this process has asked.
 *
 * @param input.args those of this process, after the program's name
 * @param input.started the path that this program was started by
 * @returns its exit code; undefined where no kitcn was found, or where this process is such a one itself
 */
export async function goOnInFreshProcess(input: {
  readonly args: readonly string[];
  readonly started: string;
}): Promise<number | undefined> {
  const program = continued ? undefined : findProgram(input.started);
  if (program === undefined) return undefined;
  const args = input.args.includes("--yes") ? input.args : [...input.args, "--yes"];
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    ...OWN_GROUP,
    stdio: "inherit",
    env: { ...process.env, [CONTINUED]: "1" },
  });
  adopt(child, { hasGroup: true });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done(code ?? 1));
  });
}

// --- internal ---

const CONTINUED = "KITCN_AFTER_INSTALL";
const OWN_FILE = fileURLToPath(import.meta.url);

const continued = process.env[CONTINUED] === "1";
// Programs that this one starts are none of it.
delete process.env[CONTINUED];

/** The link that the shell followed leads to the new folder by now; without one, the app around the old one has it. */
function findProgram(started: string): string | undefined {
  if (existsSync(started)) return realpathSync(started);
  for (let folder = dirname(OWN_FILE); ; folder = dirname(folder)) {
    const path = join(folder, "node_modules/kitcn/dist/codegen/bin.js");
    if (existsSync(path)) return realpathSync(path);
    if (dirname(folder) === folder) return undefined;
  }
}
