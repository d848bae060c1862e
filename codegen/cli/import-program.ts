// The flags of `kitcn import`, with their help. Declares only; the commands are loaded when they are called.
import { resolve } from "node:path";
import { Argument, type Command, Option } from "commander";
import {
  badOriginName,
  exportMissing,
  nameWithoutSource,
  notPair,
  sourceMissing,
  withoutRewrite,
} from "../errors/cli.js";
import { CWD_FLAG, JSON_FLAG, VERBOSE_FLAG } from "../grow/flags.js";
import { isOriginName, originKey } from "../import/origin.js";
import { SOURCES, type SourceName } from "../import/types.js";
import { loading } from "../terminal/timing.js";
import type { ProgramInput } from "./program.js";

/** Declares the command. */
export function declareImport(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description(
      "Import the users of another library, with their passwords, accounts and organizations.",
    )
    .addArgument(
      new Argument("[source]", "The library or service of the users.").choices([...SOURCES]),
    )
    .argument("[paths...]", "The export: a zip, a folder or files.")
    .option("--prod", "Import into the production deployment.")
    .option("-y, --yes", "Import without asking.")
    .option("--dry-run", "Write nothing; count what would be imported, and what would be dropped.")
    .option(
      "--link-existing",
      "Link an imported user to the user of the app with the same address, if both have verified it.",
    )
    .option("--placeholder-email <domain>", "Give users without an address one at this domain.")
    .option(
      "--default <model.field=value>",
      "Use this value where the source has none.",
      collect,
      [],
    )
    .option(
      "--provider <old=new>",
      "Give a provider of the source the id that the app uses.",
      collect,
      [],
    )
    .option(
      "--role <old=new>",
      "Give a role of the source the name that the app uses.",
      collect,
      [],
    )
    .option(
      "--component <name>",
      "In a convex export: the name of the component that has the rows.",
    )
    .option(
      "--name <name>",
      "Keep the ids of this system apart from those of others. Default: the name of the source.",
    )
    .addOption(
      new Option(
        "--undo",
        "Delete what the import made. Works until an imported user signs in.",
      ).conflicts("rewrite"),
    )
    .option("--rewrite <table.field>", "Point a field of your own documents at the new ids.")
    .option("--model <model>", "With --rewrite: the ids are of this model.")
    .option("--back", "With --rewrite: write the old ids again.")
    .option(...JSON_FLAG)
    .option(...VERBOSE_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", EXAMPLES)
    .action(async (source: SourceName | undefined, paths: string[], flags: Flags) => {
      const cwd = resolve(flags.cwd ?? ".");
      const common = { cwd, prod: flags.prod === true, dryRun: flags.dryRun === true };
      if (flags.rewrite === undefined && (flags.model !== undefined || flags.back))
        throw withoutRewrite();
      if (flags.name !== undefined && source === undefined) throw nameWithoutSource();
      if (flags.name !== undefined && !isOriginName(flags.name))
        throw badOriginName({ given: flags.name });
      const { name } = flags;
      const key = source && originKey({ source, name });
      if (flags.rewrite !== undefined) {
        const { runRewrite } = await loading(() => import("../commands/import-after.js"));
        const { model, rewrite: field, back = false } = flags;
        return finish(await runRewrite({ ...common, field, model, source: key, back }, ui));
      }
      if (source === undefined || key === undefined) throw sourceMissing({ sources: SOURCES });
      const yes = flags.yes === true;
      if (flags.undo) {
        const { runUndo } = await loading(() => import("../commands/import-after.js"));
        return finish(await runUndo({ ...common, source: key, yes }, ui));
      }
      if (paths.length === 0) throw exportMissing({ source });
      const { runImport } = await loading(() => import("../commands/import.js"));
      const options = {
        ...common,
        ...{ source, name, paths, yes },
        linkExisting: flags.linkExisting === true,
        placeholderDomain: flags.placeholderEmail?.replace(/^@/, ""),
        defaults: pairsOf("--default", flags.default),
        mapping: {
          providers: pairsOf("--provider", flags.provider),
          roles: pairsOf("--role", flags.role),
          component: flags.component,
        },
      };
      return finish(await runImport(options, ui));
    });
}

// --- internal ---

const EXAMPLES = `
Sources:
  better-auth-component  the zip of \`npx convex export\` (@convex-dev/better-auth)
  convex-auth            the zip of \`npx convex export\` (@convex-dev/auth)
  clerk                  the dashboard's CSV of users; users, organizations, memberships of the API as JSON
  supabase               users and identities, as CSV or JSON
  auth0                  users of an export job, passwords of a support ticket
  csv                    users.csv, accounts.csv, organizations.csv, members.csv, ...

Examples:
  $ npx kitcn import convex-auth backup.zip --dry-run     counts, and what would be dropped
  $ npx kitcn import convex-auth backup.zip --yes         import; run it again if it was interrupted
  $ npx kitcn import clerk users.csv users.json --prod    several files, into production
  $ npx kitcn import --rewrite notes.userId               point your own documents at the new ids
  $ npx kitcn import convex-auth --undo                   delete the imported rows, until somebody signs in

node_modules/kitcn/docs/import.md says which export of each vendor has password hashes, and how to get it.`;

type Flags = {
  prod?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  linkExisting?: boolean;
  placeholderEmail?: string;
  default: string[];
  provider: string[];
  role: string[];
  component?: string;
  name?: string;
  undo?: boolean;
  rewrite?: string;
  model?: string;
  back?: boolean;
  cwd?: string;
};

function collect(value: string, all: string[]): string[] {
  return [...all, value];
}

function pairsOf(flag: string, given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      if (at < 1) throw notPair({ flag, given: pair });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
