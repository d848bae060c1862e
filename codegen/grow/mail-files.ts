// The modules that send an app's mail: mail.ts with `sendMail` and what the mails say, resend.ts with the mutation, and
// the component in convex.config.ts. Finds those that are there, and stages the others; what is there is never edited.
import { dirname, join } from "node:path";
import { shortPath } from "../disk/project.js";
import { listExports } from "../edit/index.js";
import { mailNamesTaken } from "../errors/grow.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { patchResend, printResendConfig, RESEND_NAME } from "../patch/resend.js";
import {
  printMail,
  printOneMail,
  printSender,
  type MailLinks,
  type MailName,
} from "../print/mail-modules.js";
import { openModule, stageModule } from "../scaffold/stage-module.js";
import { hasAuthPage } from "../shell/auth-page.js";
import { hasUi } from "../shell/better-auth-ui.js";
import { hasReact } from "../shell/detect.js";
import { frontsOf } from "../shell/fronts.js";
import { findFunctionsModule, isBlank } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { MAIL_SLOTS, type MailSlot } from "./mail-slots.js";
import type { Server } from "./server-half.js";
import { planVariables } from "./variables.js";

/** The module with `sendMail`. */
export type MailModule = {
  readonly path: string;
  /** For messages. */
  readonly shortPath: string;
  readonly exports: (name: string) => boolean;
  /** How another module imports it. */
  readonly specifier: (from: string) => string;
};

/** With which variable Resend sends, and as whom, as code. */
export type Sender = { readonly key: string; readonly from: string };

/** The module of the app that sends its mail; undefined before `kitcn add email`. */
export function findMailModule(ws: Workspace): MailModule | undefined {
  const name = MAIL_NAMES.find((one) => isMailModule(ws, one));
  return name === undefined ? undefined : openMail(ws, name);
}

/**
 * Stages what is missing: the component in convex.config.ts, the two modules, the names of their variables.
 *
 * @param moved how the app sends already, where another library did: its variables are set
 * @returns the module with `sendMail`, and what is worth saying of modules that were in the way
 * @throws CodegenError `MAIL_NAMES_TAKEN`, `CONVEX_CONFIG_UNKNOWN_FORM`, `COMPONENT_NAME_TAKEN`
 */
export async function planMailFiles(
  server: Server,
  moved?: Sender,
): Promise<{ readonly mail: MailModule; readonly notes: readonly string[] }> {
  const { ws, getEnv: getEnvPath } = server;
  const component = await mount(ws);
  const found = findMailModule(ws);
  if (found) {
    ws.stage(found.path, ws.read(found.path) ?? "");
    return { mail: found, notes: [] };
  }
  const mail = freeModule(ws, MAIL_NAMES);
  const sender = freeModule(ws, SENDER_NAMES);
  const extension = importExtension(ws);
  const inFunctions = join(ws.project.functionsDir, "mail.ts");
  const getEnv = getEnvPath && relativeSpecifier(inFunctions, getEnvPath, extension);
  const text = { extension, getEnv, key: moved?.key };
  await stageModule(ws, mail, printMail({ ...text, ...linksOf(server), sender }));
  await stageModule(ws, sender, printSender({ ...text, from: moved?.from, component, mail }));
  if (!moved) await planVariables(ws, { variables: VARIABLES, getEnv: getEnvPath });
  return { mail: openMail(ws, mail), notes: takenNotes(ws, { mail, sender }) };
}

/** What to write for a callback where no edit can: its import, and the callback in its place. */
export function linesByHand(server: Server, mail: MailModule, slot: MailSlot): string[] {
  const names = { send: "sendMail", ctx: "ctx", mail: slot.mail };
  const missing = mail.exports(slot.mail) ? [] : oneMail(slot.mail, linksOf(server));
  const objects = slot.path.slice(0, -1).map((name) => `${name}: {`);
  const code = `${slot.path.at(-1)}: ${slot.print(names)},`;
  const lines = [...objects, code, ...objects.map(() => "},")].join("\n").split("\n");
  const source = mail.specifier(server.module.path);
  return [
    `import { ${["sendMail", slot.mail].sort().join(", ")} } from "${source}";`,
    "",
    ...lines,
    ...missing,
  ];
}

