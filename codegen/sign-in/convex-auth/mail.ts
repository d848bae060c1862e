// A provider of Convex Auth that mails links, in a list of providers: what it is called, how long its links work, who
// sends them. By syntax; what it cannot read is named with a reason. Edits nothing.
import type { Node, ObjectMember } from "@babel/types";
import {
  endOf,
  functionOf,
  keyOf,
  startOf,
  textOf,
  unwrap,
  walk,
  type HeldFunction,
  type Module,
} from "../../edit/index.js";
import { statementOf } from "../../patch/calls.js";
import type { MailedLinks } from "../common/types.js";

/** What is read of one provider. */
export type MailProvider = { readonly links: MailedLinks } | { readonly refused: string };

/** Auth.js's provider of Resend. */
export const RESEND_PROVIDER = "@auth/core/providers/resend";

/** Convex Auth's own, whose author sends. */
export const EMAIL_PROVIDER = "@convex-dev/auth/providers/Email";

/** Providers whose mails kitcn does not write. */
export const MAIL_PROVIDERS =
  /^@auth\/core\/providers\/(email|forwardemail|loops|mailgun|mailjet|nodemailer|postmark|sendgrid)$/;

/** What takes the place of a provider that mails links. */
export const USE_LINKS =
  "for links, add `npx kitcn add plugin magic-link` and `npx kitcn add email` after the move";

/** What takes the place of one that mails codes. */
export const USE_CODES =
  "it sends codes: add `npx kitcn add plugin email-otp` and `npx kitcn add email` after the move";

/**
 * Reads a provider that was found in the list.
 *
 * @param input.source the module that it comes from: `RESEND_PROVIDER` or `EMAIL_PROVIDER`
 * @param input.options its argument, where it has one
 */
export function readMailProvider(
  module: Module,
  input: { readonly at: Node; readonly source: string; readonly options?: Node },
): MailProvider {
  const isEmail = input.source === EMAIL_PROVIDER;
  const members = input.options ? membersOf(input.options) : new Map<string, ObjectMember>();
  if (!members) return { refused: "its options are not written out" };
  if (members.has("generateVerificationToken")) return { refused: USE_CODES };
  // Without this, the mail's receiver types the token.
  if (isEmail && !isUndefined(valueOf(members, "authorize"))) return { refused: USE_CODES };
  const unknown = [...members.keys()].find((key) => !KNOWN.has(key));
  if (unknown !== undefined) return { refused: `kitcn does not know its option ${unknown}` };
  const id = readId(members, isEmail);
  const maxAge = readMaxAge(module, members, isEmail);
  if (id === undefined || maxAge === undefined)
    return { refused: "its id or maxAge is not written out" };
  const sends = members.get("sendVerificationRequest");
  if (isEmail && !sends) return { refused: "it has no sendVerificationRequest" };
  const own = sends && carriedFunction(module, { at: input.at, member: sends });
  if (sends && !own)
    return {
      refused: `kitcn carries its sendVerificationRequest over only where that takes identifier and url; ${USE_LINKS}`,
    };
  const sender = readSender(module, { members, id });
  if (!own && !sender) return { refused: "kitcn cannot read its apiKey or its from" };
  const { key, from } = sender ?? { key: "", from: "" };
  return { links: { id, maxAge, own, key, from } };
}

/** What `signIn()` is called with; undefined where that is not written out. */
export function readId(
  members: ReadonlyMap<string, ObjectMember>,
  isEmail: boolean,
): string | undefined {
  if (!members.has("id")) return isEmail ? "email" : "resend";
  const value = valueOf(members, "id");
  return value?.type === "StringLiteral" ? value.value : undefined;
}

/** How many seconds mails work: numbers, and products and sums of them. Undefined for other code. */
export function readMaxAge(
  module: Module,
  members: ReadonlyMap<string, ObjectMember>,
  isEmail: boolean,
): string | undefined {
  if (!members.has("maxAge")) return isEmail ? "60 * 60" : "60 * 60 * 24";
  const value = valueOf(members, "maxAge");
  const text = value && textOf(module, value);
  return text !== undefined && /^[\d_\s*+()]+$/.test(text) ? text : undefined;
}

