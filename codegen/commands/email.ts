// `kitcn add email`: what it plans and reports. sequence.ts has the order; grow/mail-*.ts say what is written.
// Writes nothing.
import { docsUrl } from "../catalog/types.js";
import { envFileOf, installedIn, shortPath } from "../disk/project.js";
import { invitationNotes, planMailFiles, type MailModule } from "../grow/mail-files.js";
import { wireMail, type WiredMail } from "../grow/mail-wiring.js";
import { openServer } from "../grow/server-half.js";
import { refreshConvexGenerated } from "../scaffold/convex-generated.js";
import { RESEND_PACKAGE } from "../patch/resend.js";
import type { Ui } from "../terminal/ui.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";
import { growthPlan, planFollowing, runGrowth, type GrowthPlan } from "./growth.js";
import { refreshPages } from "./auth-page.js";
import { planPackages, type InstallPlan } from "./install.js";
import type { GrownItem, Report } from "./report.js";
import type { SequenceOptions } from "./sequence.js";

export type EmailOptions = Omit<SequenceOptions, "check">;

/**
 * Has an app send its mails: the Resend component, the modules that send, and the callbacks of auth.ts.
 *
 * @throws CodegenError `NO_AUTH_FILE`, `AUTH_UNKNOWN_FORM`, `MAIL_NAMES_TAKEN`, `CONVEX_CONFIG_UNKNOWN_FORM`,
 *   `COMPONENT_NAME_TAKEN`, and those of planning the schema. Nothing was written then
 */
export function addEmail(options: EmailOptions, ui: Ui): Promise<Report> {
  return runGrowth(options, {
    command: "add email",
    ui,
    planInstall: (ws) => planPackages(ws, { names: mailPackages(ws.project), inBrowser: [] }),
    plan: planEmail,
  });
}

/** The component needs convex-helpers beside it, which kitcn brings along where packages are flat. */
export function mailPackages(project: Project): string[] {
  const helpers = installedIn(project, "convex-helpers") === undefined ? [HELPERS] : [];
  return [RESEND, ...helpers];
}

// --- internal ---

const RESEND = `${RESEND_PACKAGE}@^0.2.8`;
const HELPERS = "convex-helpers@^0.1.106";

async function planEmail(ws: Workspace, install: InstallPlan): Promise<GrowthPlan> {
  const { mail, notes } = await planMailFiles(openServer(ws));
  const isNew = ws.onDisk(mail.path) === undefined;
  const wired = await wireMail(ws, mail);
  const schema = await planFollowing(ws, false);
  const parts = await refreshPages(ws, schema);
  refreshConvexGenerated(ws);
  const plan = growthPlan(ws, {
    items: wired.flatMap(itemOf),
    schema,
    install,
    notes: [
      ...parts,
      ...notes,
      ...(isNew ? [variablesNote(ws)] : []),
      ...wiringNotes(ws, wired, mail),
    ],
  });
  // What is somebody's own is said once.
  if (!plan.isInSync) return plan;
  return {
    ...plan,
    notes: wired.flatMap(({ state, note = "" }) => (state === "open" ? note : [])),
  };
}

function itemOf({ slot, name, state }: WiredMail): GrownItem[] {
  if (state === "theirs" || state === "open") return [];
  const action = state === "added" ? "added" : "unchanged";
  return [{ name, action, variables: [], docs: docsUrl(slot.docs) }];
}

function wiringNotes(ws: Workspace, wired: readonly WiredMail[], mail: MailModule): string[] {
  const invites = wired.some(
    ({ slot, state }) => slot.plugin === "organization" && state === "added",
  );
  return [
    ...wired.flatMap(({ note }) => note ?? []),
    ...(wired.length === 0
      ? [
          "No option or plugin in auth.ts sends mail yet. After you add one, run npx kitcn add email --yes again.",
        ]
      : []),
    ...(invites ? invitationNotes(openServer(ws), mail) : []),
  ];
}

function variablesNote({ project }: Workspace): string {
  const file = shortPath(project, envFileOf(project));
  return `Until you set RESEND_API_KEY, mails are printed in the function's log. To send them, write RESEND_API_KEY and EMAIL_FROM into ${file}, then run npx kitcn env push.`;
}
