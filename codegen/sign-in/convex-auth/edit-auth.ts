// Turns `convexAuth({ providers })` into the options of defineAuth(), and the hook of its forms into one over the auth
// client. By syntax; providers whose meaning kitcn does not know stay, and with them the call.
import { join } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { ANONYMOUS, EMAIL_OTP, MAGIC_LINK } from "../../catalog/plugins.js";
import type { PluginEntry } from "../../catalog/types.js";
import {
  endOf,
  freeName,
  hasName,
  listBindings,
  startOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../../edit/index.js";
import { statementOf } from "../../patch/calls.js";
import { printAuth } from "../../print/texts.js";
import { hasReact } from "../../shell/detect.js";
import { authClientOf, newModule, specifierOf, type Front } from "../../shell/front.js";
import {
  openBefore,
  printClient,
  providersBefore,
  readProviders,
  type Providers,
} from "./providers.js";
import type { PasswordCheck } from "./password.js";
import { nameCodes, printCodes } from "./edit-codes.js";
import { removeStatement } from "../common/edit-server.js";
import { isCheckedId } from "./id-checks.js";
import { namesOldTable } from "./old-ids.js";
import { printPasswordHook } from "./password-hook.js";
import { printActions } from "./print-actions.js";
import { nodesAround } from "../common/references.js";
import type { Edit, MailedLinks } from "../common/types.js";

/** Takes the call out, and gives the auth.ts whose definition takes its place. */
export function editConvexAuth(edit: Edit, call: CallExpression): string | undefined {
  const { editor, gone, shell, extension } = edit;
  const { module } = editor;
  const statement = statementOf(module, call);
  const providers = readProviders(module, call, openBefore(edit.ws));
  const { links, codes, check, refused } = providers;
  if (!statement || refused.length > 0) return undefined;
  const named = nameCodes(module, codes);
  const checks = check && printCheck(module, check);
  const printed = [named.printed, checks?.printed ?? ""].filter((one) => one !== "").join("\n\n");
  if (printed === "") removeStatement(editor, statement);
  else editor.edits.update(startOf(statement), endOf(statement), printed);
  const kept = [
    ...(links?.own ? [links.own.node] : []),
    ...named.kept,
    ...(check && check.kind !== "none" ? [check.node] : []),
  ];
  for (const one of listGone(statement, kept)) gone.add(one);
  for (const one of leaveVariables(edit, providers, statement))
    for (const node of listGone(one, kept)) gone.add(node);
  const isCrossDomain = shell.kind === "vite" || shell.kind === "expo";
  const text = printAuth({ extension, siteUrl: shell.siteUrl, isCrossDomain });
  edit.links = links;
  const auth = text.replace("  emailAndPassword: { enabled: true },\n", () => methodsOf(providers));
  const withTokens = withJwt(checks ? withHook(auth, checks.name) : auth, providers.jwt);
  const withGuests = withPlugin(withTokens, ANONYMOUS, providers.isAnonymous ? GUESTS : undefined);
  const withCodes = withPlugin(withGuests, EMAIL_OTP, printCodes(codes, named.nameOf));
  return links ? withLinks(withCodes, links) : withCodes;
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
  if (!ws.has(path)) {
    const before = providersBefore(ws);
    ws.stage(path, printActions({ authClient, before, isExpo }));
  }
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
  const union = `${text} | ${other}`;
  const types = bindsCloser(editor.module, node) ? `(${union})` : union;
  const both = isType ? types : `v.union(${text}, ${other})`;
  editor.edits.update(startOf(node), endOf(node), both);
  return true;
}

// --- internal ---

/** True for a type in an array, an intersection and the like, which would take the last of a union alone. */
function bindsCloser(module: Module, type: Node): boolean {
  const [parent] = nodesAround(module, type);
  if (parent?.type === "TSIndexedAccessType") return parent.objectType === type;
  return parent !== undefined && CLOSER.has(parent.type);
}

const CLOSER: ReadonlySet<string> = new Set<Node["type"]>([
  "TSArrayType",
  "TSIntersectionType",
  "TSOptionalType",
  "TSTypeOperator",
]);

/** The options that sign users in as the providers do. */
function methodsOf({
  hasPassword,
  check,
  social,
  socialOptions,
  codes,
  session,
}: Providers): string {
  // Better Auth's own rule is one about the length.
  const length = check ? ", minPasswordLength: 1" : "";
  const password = codes.verify
    ? `  emailAndPassword: { enabled: true${length}, requireEmailVerification: true },
  emailVerification: { autoSignInAfterVerification: true, sendOnSignIn: true },
`
    : `  emailAndPassword: { enabled: true${length} },\n`;
  const printSocial = (id: string) => `    ${id}: ${socialOptions[id] ?? printClient(id)},\n`;
  return [
    ...(hasPassword ? [password] : []),
    ...(social.length > 0
      ? [`  socialProviders: {\n${social.map(printSocial).join("")}  },\n`]
      : []),
    ...(session === undefined ? [] : [`  ${session},\n`]),
  ].join("");
}

/** The function that lets new passwords pass: its name, and its text where it was written in the options. */
function printCheck(module: Module, check: PasswordCheck) {
  if (check.kind === "none") return undefined;
  if (check.kind === "named") return { name: check.name, printed: "" };
  const name = freeName(module, "checkPassword", new Set());
  return {
    name,
    printed: `// Throws where a new password is not good enough.\nconst ${name} = ${check.code};`,
  };
}

/** auth.ts that asks a function about each new password. */
function withHook(text: string, name: string): string {
  const hook = printPasswordHook(name);
  const at = text.indexOf("  plugins: [");
  const imports = 'import { APIError, createAuthMiddleware } from "better-auth/api";\n';
  return `${imports}${text.slice(0, at)}${hook}${text.slice(at)}`;
}

/** auth.ts whose tokens last as long as before. */
function withJwt(text: string, jwt: string | undefined): string {
  return jwt === undefined ? text : text.replace(/(convex\(\{[^}]*?) \}\)/, `$1, ${jwt} })`);
}

