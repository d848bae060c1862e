// Turns `convexAuth({ providers })` into the options of defineAuth(), and the hook of its forms into one over the auth
// client. By syntax; providers whose meaning kitcn does not know stay, and with them the call.
import { join } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { endOf, keyOf, startOf, textOf, unwrap } from "../edit/index.js";
import { importedBy, statementOf } from "../patch/calls.js";
import { printAuth } from "../print/texts.js";
import { hasReact } from "../shell/detect.js";
import { authClientOf, newModule, specifierOf, type Front } from "../shell/front.js";
import { removeStatement } from "./edit-server.js";
import type { Edit } from "./edits.js";
import { namesOldTable } from "./old-ids.js";

/** Takes the call out, and gives the auth.ts whose definition takes its place. */
export function editConvexAuth(edit: Edit, call: CallExpression): string | undefined {
  const { editor, gone, shell, extension } = edit;
  const { module } = editor;
  const statement = statementOf(module, call);
  const methods = methodsOf(edit, call);
  if (!statement || !methods) return undefined;
  removeStatement(editor, statement);
  gone.add(statement);
  const isCrossDomain = shell.kind === "vite" || shell.kind === "expo";
  const text = printAuth({ extension, siteUrl: shell.siteUrl, isCrossDomain });
  return text.replace("  emailAndPassword: { enabled: true },\n", `${methods.join("\n")}\n`);
}

/** Has a form call the auth client, by a hook of the same shape. */
export function editActions(edit: Edit, call: CallExpression): boolean {
  const { editor, gone, ws, shell } = edit;
  if (!hasReact(shell)) return false;
  const front: Front = { ws, shell };
  const path = newModule(front, join(shell.base, "lib/auth-actions.ts"));
  if (!ws.has(path)) ws.stage(path, printActions(specifierOf(front, path, authClientOf(front))));
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
    if (table && id) editor.edits.remove(startOf(table), startOf(id));
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

/** The options that sign users in as the providers do; undefined where one is not known. */
function methodsOf({ editor: { module } }: Edit, call: CallExpression): string[] | undefined {
  const options = call.arguments[0] && unwrap(call.arguments[0]);
  if (options?.type !== "ObjectExpression" || options.properties.length !== 1) return undefined;
  const [member] = options.properties;
  const list = member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  if (!member || keyOf(member) !== "providers" || list?.type !== "ArrayExpression")
    return undefined;
  const providers = list.elements.map((one) => {
    const made = one && unwrap(one);
    if (!made) return undefined;
    const isCall = made.type === "CallExpression";
    if (isCall && made.arguments.length > 0) return undefined;
    return importedBy(module, isCall ? made.callee : made);
  });
  const sources = providers.map((one) => one?.source);
  if (!sources.every((one) => one !== undefined && (one === PASSWORD || SOCIAL.test(one))))
    return undefined;
  const social = sources.flatMap((one) => (one && SOCIAL.exec(one)?.[1]) ?? []);
  return [
    ...(sources.includes(PASSWORD) ? ["  emailAndPassword: { enabled: true },"] : []),
    ...(social.length > 0 ? [`  socialProviders: {\n${social.map(printSocial).join("")}  },`] : []),
  ];
}

const PASSWORD = "@convex-dev/auth/providers/Password";

/** Those that both libraries call the same, with a client id and a secret. */
const SOCIAL =
  /^@auth\/core\/providers\/(discord|dropbox|facebook|figma|github|gitlab|google|kakao|line|linkedin|naver|notion|reddit|slack|spotify|tiktok|twitch|twitter|vk|zoom)$/;

/** With the variables that the other library reads. */
function printSocial(id: string): string {
  const name = `AUTH_${id.toUpperCase()}`;
  return `    ${id}: { clientId: process.env.${name}_ID!, clientSecret: process.env.${name}_SECRET! },\n`;
}

function printActions(authClient: string): string {
  return `import { authClient } from ${JSON.stringify(authClient)};

type Params = FormData | Record<string, unknown>;

/** Sign-in and sign-out for forms: a password with \`flow\`, \`email\` and \`password\`, or a social provider. */
export function useAuthActions() {
  return ACTIONS;
}

const ACTIONS = { signIn, signOut };

async function signIn(provider: string, params?: Params): Promise<{ signingIn: boolean }> {
  const valueOf = (name: string) => {
    const value = params instanceof FormData ? params.get(name) : params?.[name];
    return typeof value === "string" ? value : "";
  };
  if (provider !== "password") {
    const callbackURL = new URL(valueOf("redirectTo"), window.location.href).href;
    const { error } = await authClient.signIn.social({ provider, callbackURL });
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
