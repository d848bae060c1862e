#!/usr/bin/env node
// The `kitcn` program: arguments in, exit code out. The one place that prints results, turns errors into
// text and exits. Commands are loaded when they are called, so that --version and --help stay quick.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { CommanderError, type Command } from "commander";
import { createProgram } from "./cli/program.js";
import { asDiskFailure } from "./disk/disk-failures.js";
import { CodegenError, rephrase } from "./errors.js";
import {
  commandMissing,
  interrupted,
  noCommand,
  subcommandMissing,
  unexpected,
  wrongUsage,
} from "./errors/cli.js";
import { errorDocument } from "./errors/docs.js";
import { errorsPage, errorText } from "./commands/error-text.js";
import { goOnInFreshProcess, isContinued, isMoved } from "./terminal/fresh-process.js";
import { unlessEnding, watchSignals } from "./terminal/signals.js";
import { isTimed, loading, printTiming, startTiming } from "./terminal/timing.js";
import { createUi, type Interruption } from "./terminal/ui.js";

/**
 * Runs the program.
 *
 * @param args arguments after the program's name
 * @returns the exit code: 0 ok, 1 failed or drift, 2 usage; a signal ends the process with 128 and its number
 */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  const isVerbose = args.includes("--verbose");
  startTiming({ from: isProgram() ? 0 : performance.now() });
  // Read now: a command may have its own environment while it runs the app's modules.
  const isAsked = isTimed();
  const tellTime = () => {
    if (isAsked) process.stderr.write(printTiming());
  };
  const ui = createUi({ quiet: json, isVerbose, hasInstalled: isContinued() });
  // Commands may have stdout turned away, and exits refused, when the signal comes.
  const print = process.stdout.write.bind(process.stdout);
  const exit = process.exit.bind(process);
  let isReplaced = false;
  let program: Command | undefined;
  if (isProgram())
    watchSignals((exitCode) => {
      // What goes on in its place has said how it ended.
      if (isReplaced) exit(exitCode);
      ui.done();
      const error = interruptedError(ui.interruption());
      process.stderr.write(`${error.message}\n`);
      if (json) print(printErrorJson(error));
      exit(exitCode);
    });
  try {
    let code = 0;
    program = createProgram({
      ui,
      end: (ended) => {
        code = ended;
        // Nothing is printed any more, and what still waits for a deployment has nothing to wait for.
        if (!isProgram()) return;
        tellTime();
        process.exit(ended);
      },
      finish: async (report) => {
        await unlessEnding();
        const { exitCodeOf, printJson } = await loading(() => import("./commands/report.js"));
        const { printText } = await loading(() => import("./commands/report-text.js"));
        const text = () => printText(report, { isVerbose, errorDocs: errorsPage() });
        process.stdout.write(json ? printJson(report) : text());
        if (report.failure && !json) printError(report.failure);
        code = exitCodeOf(report);
      },
    });
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    ui.done();
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (isMoved(error) && isProgram()) {
      isReplaced = true;
      const code = await goOnInFreshProcess({ args, started });
      if (code !== undefined) return code;
    }
    const known = asCodegenError(error, { args, program });
    if (json) process.stdout.write(printErrorJson(known));
    else printError(known);
    return known.exitCode;
  } finally {
    tellTime();
  }
}

// --- internal ---

type Asked = { readonly args: readonly string[]; readonly program?: Command | undefined };

function asCodegenError(error: unknown, asked: Asked = { args: [] }): CodegenError {
  if (isMoved(error)) return movedError(error, asked.args);
  if (error instanceof CodegenError) return error;
  if (error instanceof CommanderError) return usageError(error, asked);
  const failure = asDiskFailure(error);
  if (failure) return failure;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return unexpected({ stack, cause: error });
}

/** It cannot go on here, nor has it found where to. */
function movedError(error: CodegenError, args: readonly string[]): CodegenError {
  return rephrase(error, {
    hint: `Packages were installed. To go on: npx kitcn ${args.join(" ")}`,
  });
}

/** commander's text, with its suggestion, in our form. */
function usageError({ code, message }: CommanderError, { args, program }: Asked): CodegenError {
  if (code !== "commander.help")
    return wrongUsage({
      problem: message.replace(/^error: /, ""),
      command: commandOf(args, program),
    });
  const [group, asked] = args.filter((one) => !one.startsWith("-"));
  if (group === undefined) return commandMissing();
  return group === "help" ? noCommand({ name: String(asked) }) : subcommandMissing({ group });
}

/** The command that the arguments begin with, as far as there is one: `kitcn add auth`. */
function commandOf(args: readonly string[], program: Command | undefined): string {
  const names = ["kitcn"];
  let at = program;
  for (const word of args) {
    at = at?.commands.find((one) => one.name() === word);
    if (at === undefined) break;
    names.push(word);
  }
  return names.join(" ");
}

/** What an interruption comes to, once what is half done was taken back. */
function interruptedError({ message, hint, undo }: Interruption): CodegenError {
  let state = `${message} ${hint}`;
  try {
    undo?.();
  } catch (error) {
    const known = asCodegenError(error);
    state = `${known.message} ${known.hint}`;
  }
  return interrupted({ state });
}

function printError(error: CodegenError): void {
  const label = styleText("red", "error:", { stream: process.stderr });
  process.stderr.write(`${label} ${errorText(error, { between: "\n\n" })}\n`);
}

function printErrorJson(error: CodegenError): string {
  const document = { ok: false, error: errorDocument(error), ...error.details };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The path that the shell gave, often that of a link. */
const started = process.argv[1] ?? "";

function isProgram(): boolean {
  return (wasStarted ??= isStarted());
}

/** Found once: an installation may move this file. */
let wasStarted: boolean | undefined;

function isStarted(): boolean {
  if (started === "") return false;
  const own = fileURLToPath(import.meta.url);
  return [own, join(dirname(own), "bin.js")].includes(realpathSync(started));
}

// Tests import main; a shell starts the file.
if (isProgram()) {
  const code = await main(process.argv.slice(2));
  // Timers and connections that auth.ts opened when it was read would keep the process for ever.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