/** False for a function that needs its object, or what the statement around it declares. */
export function isOnItsOwn(
  module: Module,
  { at, fn }: { readonly at: Node; readonly fn: HeldFunction },
): boolean {
  const names = declaredWith(module, at);
  let isAlone = true;
  walk(fn, (node) => {
    if (node.type === "ThisExpression" || node.type === "Super") isAlone = false;
    if (node.type === "Identifier" && (node.name === "arguments" || names.has(node.name)))
      isAlone = false;
  });
  return isAlone;
}

// --- internal ---

const KNOWN: ReadonlySet<string> = new Set([
  "id",
  "name",
  "apiKey",
  "from",
  "maxAge",
  "authorize",
  "sendVerificationRequest",
]);

/** Undefined where a member has no name. */
function membersOf(options: Node): Map<string, ObjectMember> | undefined {
  const members = new Map<string, ObjectMember>();
  if (options.type !== "ObjectExpression") return undefined;
  for (const one of options.properties) {
    const key = keyOf(one);
    if (one.type === "SpreadElement" || key === undefined) return undefined;
    members.set(key, one);
  }
  return members;
}

function valueOf(members: ReadonlyMap<string, ObjectMember>, name: string): Node | undefined {
  const member = members.get(name);
  return member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
}

function isUndefined(node: Node | undefined): boolean {
  return node?.type === "Identifier" && node.name === "undefined";
}

/** With which key Resend sends, and as whom; undefined where code says so that kitcn does not read. */
function readSender(
  module: Module,
  { members, id }: { readonly members: ReadonlyMap<string, ObjectMember>; readonly id: string },
): Pick<MailedLinks, "key" | "from"> | undefined {
  const apiKey = valueOf(members, "apiKey");
  const key = members.has("apiKey")
    ? apiKey && PROCESS_ENV.exec(textOf(module, apiKey))?.[1]
    : `AUTH_${id.toUpperCase().replaceAll("-", "_")}_KEY`;
  if (key === undefined) return undefined;
  // The library replaces the address of the provider's own default.
  if (!members.has("from")) return { key, from: id === "resend" ? DEFAULT_FROM : FROM };
  const from = valueOf(members, "from");
  return from && isPlain(module, from) ? { key, from: textOf(module, from) } : undefined;
}

const PROCESS_ENV = /^process\.env\.(\w+)$/;
const FROM = "process.env.EMAIL_FROM";
const DEFAULT_FROM = `${FROM} ?? "My App <onboarding@resend.dev>"`;

/** A text, a variable, or one of them where the other is missing. */
function isPlain(module: Module, value: Node): boolean {
  const node = unwrap(value);
  if (node.type === "StringLiteral") return true;
  if (node.type === "LogicalExpression" && node.operator !== "&&")
    return isPlain(module, node.left) && isPlain(module, node.right);
  return PROCESS_ENV.test(textOf(module, node));
}

/** `sendVerificationRequest({ identifier, url })` as magicLink()'s function; undefined where it needs more. */
function carriedFunction(
  module: Module,
  { at, member }: { readonly at: Node; readonly member: ObjectMember },
): MailedLinks["own"] {
  const fn = functionOf(member);
  if (!fn || fn.generator === true) return undefined;
  const [given, ...others] = fn.params;
  if (given?.type !== "ObjectPattern" || others.length > 0) return undefined;
  const names = given.properties.map((one) => {
    if (one.type !== "ObjectProperty" || one.value.type !== "Identifier") return undefined;
    const key = keyOf(one);
    const ours = key === undefined ? undefined : TAKEN[key];
    if (ours === undefined) return undefined;
    return one.value.name === ours ? ours : `${ours}: ${one.value.name}`;
  });
  if (names.includes(undefined) || !isOnItsOwn(module, { at, fn })) return undefined;
  const body = module.text.slice(startOf(fn.body), endOf(fn.body));
  const isBlock = fn.body.type === "BlockStatement";
  const code = `${fn.async ? "async " : ""}({ ${names.join(", ")} }) => ${isBlock ? body : `(${body})`}`;
  return { node: fn, code };
}

/** What magicLink() gives under another name. */
const TAKEN: Readonly<Record<string, string>> = { identifier: "email", url: "url" };

/** The names of the statement that goes: `const { auth, signIn } = convexAuth(...)`. */
function declaredWith(module: Module, at: Node): ReadonlySet<string> {
  const names = new Set<string>();
  const statement = statementOf(module, at);
  const declaration =
    statement?.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type !== "VariableDeclaration") return names;
  for (const { id } of declaration.declarations)
    walk(id, (node) => {
      if (node.type === "Identifier") names.add(node.name);
    });
  return names;
}
