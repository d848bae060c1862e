// The texts of the two modules that `kitcn add email` creates: mail.ts, with what the mails say, and resend.ts, which
// sends them. Pure; formatting is the caller's business. Both belong to the app's author from then on.
import type { Extension } from "./texts.js";

/** The mails of mail.ts, by the name of the function that makes one. */
export type MailName =
  | "verificationMail"
  | "resetPasswordMail"
  | "changeEmailMail"
  | "deleteAccountMail"
  | "magicLinkMail"
  | "codeMail"
  | "invitationMail";

/** What both texts depend on. */
export type MailTextInput = {
  readonly extension: Extension;
  /** How the functions directory imports `getEnv`; undefined for an app that reads process.env. */
  readonly getEnv: string | undefined;
  /** The variable with Resend's key. Default: RESEND_API_KEY. */
  readonly key?: string | undefined;
};

/** Where mails lead. */
export type MailLinks = {
  /** The value of SITE_URL while it is not set. */
  readonly siteUrl: string;
  /** True for an app with kitcn's page at /auth, which shows invitations. Default: false. */
  readonly hasPage?: boolean;
  /** The path below which that page is. Default: the root of its site. */
  readonly basePath?: string | undefined;
};

/** mail.ts: what the mails say, and `sendMail`. */
export function printMail({
  extension,
  getEnv,
  key = RESEND_KEY,
  siteUrl,
  hasPage,
  basePath,
  sender,
}: MailTextInput &
  MailLinks & {
    /** The module that sends, by its path in the functions directory. */
    readonly sender: string;
  }): string {
  const site =
    getEnv === undefined
      ? `process.env.SITE_URL ?? ${JSON.stringify(siteUrl)}`
      : "getEnv().SITE_URL";
  const mails = Object.values(mailsOf({ hasPage, basePath })).map((code) =>
    code.replaceAll(SITE, site),
  );
  return `// The mails of your app: what they say, and how auth sends them. This file is yours: change the words, the language
// and the look. Escape what users have typed before it becomes HTML, as printMail does.
${printGetEnvImport(getEnv)}import { internal } from "./_generated/api${extension}";
import type { ActionCtx, MutationCtx, QueryCtx } from "./_generated/server${extension}";

/** What a mail says. Programs that show no HTML show the text, and so does the log while there is no ${key}. */
export type Mail = { subject: string; text: string; html: string };

/** What auth.ts, a mutation or an action is called with. */
export type MailCtx = QueryCtx | MutationCtx | ActionCtx;

/** Sends a mail. What a mutation sends leaves once it has committed. */
export async function sendMail(ctx: MailCtx, mail: Mail & { to: string }): Promise<void> {
  if (!("runMutation" in ctx)) throw new Error("A query cannot send mail.");
  await ctx.runMutation(internal.${sender.replaceAll("/", ".")}.send, mail);
}

${mails.join("\n")}
type Parts = {
  lines: string[];
  /** A button. */
  link?: { label: string; url: string };
  /** A code to type. */
  code?: string;
  /** Below, in small letters. */
  note?: string;
};

/** How all mails look. */
function printMail(subject: string, { lines, link, code, note }: Parts): Mail {
  const title = subject.replace(/\\s+/g, " ");
  const text = [...lines, code, link?.url, note].filter((part) => part !== undefined);
  const html = [
    \`<h1 style="font-size: 20px">\${escapeHtml(title)}</h1>\`,
    ...lines.map((line) => \`<p>\${escapeHtml(line)}</p>\`),
    code && \`<p style="font-size: 28px; letter-spacing: 4px"><strong>\${escapeHtml(code)}</strong></p>\`,
    link && \`<p><a href="\${escapeHtml(link.url)}" style="\${BUTTON}">\${escapeHtml(link.label)}</a></p>\`,
    note && \`<p style="font-size: 13px; color: #666">\${escapeHtml(note)}</p>\`,
  ];
  return {
    subject: title,
    text: text.join("\\n\\n"),
    html: \`<!doctype html><html><body style="\${PAGE}">\${html.filter(Boolean).join("")}</body></html>\`,
  };
}

const PAGE = "max-width: 480px; margin: 24px auto; font-family: system-ui, sans-serif; color: #111";
const BUTTON =
  "display: inline-block; padding: 10px 16px; border-radius: 6px; background: #111; color: #fff; text-decoration: none";

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
`;
}

/** One function of mail.ts, for an app whose module lacks it. */
export function printOneMail(name: MailName, { siteUrl, ...links }: MailLinks): string {
  return mailsOf(links)[name].replaceAll(SITE, JSON.stringify(siteUrl)).trimEnd();
}

