// The flags that commands share. Declares only.
import { resolve } from "node:path";
import type { Command } from "commander";

export const CWD_FLAG = ["--cwd <dir>", "The app's folder. Default: the current one."] as const;
export const JSON_FLAG = [
  "--json",
  "Print one JSON document on stdout, and nothing else there.",
] as const;
export const VERBOSE_FLAG = ["--verbose", "Also list the files that stay as they are."] as const;

/** The flags of every command that grows an app. */
export type Flags = { yes?: boolean; dryRun?: boolean; cwd?: string; json?: boolean };

/** Declares them. */
export function withCommonFlags(command: Command): Command {
  return command
    .option("-y, --yes", "Write without asking. A second run changes nothing.")
    .option("--dry-run", "Write nothing; show what would be written.")
    .option(...JSON_FLAG)
    .option(...VERBOSE_FLAG)
    .option(...CWD_FLAG);
}

/** What they say. */
export function optionsOf({ cwd, yes, dryRun }: Flags) {
  return { cwd: resolve(cwd ?? "."), yes: yes === true, dryRun: dryRun === true };
}
