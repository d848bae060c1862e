// What a move from Convex Auth adds for its mailed links and codes: the packages and modules that send links, the callback
// in auth.ts, and the plugins in the auth client. Stages, as `add email` and `add plugin` do; decides nothing about other providers.
import { ANONYMOUS, EMAIL_OTP, MAGIC_LINK } from "../catalog/plugins.js";
import { problemsError } from "../grow/insert.js";
import { planMailFiles } from "../grow/mail-files.js";
import { wireMail } from "../grow/mail-wiring.js";
import { openServer } from "../grow/server-half.js";
import { linksBefore, listCodes, type Providers } from "../sign-in/convex-auth/providers.js";
import type { Workspace } from "../workspace/stage.js";
import { refreshPages } from "./auth-page.js";
import { mailPackages } from "./email.js";
import { planPackages, type InstallPlan } from "./install.js";
import { planClientHalves } from "./plugins.js";
import type { SchemaOutcome } from "./schema.js";
import type { MailedLinks } from "../sign-in/common/types.js";

/** The same installation with what Resend's component needs, in an app whose links it sends from now on. */
export async function withMailPackages(ws: Workspace, install: InstallPlan): Promise<InstallPlan> {
  const links = linksBefore(ws);
  if (!links || links.own) return install;
  const mail = await planPackages(ws, { names: mailPackages(ws.project), inBrowser: [] });
  return {
    ...install,
    packages: [...install.packages, ...mail.packages],
    commands: [...install.commands, ...mail.commands],
  };
}

/**
 * Has auth.ts send its links with Resend.
 *
 * @param input.isComplete whether auth.ts can run: without its packages it keeps the links in the log
 */
export async function planServerLinks(
  ws: Workspace,
  { links, isComplete }: { readonly links: MailedLinks; readonly isComplete: boolean },
): Promise<readonly string[]> {
  if (links.own) return [];
  const { mail, notes } = await planMailFiles(openServer(ws), links);
  const isAsked = ({ plugin }: { readonly plugin?: string }) => plugin === MAGIC_LINK.name;
  const wired = isComplete ? await wireMail(ws, mail, { isAsked }) : [];
  return [
    ...notes,
    ...wired.flatMap(({ note }) => note ?? []),
    `Links are mailed with your ${links.key}. While that is not set on the deployment, they are printed in the function's log. ${mail.shortPath} says what the mails say.`,
  ];
}

/**
 * Has the auth clients ask for links and codes and let guests in, and the pages show the way.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planClientMails(
  ws: Workspace,
  { links, codes, isAnonymous }: Pick<Providers, "links" | "codes" | "isAnonymous">,
  schema: SchemaOutcome | undefined,
): Promise<readonly string[]> {
  const entries = [
    ...(links ? [MAGIC_LINK] : []),
    ...(listCodes(codes).length > 0 ? [EMAIL_OTP] : []),
    ...(isAnonymous ? [ANONYMOUS] : []),
  ];
  if (entries.length === 0) return [];
  const { problems, notes } = await planClientHalves(ws, entries, new Set());
  if (problems.length > 0) throw problemsError(problems, ws.project);
  return [...notes, ...(await refreshPages(ws, schema))];
}