/** What is worth saying of the link in the mail of an invitation. */
export function invitationNotes(server: Server, mail: MailModule): string[] {
  const text = server.ws.read(mail.path) ?? "";
  const path = /((?:\/[\w.-]+)*\/auth)#invitation=/.exec(text)?.[1];
  if (path !== undefined)
    return [
      `Invitations link to SITE_URL${path}#invitation=<id>. The page at ${path} shows them if the auth client has organizationClient().`,
      ...(server.basePath === undefined
        ? [`If your app is served below a base path, write it before ${path} in ${mail.shortPath}.`]
        : []),
    ];
  if (!text.includes("/accept-invitation/")) return [];
  const begin = "Invitations link to SITE_URL/accept-invitation/<id>. Write that page yourself";
  return linksOf(server).hasPage
    ? [
        `${begin}, or change the link in ${mail.shortPath} to /auth#invitation=<id>, where kitcn's page shows them.`,
      ]
    : [`${begin}. ${mail.shortPath} makes the link.`];
}

// --- internal ---

function linksOf({ ws, siteUrl, basePath }: Server): MailLinks {
  const hasPage = frontsOf(ws).some(
    ({ ws: own, shell }) =>
      hasReact(shell) &&
      (shell.kind !== "expo" || shell.routesDir !== undefined) &&
      shell.siteUrl === siteUrl &&
      (hasAuthPage({ ws: own, shell }) || hasUi({ ws: own, shell })),
  );
  return { siteUrl, hasPage, basePath };
}

/** Names for the modules, in the order in which they are tried. */
const MAIL_NAMES = ["mail", "authMail"] as const;
const SENDER_NAMES = ["resend", "mailSender"] as const;

const VARIABLES = [
  {
    name: "RESEND_API_KEY",
    comment:
      "A key of https://resend.com/api-keys. Without it, mails are printed in the function's log.",
  },
  {
    name: "EMAIL_FROM",
    comment:
      "Who sends your mails, at a domain of https://resend.com/domains: Acme <hello@acme.com>",
  },
];

/** Gives the name of the component in `components`. */
async function mount(ws: Workspace): Promise<string> {
  const module = openModule(ws, "convex.config");
  if (!module) {
    await stageModule(ws, "convex.config", printResendConfig());
    return RESEND_NAME;
  }
  const { text = module.text, name } = patchResend(module);
  ws.stage(module.path, text);
  return name;
}

/** A module that is named as ours says what ours says: it sends, and it makes one of the mails. */
function isMailModule(ws: Workspace, name: string): boolean {
  const path = findFunctionsModule(ws, name);
  if (path === undefined || isBlank(ws.read(path) ?? "")) return false;
  const { exports } = openMail(ws, name);
  return exports("sendMail") && MAIL_SLOTS.some(({ mail }) => exports(mail));
}

function openMail(ws: Workspace, name: string): MailModule {
  const path = findFunctionsModule(ws, name);
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) throw new Error(`${name} was found or staged.`);
  return {
    path: module.path,
    shortPath: shortPath(ws.project, module.path),
    exports: (one) => listExports(module, one).length > 0,
    specifier: (from) => relativeSpecifier(from, module.path, importExtension(ws, dirname(from))),
  };
}

/** @throws CodegenError `MAIL_NAMES_TAKEN` */
function freeModule(ws: Workspace, names: readonly string[]): string {
  const taken = (name: string) => {
    const path = findFunctionsModule(ws, name);
    return path !== undefined && !isBlank(ws.read(path) ?? "");
  };
  const free = names.find((name) => !taken(name));
  if (free !== undefined) return free;
  throw mailNamesTaken({ names });
}

function takenNotes(ws: Workspace, chosen: { readonly mail: string; readonly sender: string }) {
  const all = [
    { name: chosen.mail, wish: MAIL_NAMES[0], what: "the mails are" },
    { name: chosen.sender, wish: SENDER_NAMES[0], what: "the mutation that sends them is" },
  ];
  return all.flatMap(({ name, wish, what }) => {
    const path = findFunctionsModule(ws, wish);
    if (name === wish || path === undefined) return [];
    return [`${shortPath(ws.project, path)} stays as you wrote it: ${what} in ${name}.`];
  });
}

function oneMail(name: MailName, links: MailLinks): string[] {
  return ["", `// and in the module with sendMail`, ...printOneMail(name, links).split("\n")];
}
