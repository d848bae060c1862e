// The flags of the commands that grow an app, with their help. Declares only; the commands are loaded when they are
// called.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { CodegenError } from "../errors.js";
import type { ProgramInput } from "../program.js";
import { loading } from "../timing.js";

/** Declares `kitcn add plugin`. */
export function declareAddPlugin(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Add plugins of Better Auth: to auth.ts, to the auth client and to the tables.")
      .addOption(new Option("--list", "List the plugins that there are.").conflicts("yes"))
      .option("--no-install", "Install no packages."),
  )
    .addHelpText("after", ADD_PLUGIN_EXAMPLES)
    .action(async (names: string[], flags: Flags & { list?: boolean; install: boolean }) => {
      const { addPlugins, listPlugins } = await loading(() => import("../commands/plugins.js"));
      if (flags.list) return finish(listPlugins());
      if (names.length === 0) throw nameMissing("plugin");
      const options = { ...optionsOf(flags), names, install: flags.install };
      await finish(await addPlugins(options, ui));
    });
}

/** Declares `kitcn remove plugin`. */
export function declareRemovePlugin(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Remove plugins that nobody changed since they were added. Their tables stay.")
      .option("--force", "Also remove calls that have options of yours.")
      .option(
        "--prune",
        "Also remove tables, fields and indexes that no plugin asks for any more.",
      ),
  )
    .addHelpText("after", REMOVE_PLUGIN_EXAMPLES)
    .action(async (names: string[], flags: Flags & { force?: boolean; prune?: boolean }) => {
      const { removePlugins } = await loading(() => import("../commands/plugins.js"));
      const { force = false, prune = false } = flags;
      await finish(await removePlugins({ ...optionsOf(flags), names, force, prune }, ui));
    });
}

// --- internal ---

const ADD_PLUGIN_EXAMPLES = `
Examples:
  $ kitcn add plugin --list                          what there is
  $ kitcn add plugin organization                    show what would be written, then ask
  $ kitcn add plugin two-factor magic-link --yes     several at once, without asking
  $ kitcn add plugin passkey --dry-run               write nothing; show what would be written`;

const REMOVE_PLUGIN_EXAMPLES = `
Examples:
  $ kitcn remove plugin magic-link --yes             its calls and imports; its tables stay
  $ kitcn remove plugin organization --prune --yes   its tables, too`;

type Flags = { yes?: boolean; dryRun?: boolean; cwd?: string; json?: boolean };

function withCommonFlags(command: Command): Command {
  return command
    .option("-y, --yes", "Write without asking. Never needed twice: a second run changes nothing.")
    .option("--dry-run", "Write nothing; show what would be written.")
    .option("--json", "Print one JSON document on stdout, and nothing else there.")
    .option("--cwd <dir>", "The app's folder. Default: the current one.");
}

function optionsOf({ cwd, yes, dryRun }: Flags) {
  return { cwd: resolve(cwd ?? "."), yes: yes === true, dryRun: dryRun === true };
}

function nameMissing(what: string): CodegenError {
  return new CodegenError({
    code: "USAGE",
    message: `Name the ${what} to add.`,
    hint: `\`kitcn add ${what} --list\` shows all of them.`,
    exitCode: 2,
  });
}
