// The flags of `kitcn add email`, with its help. Declares only; the command is loaded when it is called.
import type { Command } from "commander";
import { optionsOf, withCommonFlags, type Flags } from "../grow/flags.js";
import { loading } from "../terminal/timing.js";
import type { ProgramInput } from "./program.js";

/** Declares `kitcn add email`. */
export function declareAddEmail(command: Command, { ui, finish }: ProgramInput): void {
  withCommonFlags(
    command
      .description(
        "Make auth send its mail with Resend: verification, passwords, links, codes, invitations.",
      )
      .option("--no-install", "Install no packages."),
  )
    .addHelpText("after", ADD_EMAIL_HELP)
    .action(async (flags: Flags & { install: boolean }) => {
      const { addEmail } = await loading(() => import("../commands/email.js"));
      await finish(await addEmail({ ...optionsOf(flags), install: flags.install }, ui));
    });
}

// --- internal ---

const ADD_EMAIL_HELP = `
It writes convex/mail.ts with the texts of your mails, and convex/resend.ts, which sends them. In auth.ts it adds the
missing callbacks, and replaces those that \`kitcn add plugin\` wrote with a TODO(kitcn). It keeps callbacks of yours.
Until you set RESEND_API_KEY, each mail is printed in the function's log, which \`npx kitcn dev\` shows.

Examples:
  $ npx kitcn add email                    show what would be written, then ask
  $ npx kitcn add email --dry-run          write nothing; show what would be written
  $ npx kitcn add plugin magic-link --yes  a plugin that is added later sends its mail, too`;
