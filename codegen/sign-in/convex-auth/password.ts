// What `Password()` of Convex Auth is given: codes that are mailed, what a user is made of, what a password has to be.
// By syntax; what it cannot read, or what means something else in Better Auth, is named. Edits nothing.
import type { Node, ObjectMember } from "@babel/types";
import {
  endOf,
  functionOf,
  hasName,
  keyOf,
  startOf,
  textOf,
  unwrap,
  type HeldFunction,
  type Module,
} from "../../edit/index.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { readCodeProvider, type MailedCodes } from "./codes.js";
import { PASSWORD_INSTEAD, profileInstead, type ProfileField, type Refusal } from "./instead.js";
import { isOnItsOwn } from "./mail.js";

/** What a new password has to be. */
export type PasswordCheck =
  /** Anything. */
  | { readonly kind: "none" }
  /** What a function of the module lets pass. */
  | { readonly kind: "named"; readonly name: string; readonly node: Node }
  /** What a function lets pass that is written in the options. */
  | { readonly kind: "written"; readonly node: Node; readonly code: string };

/** What is read of it. */
export type ReadPassword = {
  readonly verify?: MailedCodes;
  readonly reset?: MailedCodes;
  readonly check?: PasswordCheck;
  readonly refused: readonly Refusal[];
};

/**
 * Reads its options.
 *
 * @param input.isElsewhere whether another module than auth.ts has them
 */
export function readPassword(
  module: Module,
  input: {
    readonly name: string;
    readonly given: readonly Node[];
    readonly at: Node;
    readonly isElsewhere: boolean;
  },
  read: ModuleReader,
): ReadPassword {
  const { name, given } = input;
  const [first, ...more] = given;
  if (!first) return { refused: [] };
  const options = unwrap(first);
  if (options.type !== "ObjectExpression" || more.length > 0)
    return { refused: [{ what: `the options of ${name}` }] };
  const found: { verify?: MailedCodes; reset?: MailedCodes; check?: PasswordCheck } = {};
  const refused: Refusal[] = [];
  for (const one of options.properties) {
    const key = one.type === "SpreadElement" ? undefined : keyOf(one);
    const refuse = (instead?: string) =>
      refused.push({
        what: `the options of ${name}: ${key ?? textOf(module, one)}`,
        at: { module, node: one, name: `${name}.${key ?? "..."}` },
        instead,
      });
    if (one.type === "SpreadElement" || key === undefined) refuse();
    else if (key === "id" && isOwnId(one)) continue;
    else if (key === "verify" || key === "reset") {
      const mailed =
        one.type === "ObjectProperty" ? readCodeProvider(module, one.value, read) : undefined;
      if (mailed && "codes" in mailed) found[key] = mailed.codes;
      else {
        const why = mailed ? mailed.refused : "kitcn does not see that it mails codes";
        refused.push({ what: `${key} of ${name} (${why})` });
      }
    } else if (key === "profile") {
      const fields = fieldsOfProfile(module, one);
      if (fields !== "as ours") refuse(profileInstead(fields));
    } else if (key === "validatePasswordRequirements") {
      const check = checkOf(module, one, input);
      if (check) found.check = check;
      else refuse(PASSWORD_INSTEAD[key]);
    } else refuse(PASSWORD_INSTEAD[key]);
  }
  return { ...found, refused };
}

// --- internal ---

/** What a provider without the option is called, too. */
function isOwnId(member: ObjectMember): boolean {
  const value = member.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  return value?.type === "StringLiteral" && value.value === "password";
}

/**
 * "as ours" for a profile of the address and the name that the form has, as Better Auth makes a user of it; otherwise the
 * fields of the profile.
 */
