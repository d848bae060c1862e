// Shell lines of the documentation: which program they call, and whether it would take them.
// Parses with the real programs; runs none of their commands.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createProgram } from "../../../codegen/cli/program.js";
import { convexProgram } from "../../../codegen/env/convex-program.js";
import { createUi } from "../../../codegen/terminal/ui.js";
import { loadBlocks, loadDocuments } from "./markdown.js";

/** The commands of a shell block: comments, variables and prompts taken off, `&&` split. */
export function commandsOf(text: string): string[][] {
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .flatMap((line) => line.split("&&"))
    .map((line) => wordsOf(line).filter((word, index) => !(index === 0 && word === "$")))
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter((words) => words.length > 0);
}

/** What is wrong with a command; undefined when its program takes it. */
export async function problemOf(
  words: readonly string[],
  root: string,
): Promise<string | undefined> {
  const [program = "", ...args] = words[0] === "npx" ? words.slice(1) : words;
  switch (program) {
    case "kitcn":
      return kitcnProblem(args);
    case "convex":
      return convexProblem(args, root);
    case "npm":
      return npmProblem(args, root);
    case "bash":
      return existsSync(join(root, args[0] ?? "")) ? undefined : `there is no script "${args[0]}"`;
    case "node":
      return isDocumented(args[0] ?? "", root)
        ? undefined
        : `no document has the script "${args[0]}"`;
    case "cd":
    case "echo":
    case "git":
    case "unzip":
    case "expo":
    case "auth":
    case "better-auth":
    case "@better-auth/cli":
    case "@better-auth/cli@1.4.22":
      return undefined;
    default:
      return `nobody knows the program "${program}"; teach it to test/docs/support/commands.ts`;
  }
}

/** The arguments of kitcn's commands in the shell blocks of a document, in their order. */
export function kitcnCommandsOf(root: string, document: string): string[][] {
  return loadBlocks(root, document)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => commandsOf(text))
    .filter(([program, name]) => program === "npx" && name === "kitcn")
    .map(([, , ...args]) => args);
}

// --- internal ---

function isDocumented(script: string, root: string): boolean {
  return loadDocuments(root)
    .flatMap((document) => loadBlocks(root, document))
    .some(({ text }) => text.startsWith(`// ${script}\n`));
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

async function kitcnProblem(args: readonly string[]): Promise<string | undefined> {
  const program = createProgram({
    ui: createUi({ quiet: true }),
    finish: async () => {},
    end: () => {},
  });
  disarm(program);
  try {
    await program.parseAsync([...args], { from: "user" });
    return undefined;
  } catch (error) {
    const isHelp = error instanceof Error && /outputHelp|^\(output/.test(error.message);
    return isHelp ? undefined : String(error);
  }
}

/** Commands parse as ever, and do nothing. */
function disarm(command: Command): void {
  for (const child of command.commands) disarm(child);
  if (command.commands.length === 0) command.action(() => {});
}

const helpTexts = new Map<string, string>();

function convexProblem(args: readonly string[], root: string): string | undefined {
  const isNested = args[0] === "env";
  const names = args.slice(0, isNested && args[1] === "default" ? 3 : isNested ? 2 : 1);
  const help = helpTexts.get(names.join(" ")) ?? helpOf(names, root);
  helpTexts.set(names.join(" "), help);
  if (!help.includes(`convex ${names.join(" ")}`))
    return `convex has no command "${names.join(" ")}"`;
  const unknown = args.find((word) => word.startsWith("-") && !help.includes(word.split("=")[0]!)); // split never gives none
  return unknown && `convex ${names.join(" ")} has no flag ${unknown}`;
}

function helpOf(names: readonly string[], root: string): string {
  const program = convexProgram(join(root, "node_modules/convex/bin/main.js"));
  return spawnSync(process.execPath, [program, ...names, "--help"], { encoding: "utf8" }).stdout;
}

function npmProblem([verb = "", name = ""]: readonly string[], root: string): string | undefined {
  if (["ci", "i", "install", "uninstall", "pack", "audit", "dedupe", "pkg"].includes(verb))
    return undefined;
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const script = verb === "run" ? name : verb;
  return script in scripts ? undefined : `package.json has no script "${script}"`;
}
