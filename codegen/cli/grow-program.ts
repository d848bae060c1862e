// The flags of the commands that grow an app, with their help. Declares only; the commands are loaded when they are
// called.
import { type Command, Option } from "commander";
import { pluginMissing, providerMissing } from "../errors/cli.js";
import { optionsOf, withCommonFlags, type Flags } from "../grow/flags.js";
import { loading } from "../terminal/timing.js";
import { declareAddEmail } from "./email-program.js";
import type { ProgramInput } from "./program.js";

/** Declares what can be added and removed by name, below these commands, whose settings it takes on. */
export function declareGrowing(
  { add, remove }: { readonly add: Command; readonly remove: Command },
  input: ProgramInput,
): void {
  declareAddPlugin(add.command("plugin [names...]"), input);
  declareAddSocial(add.command("social [providers...]"), input);
  declareAddEmail(add.command("email"), input);
  declareRemovePlugin(remove.command("plugin <names...>"), input);
  declareRemoveSocial(remove.command("social <providers...>"), input);
}

// --- internal ---

function declareAddPlugin(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Add plugins of Better Auth: to auth.ts, to the auth client and to the tables.")
      .addOption(new Option("--list", "List all plugins that you can add.").conflicts("yes"))
      .option("--no-install", "Install no packages."),
  )
    .addHelpText("after", ADD_PLUGIN_EXAMPLES)
    .action(async (names: string[], flags: Flags & { list?: boolean; install: boolean }) => {
      const { addPlugins, listPlugins } = await loading(() => import("../commands/plugins.js"));
      if (flags.list) return finish(listPlugins());
      if (names.length === 0) throw pluginMissing();
      const options = { ...optionsOf(flags), names, install: flags.install };
      await finish(await addPlugins(options, ui));
    });
}

function declareRemovePlugin(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Remove plugins that nobody changed since they were added. Their tables stay.")
      .option("--force", "Also remove calls whose options you changed.")
      .option("--prune", "Also remove their tables, fields and indexes from the schema."),
  )
    .addHelpText("after", REMOVE_PLUGIN_EXAMPLES)
    .action(async (names: string[], flags: Flags & { force?: boolean; prune?: boolean }) => {
      const { removePlugins } = await loading(() => import("../commands/remove-plugins.js"));
      const { force = false, prune = false } = flags;
      await finish(await removePlugins({ ...optionsOf(flags), names, force, prune }, ui));
    });
}

function declareAddSocial(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Add social providers: to auth.ts, to the variables and to the sign-in page.")
      .addOption(new Option("--list", "List all providers that you can add.").conflicts("yes")),
  )
    .addHelpText("after", ADD_SOCIAL_EXAMPLES)
    .action(async (names: string[], flags: Flags & { list?: boolean }) => {
      const { addSocial, listProviders } = await loading(() => import("../commands/social.js"));
      if (flags.list) return finish(listProviders());
      if (names.length === 0) throw providerMissing();
      await finish(await addSocial({ ...optionsOf(flags), names }, ui));
    });
}

function declareRemoveSocial(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description("Remove social providers that nobody changed since they were added.")
      .option("--force", "Also remove providers whose options you changed."),
  )
    .addHelpText("after", REMOVE_SOCIAL_EXAMPLES)
    .action(async (names: string[], flags: Flags & { force?: boolean }) => {
      const { removeSocial } = await loading(() => import("../commands/social.js"));
      const { force = false } = flags;
      await finish(await removeSocial({ ...optionsOf(flags), names, force }, ui));
    });
}

const ADD_SOCIAL_EXAMPLES = `
Examples:
  $ npx kitcn add social --list                  all providers, and the variables of each
  $ npx kitcn add social github                  show what would be written, then ask
  $ npx kitcn add social github google --yes     several at once, without asking
  $ npx kitcn add social apple --dry-run         write nothing; show what would be written

It prints the redirect URLs to register with each vendor. Then write the values of the
variables into convex/.env, and run npx kitcn env push.`;

const REMOVE_SOCIAL_EXAMPLES = `
Examples:
  $ npx kitcn remove social github --yes         its options and its button; its variables stay
  $ npx kitcn remove social google --force       also if you changed its options`;

const ADD_PLUGIN_EXAMPLES = `
Examples:
  $ npx kitcn add plugin --list                          all plugins
  $ npx kitcn add plugin organization                    show what would be written, then ask
  $ npx kitcn add plugin two-factor magic-link --yes     several at once, without asking
  $ npx kitcn add plugin passkey --dry-run               write nothing; show what would be written`;

const REMOVE_PLUGIN_EXAMPLES = `
Examples:
  $ npx kitcn remove plugin magic-link --yes             its calls and imports; its tables stay
  $ npx kitcn remove plugin organization --prune --yes   its tables, too`;