/** resend.ts: the mutation that gives a mail to the component. */
export function printSender({
  extension,
  getEnv,
  key = RESEND_KEY,
  from,
  component,
  mail,
}: MailTextInput & {
  /** Who sends, as code. Default: the variable EMAIL_FROM. */
  readonly from?: string | undefined;
  /** The name of the component in `components`. */
  readonly component: string;
  /** The module with `sendMail`, by its path in the functions directory. */
  readonly mail: string;
}): string {
  const env = getEnv === undefined ? "process.env" : "getEnv()";
  const sender = from ?? `${env}.EMAIL_FROM`;
  return `// Sends the mails of ./${mail}, with Resend. Auth never loads this module: it calls the mutation, after the request.
import { Resend } from "@convex-dev/resend";
import { v } from "convex/values";
${printGetEnvImport(getEnv)}import { components } from "./_generated/api${extension}";
import { internalMutation } from "./generated/server${extension}";

const resend = new Resend(components.${component}, { ${key === RESEND_KEY ? "" : `apiKey: ${env}.${key} ?? "", `}testMode: false });

/** Sends a mail. Without ${key}, as in development, its text is in the function's log. */
export const send = internalMutation({
  args: { to: v.string(), subject: v.string(), text: v.string(), html: v.string() },
  returns: v.null(),
  handler: async (ctx, { to, subject, text, html }) => {
    if (!${env}.${key}) {
      // A line each, so that a link can be clicked.
      const lines = [\`Mail to \${to}: \${subject}\`, ...text.split("\\n")];
      for (const line of lines) if (line !== "") console.log(line);
      return null;
    }
    const from = ${sender};
${printFromCheck(sender)}    await resend.sendEmail(ctx, { from, to, subject, text, html });
    return null;
  },
});
`;
}

// --- internal ---

/** Stands for the app's own way to read SITE_URL. */
const SITE = "SITE_URL_OF_APP";

const RESEND_KEY = "RESEND_API_KEY";

/** An address that ends in a text is always one. */
function printFromCheck(from: string): string {
  const variable = /\.(\w+)$/.exec(from)?.[1];
  if (variable === undefined) return "";
  return `    if (!from) throw new Error("${variable} is not set. It says who sends: Acme <hello@acme.com>");\n`;
}

function printGetEnvImport(getEnv: string | undefined): string {
  return getEnv === undefined ? "" : `import { getEnv } from ${JSON.stringify(getEnv)};\n`;
}

function mailsOf({
  hasPage = false,
  basePath = "",
}: Omit<MailLinks, "siteUrl">): Readonly<Record<MailName, string>> {
  return { ...MAILS, invitationMail: printInvitation(hasPage ? pageLink(basePath) : OWN_LINK) };
}

type InvitationLink = { readonly path: string; readonly comment: string };

function pageLink(basePath: string): InvitationLink {
  const path = `${basePath}/auth`;
  return { path: `${path}#invitation=`, comment: `The page at ${path} shows it.` };
}

const OWN_LINK: InvitationLink = {
  path: "/accept-invitation/",
  comment: "The page of the link is yours: it calls organization.acceptInvitation with the id.",
};

function printInvitation({ path, comment }: InvitationLink): string {
  return `/** Into an organization. ${comment} */
export function invitationMail(to: { id: string; organization: string; inviter: string }): Mail {
  const url = new URL(\`${path}\${encodeURIComponent(to.id)}\`, ${SITE}).href;
  return printMail(\`Join \${to.organization}\`, {
    lines: [\`\${to.inviter} invites you to \${to.organization}.\`],
    link: { label: "See the invitation", url },
  });
}
`;
}

const MAILS: Readonly<Record<Exclude<MailName, "invitationMail">, string>> = {
  verificationMail: `/** Whether an address is that of the user. */
export function verificationMail(url: string): Mail {
  return printMail("Confirm your email address", {
    lines: ["Confirm that this address is yours."],
    link: { label: "Confirm address", url },
    note: "If you did not ask for this, ignore this mail.",
  });
}
`,
  resetPasswordMail: `/** A new password, for somebody who forgot theirs. */
export function resetPasswordMail(url: string): Mail {
  return printMail("Choose a new password", {
    lines: ["Somebody asked for a new password for your account."],
    link: { label: "Choose a password", url },
    note: "If that was not you, ignore this mail: your password stays as it is.",
  });
}
`,
  changeEmailMail: `/** Goes to the old address, before another one replaces it. */
export function changeEmailMail({ url, newEmail }: { url: string; newEmail: string }): Mail {
  return printMail("Confirm your new email address", {
    lines: [\`Your account is about to use the address \${newEmail}.\`],
    link: { label: "Change address", url },
    note: "If you did not ask for this, ignore this mail: your address stays as it is.",
  });
}
`,
  deleteAccountMail: `/** Before an account is deleted. */
export function deleteAccountMail(url: string): Mail {
  return printMail("Delete your account", {
    lines: ["Your account and its data are about to be deleted. This cannot be undone."],
    link: { label: "Delete account", url },
    note: "If you did not ask for this, ignore this mail: your account stays.",
  });
}
`,
  magicLinkMail: `/** A link that signs in. */
export function magicLinkMail(url: string): Mail {
  return printMail("Your sign-in link", {
    lines: ["This link signs you in. It works once."],
    link: { label: "Sign in", url },
    note: "If you did not ask for this, ignore this mail.",
  });
}
`,
  codeMail: `/** A code to type: at sign-in, at verification, for a new password, as a second step. */
export function codeMail(code: string): Mail {
  return printMail("Your code", {
    lines: ["Type this code where you were asked for it."],
    code,
    note: "Give it to nobody. If you did not ask for it, ignore this mail.",
  });
}
`,
};
