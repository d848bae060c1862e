// What the providers of `convexAuth({ providers })` are: passwords, social accounts, mailed links, and those that kitcn
// cannot carry over, each by its name. By syntax; edits nothing.
import type { CallExpression, Node } from "@babel/types";
import { keyOf, textOf, unwrap, type Module } from "../edit/index.js";
import { findPackageName } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { openReadable } from "../modules/readable.js";
import { importedBy, listCalls } from "../patch/calls.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import {
  EMAIL_PROVIDER,
  MAIL_PROVIDERS,
  readMailProvider,
  RESEND_PROVIDER,
  USE_CODES,
  USE_LINKS,
  type MailedLinks,
} from "./convex-auth-mail.js";
import { readCodeProvider, type MailedCodes } from "./convex-auth-codes.js";
import { libraryOf, CONVEX_AUTH } from "./libraries.js";

/** The ways to sign in of a call. */
export type Providers = {
  readonly hasPassword: boolean;
  /** Names that both libraries have. */
  readonly social: readonly string[];
  readonly links: MailedLinks | undefined;
  readonly codes: Codes;
  /** What kitcn cannot carry over, each as a part of a sentence. */
  readonly refused: readonly string[];
};

/** What mails codes, by what they are for: a sign-in, an address that is not confirmed, a new password. */
export type Codes = {
  readonly signIn?: MailedCodes | undefined;
  readonly verify?: MailedCodes | undefined;
  readonly reset?: MailedCodes | undefined;
};

/**
 * Reads the options of `convexAuth()`.
 *
 * @param read gives the modules of the app, for providers that are written in one of their own
 */
export function readProviders(
  module: Module,
  call: CallExpression,
  read: ModuleReader = () => undefined,
): Providers {
  const options = call.arguments[0] && unwrap(call.arguments[0]);
  if (options?.type !== "ObjectExpression") return refusing("its options are not written out");
  const others = options.properties.filter((one) => keyOf(one) !== "providers");
  const member = options.properties.find((one) => keyOf(one) === "providers");
  const list = member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  if (list?.type !== "ArrayExpression") return refusing("its providers are not a list");
  const all: One[] = list.elements.map((one) => (one ? readOne(module, one, read) : {}));
  const links = all.flatMap((one) => one.links ?? []);
  const signIns = all.flatMap((one) => one.codes?.signIn ?? []);
  const codes: Codes = {
    signIn: signIns[0],
    verify: all.find((one) => one.codes?.verify)?.codes?.verify,
    reset: all.find((one) => one.codes?.reset)?.codes?.reset,
  };
  const ages = new Set(listCodes(codes).map(({ maxAge }) => maxAge));
  return {
    hasPassword: all.some((one) => one.isPassword),
    social: all.flatMap((one) => one.social ?? []),
    links: links[0],
    codes,
    refused: [
      ...all.flatMap((one) => one.refused ?? []),
      ...others.map((one) => `the option ${keyOf(one) ?? textOf(module, one)}`),
      ...links.slice(1).map(({ id }) => `${id} (kitcn moves one provider with links)`),
      ...signIns.slice(1).map(({ id }) => `${id} (kitcn moves one provider with codes)`),
      ...(ages.size > 1
        ? [`codes that work for ${[...ages].join(" and ")} seconds (${ONE_AGE})`]
        : []),
    ],
  };
}

/** Each provider of codes once. */
export function listCodes({ signIn, verify, reset }: Codes): MailedCodes[] {
  const all = [signIn, verify, reset].flatMap((one) => one ?? []);
  return all.filter((one, at) => all.findIndex((other) => isSameCodes(one, other)) === at);
}

/** True for one provider, be it named twice. */
export function isSameCodes(one: MailedCodes, other: MailedCodes): boolean {
  return one.module.path === other.module.path && one.call.start === other.call.start;
}

/** The ways to sign in of an app that is moved, by its auth.ts before the run. */
export function providersBefore(ws: Workspace): Providers | undefined {
  const path = findFunctionsModule(ws, "auth");
  const text = path === undefined ? undefined : ws.onDisk(path);
  if (path === undefined || text === undefined) return undefined;
  const module = ws.parse(text, path);
  const read = openBefore(ws);
  const call = listCalls(module).find(({ callee }) => {
    const name = findPackageName(module, textOf(module, callee), read);
    return name?.name === "convexAuth" && libraryOf(name.source) === CONVEX_AUTH;
  });
  return call && readProviders(module, call, read);
}