function fieldsOfProfile(
  module: Module,
  member: ObjectMember,
): "as ours" | readonly ProfileField[] {
  const fn = functionOf(member);
  const [given] = fn?.params ?? [];
  const made = fn && objectOf(fn);
  if (!fn || !made || fn.async || given?.type !== "Identifier") return [];
  const params = given.name;
  const fields = made.object.properties.map((one) =>
    one.type === "ObjectProperty" ? one : undefined,
  );
  const isOurs = fields.every((one) => {
    if (!one) return false;
    const text = plainTextOf(module, one.value);
    if (keyOf(one) === "email") return FORM_EMAIL(params).test(text);
    return keyOf(one) === "name" && FORM_NAME(params).test(text);
  });
  const named = fields.flatMap((one): ProfileField[] => {
    const name = one && keyOf(one);
    if (!one || name === undefined) return [];
    return [{ name, isGiven: hasName(one.value, params) }];
  });
  const areGuards = made.before.every((one) => isGuard(module, one, params));
  const hasEmail = named.some(({ name }) => name === "email");
  return isOurs && areGuards && hasEmail ? "as ours" : named;
}

const FORM_EMAIL = (params: string) => new RegExp(`^${params}\\.email(\\.toLowerCase\\(\\))?$`);

/** The name, or nothing or the address where the form has none. */
const FORM_NAME = (params: string) =>
  new RegExp(`^${params}\\.name((\\?\\?|\\|\\|)(undefined|null|""|''|${params}\\.email))*$`);

/** Code without its types and brackets. */
function plainTextOf(module: Module, node: Node): string {
  const plain = (inner: Node) => plainTextOf(module, inner);
  const value = unwrap(node);
  if (value.type === "LogicalExpression")
    return `${plain(value.left)}${value.operator}${plain(value.right)}`;
  if (value.type === "MemberExpression" && !value.computed)
    return `${plain(value.object)}.${textOf(module, value.property)}`;
  if (value.type === "CallExpression" && value.arguments.length === 0)
    return `${plain(value.callee)}()`;
  return textOf(module, value);
}

/** `if (typeof params.email !== "string") throw ...`: Better Auth refuses such a sign-up, too. */
function isGuard(module: Module, statement: Node, params: string): boolean {
  if (statement.type !== "IfStatement" || statement.alternate) return false;
  const { consequent } = statement;
  const [only, ...more] = consequent.type === "BlockStatement" ? consequent.body : [consequent];
  const test = textOf(module, statement.test).replaceAll(/\s/g, "").replaceAll("'", '"');
  const isAddress = test === `typeof${params}.email!=="string"` || test === `!${params}.email`;
  return isAddress && only?.type === "ThrowStatement" && more.length === 0;
}

/** What a function returns, and what it does before. */
function objectOf({ body }: HeldFunction) {
  const value = body.type === "BlockStatement" ? body.body.at(-1) : body;
  const returned = value?.type === "ReturnStatement" ? value.argument : value;
  const object = returned ? unwrap(returned) : undefined;
  const before = body.type === "BlockStatement" ? body.body.slice(0, -1) : [];
  return object?.type === "ObjectExpression" ? { object, before } : undefined;
}

/** What lets a password pass; undefined where it is not known. */
function checkOf(
  module: Module,
  member: ObjectMember,
  { at, isElsewhere }: { readonly at: Node; readonly isElsewhere: boolean },
): PasswordCheck | undefined {
  const value = member.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  if (value?.type === "Identifier")
    return isElsewhere || value.name === "undefined"
      ? undefined
      : { kind: "named", name: value.name, node: value };
  const fn = functionOf(member);
  if (!fn || fn.async || fn.generator === true || fn.params.length > 1) return undefined;
  if (fn.body.type === "BlockStatement" && fn.body.body.length === 0) return { kind: "none" };
  const [given] = fn.params;
  if (isElsewhere || given?.type !== "Identifier" || !isOnItsOwn(module, { at, fn }))
    return undefined;
  const body = module.text.slice(startOf(fn.body), endOf(fn.body));
  const isTyped = /\.[cm]?tsx?$/.test(module.path);
  const code = `(${given.name}${isTyped ? ": string" : ""}) => ${fn.body.type === "BlockStatement" ? body : `(${body})`}`;
  return { kind: "written", node: fn, code };
}
