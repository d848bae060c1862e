// Turns `convexAuth({ providers })` into the options of defineAuth(), and the hook of its forms into one over the auth
// client. By syntax; providers whose meaning kitcn does not know stay, and with them the call.
import { join } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { MAGIC_LINK } from "../catalog/plugins.js";
import { endOf, startOf, textOf, walk } from "../edit/index.js";
import { statementOf } from "../patch/calls.js";
import { printAuth } from "../print/texts.js";
import { hasReact } from "../shell/detect.js";
import { authClientOf, newModule, specifierOf, type Front } from "../shell/front.js";
import type { MailedLinks } from "./convex-auth-mail.js";
import { linksBefore, readProviders, type Providers } from "./convex-auth-providers.js";
import { removeStatement } from "./edit-server.js";
import type { Edit } from "./edits.js";
import { isCheckedId } from "./id-checks.js";
import { namesOldTable } from "./old-ids.js";

/** Takes the call out, and gives the auth.ts whose definition takes its place. */
export function editConvexAuth(edit: Edit, call: CallExpression): string | undefined {
  const { editor, gone, shell, extension } = edit;
  const { module } = editor;
  const statement = statementOf(module, call);
  const providers = readProviders(module, call);
  const { links, refused } = providers;
  if (!statement || refused.length > 0) return undefined;
  removeStatement(editor, statement);
  for (const one of listGone(statement, links?.own?.node)) gone.add(one);
  const isCrossDomain = shell.kind === "vite" || shell.kind === "expo";
  const text = printAuth({ extension, siteUrl: shell.siteUrl, isCrossDomain });
  edit.links = links;
  const auth = text.replace("  emailAndPassword: { enabled: true },\n", () => methodsOf(providers));
  return links ? withLinks(auth, links) : auth;
}

/** The module with the author's own function in its place. */
export function carryOver(text: string, { own }: MailedLinks): string {
  return own ? text.replace(CARRIED, () => own.code) : text;
}

/** Has a form call the auth client, by a hook of the same shape. */
export function editActions(edit: Edit, call: CallExpression): boolean {
  const { editor, gone, ws, shell } = edit;
  if (!hasReact(shell)) return false;
  const front: Front = { ws, shell };
  const path = newModule(front, join(shell.base, "lib/auth-actions.ts"));
  const authClient = specifierOf(front, path, authClientOf(front));
  const isExpo = shell.kind === "expo";
  if (!ws.has(path))
    ws.stage(path, printActions({ authClient, links: linksBefore(ws)?.id, isExpo }));
  const source = specifierOf(front, editor.module.path, path);
  gone.add(call.callee);
  const wanted = { source, name: "useAuthActions", typeOnly: false };
  const local = textOf(editor.module, call.callee);
  if (!editor.wanted.some((one) => one.local === local)) editor.wanted.push({ ...wanted, local });
  return true;
}

/** Has a place accept the ids of both tables of users, until the rows point to the new one. */
export function editId({ editor }: Edit, node: Node): boolean {
  if (node.type === "CallExpression" && namesOldTable(editor.module, node)) {
    const [table, id] = node.arguments;
    if (!table || !id || !isCheckedId(editor.module, id)) return false;
    editor.edits.remove(startOf(table), startOf(id));
    return true;
  }
  const text = textOf(editor.module, node);
  const other = text.replace(/(["'])users\1/, "$1user$1");
  const isType = node.type === "TSTypeReference";
  const both = isType ? `(${text} | ${other})` : `v.union(${text}, ${other})`;
  editor.edits.update(startOf(node), endOf(node), both);
  return true;
}

// --- internal ---

/** The options that sign users in as the providers do. */
function methodsOf({ hasPassword, social }: Providers): string {
  return [
    ...(hasPassword ? ["  emailAndPassword: { enabled: true },\n"] : []),
    ...(social.length > 0
      ? [`  socialProviders: {\n${social.map(printSocial).join("")}  },\n`]
      : []),
  ].join("");
}

/** auth.ts with the plugin for mailed links, which work for as long as before. */
function withLinks(text: string, { own, maxAge }: MailedLinks): string {
  const { name, source, args = "" } = MAGIC_LINK.server;
  const sends = own ? `{ sendMagicLink: ${CARRIED} }` : args;
  const call = `${name}(${sends.replace("{", () => `{ expiresIn: ${maxAge},`)})`;
  const end = "],\n  telemetry:";
  if (!text.includes(end)) throw new Error("printAuth() ends its plugins otherwise.");
  return `import { ${name} } from "${source}";\n${text.replace(end, () => `, ${call}${end}`)}`;
}

/** Stands for the author's function, whose text stays as it is. */
const CARRIED = "CARRIED_OVER_FUNCTION";

/** Takes a statement out of the module but for a function in it, which is written elsewhere. */
function listGone(statement: Node, kept: Node | undefined): Node[] {
  if (!kept) return [statement];
  const gone: Node[] = [];
  walk(statement, (node) => {
    if (node === kept) return false;
    const isAround = startOf(node) <= startOf(kept) && endOf(kept) <= endOf(node);
    if (!isAround) gone.push(node);
    return isAround;
  });
  return gone;
}

/** With the variables that the other library reads. */
function printSocial(id: string): string {
  const name = `AUTH_${id.toUpperCase()}`;
  return `    ${id}: { clientId: process.env.${name}_ID!, clientSecret: process.env.${name}_SECRET! },\n`;
}

/** lib/auth-actions. `links`: the name of the provider that mails links. `isExpo`: for phones, which have no address bar. */
function printActions({
  authClient,
  links,
  isExpo,
}: {
  readonly authClient: string;
  readonly links: string | undefined;
  readonly isExpo: boolean;
}): string {
  // On phones, the client makes a link to the app of a path.
  const path = 'valueOf("redirectTo") || "/"';
  const ways = links === undefined ? "or a social provider" : "a social provider, or a mailed link";
  return `import { authClient } from ${JSON.stringify(authClient)};

type Params = FormData | Record<string, unknown>;

/** Sign-in and sign-out for forms: a password with \`flow\`, \`email\` and \`password\`, ${ways}. */
export function useAuthActions() {
  return ACTIONS;
}

const ACTIONS = { signIn, signOut };

async function signIn(provider: string, params?: Params): Promise<{ signingIn: boolean }> {
  const valueOf = (name: string) => {
    const value = params instanceof FormData ? params.get(name) : params?.[name];
    return typeof value === "string" ? value : "";
  };
  const target = () => ${isExpo ? path : `new URL(${path}, window.location.href).href`};
${links === undefined ? "" : printLinkSignIn(links)}  if (provider !== "password") {
    const { error } = await authClient.signIn.social({ provider, callbackURL: target() });
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: false };
  }
  const given = { email: valueOf("email"), password: valueOf("password") };
  const { error } =
    valueOf("flow") === "signUp"
      ? await authClient.signUp.email({ ...given, name: valueOf("name") || given.email })
      : await authClient.signIn.email(given);
  if (error) throw new Error(error.message ?? error.statusText);
  return { signingIn: true };
}

async function signOut(): Promise<void> {
  await authClient.signOut();
}
`;
}

function printLinkSignIn(id: string): string {
  return `  if (provider === ${JSON.stringify(id)}) {
    const link = { email: valueOf("email"), callbackURL: target() };
    const { error } = await authClient.signIn.magicLink(link);
    if (error) throw new Error(error.message ?? error.statusText);
    return { signingIn: false };
  }
`;
}