/** Gives the modules of the app as they were before the run. */
export function openBefore(ws: Workspace): ModuleReader {
  const staged = openReadable(ws);
  return (specifier, importer) => {
    const found = staged(specifier, importer);
    const before = found && ws.onDisk(found.path);
    return found && before !== undefined ? ws.parse(before, found.path) : found;
  };
}

/** The mailed links among them. */
export function linksBefore(ws: Workspace): MailedLinks | undefined {
  return providersBefore(ws)?.links;
}

// --- internal ---

const PASSWORD = "@convex-dev/auth/providers/Password";

/** Those that both libraries call the same, with a client id and a secret. */
const SOCIAL =
  /^@auth\/core\/providers\/(discord|dropbox|facebook|figma|github|gitlab|google|kakao|line|linkedin|naver|notion|reddit|slack|spotify|tiktok|twitch|twitter|vk|zoom)$/;

type One = {
  readonly isPassword?: boolean;
  readonly social?: string;
  readonly links?: MailedLinks;
  readonly codes?: Codes;
  readonly refused?: string;
};

function refusing(reason: string): Providers {
  return { hasPassword: false, social: [], links: undefined, codes: {}, refused: [reason] };
}

function readOne(module: Module, element: Node, read: ModuleReader): One {
  const mailed = readCodeProvider(module, element, read);
  if (mailed && "codes" in mailed) return { codes: { signIn: mailed.codes } };
  const made = unwrap(element);
  const callee = made.type === "CallExpression" ? made.callee : made;
  const given = made.type === "CallExpression" ? made.arguments : [];
  const name = textOf(module, callee);
  const source = importedBy(module, callee)?.source;
  if (mailed) return { refused: `${name} (${mailed.refused})` };
  const [options, ...more] = given;
  if (source === RESEND_PROVIDER || source === EMAIL_PROVIDER) {
    if (made.type !== "CallExpression" && source === EMAIL_PROVIDER)
      return { refused: `${name} (${USE_CODES})` };
    if (more.length > 0) return { refused: `${name} (its options are not written out)` };
    const links = readMailProvider(module, {
      at: made,
      source,
      ...(options && { options: unwrap(options) }),
    });
    return "links" in links ? links : { refused: `${name} (${links.refused})` };
  }
  if (source === undefined || /^[.~@#]*\//.test(source))
    return {
      refused: `${name} (kitcn reads providers in the list alone; if it sends mail: ${USE_LINKS}, and for codes email-otp instead)`,
    };
  if (MAIL_PROVIDERS.test(source)) return { refused: `${name} (it sends mail: ${USE_LINKS})` };
  const social = SOCIAL.exec(source)?.[1];
  if (source !== PASSWORD && social === undefined) return { refused: name };
  if (source === PASSWORD && options) return readPassword(module, { name, given }, read);
  if (given.length > 0) return { refused: `the options of ${name}` };
  return social === undefined ? { isPassword: true } : { social };
}

/** `Password({ verify, reset })`, whose mails hold codes. */
function readPassword(
  module: Module,
  { name, given }: { readonly name: string; readonly given: readonly Node[] },
  read: ModuleReader,
): One {
  const [first, ...more] = given;
  const options = first && unwrap(first);
  if (options?.type !== "ObjectExpression" || more.length > 0)
    return { refused: `the options of ${name}` };
  const codes: { verify?: MailedCodes; reset?: MailedCodes } = {};
  for (const one of options.properties) {
    const key = keyOf(one);
    if (one.type !== "ObjectProperty" || (key !== "verify" && key !== "reset"))
      return { refused: `the options of ${name}: ${key ?? textOf(module, one)}` };
    const mailed = readCodeProvider(module, one.value, read);
    if (!mailed) return { refused: `${key} of ${name} (kitcn does not see that it mails codes)` };
    if ("refused" in mailed) return { refused: `${key} of ${name} (${mailed.refused})` };
    codes[key] = mailed.codes;
  }
  return { isPassword: true, codes };
}

/** emailOTP() has one option for all. */
const ONE_AGE = "kitcn moves codes that all work for the same time: give them one maxAge";