/** Guests keep their rows when they sign in otherwise, as with Convex Auth. */
const GUESTS = "{ disableDeleteAnonymousUser: true }";

/** Takes out the variables that only the list of providers named. */
function leaveVariables({ editor }: Edit, { made }: Providers, statement: Node): Node[] {
  const { module } = editor;
  return [...listBindings(module).values()].flatMap((one) => {
    const isMade = made.some((call) => one.init && unwrap(one.init) === call);
    const isAlone =
      one.statement.type === "VariableDeclaration" && one.statement.declarations.length === 1;
    if (!isMade || !isAlone || hasName(module.program, one.name, [statement, one.statement]))
      return [];
    removeStatement(editor, one.statement);
    return [one.statement];
  });
}

/** auth.ts with the plugin for mailed links, which work for as long as before. */
function withLinks(text: string, { own, maxAge }: MailedLinks): string {
  const { args = "" } = MAGIC_LINK.server;
  const sends = own ? `{ sendMagicLink: ${CARRIED} }` : args;
  const given = sends.replace("{", () => `{ expiresIn: ${maxAge},`);
  return withPlugin(text, MAGIC_LINK, given);
}

/** auth.ts with one more plugin; `args` is undefined for an app without it. */
function withPlugin(text: string, { server }: PluginEntry, args: string | undefined): string {
  if (args === undefined) return text;
  const end = "],\n  telemetry:";
  if (!text.includes(end)) throw new Error("printAuth() ends its plugins otherwise.");
  const added = text.replace(end, () => `, ${server.name}(${args})${end}`);
  return `import { ${server.name} } from "${server.source}";\n${added}`;
}

/** Stands for the author's function, whose text stays as it is. */
const CARRIED = "CARRIED_OVER_FUNCTION";

/** Takes a statement out of the module but for nodes in it, which are written elsewhere. */
function listGone(statement: Node, kept: readonly Node[]): Node[] {
  if (kept.length === 0) return [statement];
  const gone: Node[] = [];
  walk(statement, (node) => {
    if (kept.includes(node)) return false;
    const isAround = kept.some((one) => startOf(node) <= startOf(one) && endOf(one) <= endOf(node));
    if (!isAround) gone.push(node);
    return isAround;
  });
  return gone;
}
