// The command line of `kitcn env push`, and the flag that names a preview deployment. Declares; commands/env-push.ts
// does the work.
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { createsNoPreview, withoutRotate } from "../errors/cli.js";
import { CWD_FLAG, JSON_FLAG } from "../grow/flags.js";
import { loading } from "../terminal/timing.js";
import type { ProgramInput } from "./program.js";

/** Declares the command. */
export function declareEnvPush(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description("Send convex/.env to the deployment, with its secret and its signing keys.")
    .option(
      "--prod",
      "Push to production: keep values that are set, refuse local addresses and development's secrets.",
    )
    .addOption(
      previewName("Push to the preview deployment with this name, as in `npx convex deploy`."),
    )
    .addOption(new Option("--preview-create <name>").hideHelp())
    .option("--from-file <file>", "Push this .env file instead of convex/.env.")
    .addOption(
      new Option(
        "--rotate",
        "Only make a new signing key, and end every session: all users sign in again.",
      ).conflicts(["fromFile", "overwrite"]),
    )
    .addOption(
      new Option(
        "--keep-sessions",
        "With --rotate: end no sessions; only earlier tokens become invalid.",
      ).conflicts("grace"),
    )
    .option(
      "--grace",
      "With --rotate: the old key stays for one token lifetime; nobody is logged out.",
    )
    .option("-y, --yes", "Rotate without asking.")
    .option("--overwrite", "On production or a preview: also replace values that are already set.")
    .option("--dry-run", "Set nothing; show which names would be set.")
    .option(...JSON_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", ENV_PUSH_EXAMPLES)
    .action(async (flags: EnvPushFlags) => {
      if (flags.grace && !flags.rotate) throw withoutRotate({ flag: "--grace" });
      if (flags.keepSessions && !flags.rotate) throw withoutRotate({ flag: "--keep-sessions" });
      if (flags.previewCreate !== undefined) throw createsNoPreview({ name: flags.previewCreate });
      const { runEnvPush } = await loading(() => import("../commands/env-push.js"));
      const options = {
        cwd: resolve(flags.cwd ?? "."),
        prod: flags.prod === true,
        previewName: flags.previewName,
        rotate: flags.rotate === true,
        grace: flags.grace === true,
        keepSessions: flags.keepSessions === true,
        yes: flags.yes === true,
        dryRun: flags.dryRun === true,
        overwrite: flags.overwrite === true,
        fromFile: flags.fromFile,
      };
      await finish(await runEnvPush(options, ui));
    });
}

/** Convex's own flag for the deployment of a branch. */
export function previewName(description: string): Option {
  return new Option("--preview-name <name>", description).conflicts("prod");
}

// --- internal ---

const ENV_PUSH_EXAMPLES = `
Examples:
  $ npx kitcn env push                                         your development deployment
  $ npx kitcn env push --prod --from-file .env.production      production; never overrides what is set there
  $ npx kitcn env push --preview-name my-branch                a preview deployment, as in CI
  $ npx kitcn env push --rotate --grace --yes                  new signing key; nobody is logged out
  $ npx kitcn env push --rotate --prod                         new signing key; everybody signs in again
  $ npx kitcn env push --dry-run                               names only, nothing is set`;

// What commander parses the declared flags into.
type EnvPushFlags = {
  cwd?: string;
  prod?: boolean;
  previewName?: string;
  previewCreate?: string;
  fromFile?: string;
  rotate?: boolean;
  grace?: boolean;
  keepSessions?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  overwrite?: boolean;
};
