// What the providers of `convexAuth({ providers })` are: passwords, social accounts, mailed links, and those that kitcn
// cannot carry over, each by its name. By syntax; edits nothing.
import type { CallExpression, Node } from "@babel/types";
import { keyOf, textOf, unwrap, type Module } from "../../edit/index.js";
import { findPackageName } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { openReadable } from "../../modules/readable.js";
import { importedBy, listCalls } from "../../patch/calls.js";
import { findFunctionsModule } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";
import {
  EMAIL_PROVIDER,
  MAIL_PROVIDERS,
  readMailProvider,
  RESEND_PROVIDER,
  USE_CODES,
  USE_LINKS,
} from "./mail.js";
import { callBehind, readCodeProvider, type MailedCodes } from "./codes.js";
import { PROVIDER_INSTEAD, socialInstead, withSharedOptions, type Refusal } from "./instead.js";
import { readOptions } from "./options.js";
import { readPassword, type PasswordCheck } from "./password.js";
import { libraryOf, CONVEX_AUTH } from "../common/libraries.js";
import type { MailedLinks } from "../common/types.js";

/** The ways to sign in of a call. */
export type Providers = {
  readonly hasPassword: boolean;
  /** What new passwords have to be; undefined for Convex Auth's own rule, which is Better Auth's. */
  readonly check: PasswordCheck | undefined;
  readonly isAnonymous: boolean;
  /** Names that both libraries have. */
  readonly social: readonly string[];
  /** How providers of that name are set up, as code, where that is written out. */
  readonly socialOptions: Readonly<Record<string, string>>;
  readonly links: MailedLinks | undefined;
  readonly codes: Codes;
  /** How long sessions and tokens last, as options of defineAuth() and of convex(). */
  readonly session: string | undefined;
  readonly jwt: string | undefined;
  /** Calls that make a provider, beside the list. */
  readonly made: readonly CallExpression[];
  /** What kitcn cannot carry over, each as a part of a sentence. */
  readonly refused: readonly string[];
  /** Those of them that have a place of their own. */
  readonly refusals: readonly Refusal[];
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
  const others = readOptions(module, options);
  const refusals = withSharedOptions([
    ...all.flatMap((one) => one.refusals ?? []),
    ...others.refused,
  ]);
  return {
    ...NONE,
    hasPassword: all.some((one) => one.isPassword),
    check: all.find((one) => one.check)?.check,
    isAnonymous: all.some((one) => one.isAnonymous),
    social: all.flatMap((one) => one.social ?? []),
    socialOptions: Object.fromEntries(
      all.flatMap((one) => Object.entries(one.socialOptions ?? {})),
    ),
    links: links[0],
    codes,
    session: others.session,
    jwt: others.jwt,
    made: all.flatMap((one) => one.made ?? []),
    refusals,
    refused: [
      ...all.flatMap((one) => one.refused ?? []),
      ...refusals.map(({ what }) => what),
      ...(all.filter((one) => one.isPassword).length > 1
        ? ["a second Password (Better Auth has one way to sign in with a password)"]
        : []),
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

const ANONYMOUS = "@convex-dev/auth/providers/Anonymous";

/** Convex Auth's own that Better Auth has no equal for. */
const OWN = /^@convex-dev\/auth\/providers\/(Phone|ConvexCredentials)$/;

type One = {
  readonly isPassword?: boolean;
  readonly isAnonymous?: boolean;
  readonly check?: PasswordCheck | undefined;
  readonly social?: string;
  readonly socialOptions?: Readonly<Record<string, string>>;
  readonly links?: MailedLinks;
  readonly codes?: Codes;
  readonly made?: CallExpression;
  readonly refused?: string;
  readonly refusals?: readonly Refusal[];
};

const NONE: Providers = {
  ...{ hasPassword: false, check: undefined, isAnonymous: false, social: [], socialOptions: {} },
  ...{ links: undefined, codes: {}, session: undefined, jwt: undefined },
  ...{ made: [], refused: [], refusals: [] },
};

function refusing(reason: string): Providers {
  return { ...NONE, refused: [reason] };
}

function readOne(list: Module, element: Node, read: ModuleReader): One {
  const mailed = readCodeProvider(list, element, read);
  if (mailed && "codes" in mailed) return { codes: { signIn: mailed.codes } };
  const here = unwrap(element);
  const behind = here.type === "CallExpression" ? undefined : callBehind(list, here, read);
  const isKnown = behind && isReadAnywhere(importedBy(behind.module, behind.call.callee)?.source);
  const module = isKnown ? behind.module : list;
  const made = isKnown ? behind.call : here;
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
  const shared = behind && isKnown && module.path === list.path ? { made: behind.call } : {};
  const social = SOCIAL.exec(source)?.[1];
  if (social !== undefined)
    return { ...shared, ...readSocial(module, { id: social, name, given }) };
  if (source === ANONYMOUS) return { ...shared, ...readAnonymous(module, { name, given }) };
  if (source === PASSWORD) {
    const isElsewhere = module.path !== list.path;
    const password = readPassword(module, { name, given, at: made, isElsewhere }, read);
    const { verify, reset, check, refused } = password;
    const codes = { ...(verify && { verify }), ...(reset && { reset }) };
    return { ...shared, isPassword: true, check, codes, refusals: refused };
  }
  const instead = OWN.test(source) ? PROVIDER_INSTEAD[OWN.exec(source)?.[1] ?? ""] : undefined;
  if (instead === undefined) return { refused: name };
  return { refusals: [{ what: name, at: { module, node: made, name }, instead }] };
}

/** Those that may have a name in another place than the list. */
function isReadAnywhere(source: string | undefined): boolean {
  return (
    source !== undefined && (source === PASSWORD || source === ANONYMOUS || SOCIAL.test(source))
  );
}

function readAnonymous(
  module: Module,
  { name, given }: { readonly name: string; readonly given: readonly Node[] },
): One {
  const [node] = given;
  const isAnonymous = true;
  if (!node) return { isAnonymous };
  const instead = PROVIDER_INSTEAD["Anonymous.profile"];
  return {
    isAnonymous,
    refusals: [{ what: `the options of ${name}`, at: { module, node, name }, instead }],
  };
}

/** `GitHub({ clientId, clientSecret })`, from variables. */
function readSocial(
  module: Module,
  {
    id,
    name,
    given,
  }: { readonly id: string; readonly name: string; readonly given: readonly Node[] },
): One {
  const [first] = given;
  const options = first && unwrap(first);
  if (!options) return { social: id };
  if (options.type !== "ObjectExpression" || given.length > 1)
    return { refused: `the options of ${name}` };
  const values: Record<string, string> = {};
  const refusals: Refusal[] = [];
  for (const one of options.properties) {
    const key = one.type === "SpreadElement" ? undefined : keyOf(one);
    const value = one.type === "ObjectProperty" ? textOf(module, unwrap(one.value)) : "";
    if ((key === "clientId" || key === "clientSecret") && /^process\.env\.\w+$/.test(value)) {
      values[key] = value;
      continue;
    }
    const what = `the options of ${name}: ${key ?? textOf(module, one)}`;
    const at = { module, node: one, name: `${name}.${key ?? "..."}` };
    refusals.push({
      what,
      at,
      instead: key === undefined ? undefined : socialInstead(id, key, value),
    });
  }
  const { clientId, clientSecret } = { ...variablesOf(id), ...values };
  const socialOptions = { [id]: printClient(id, { clientId, clientSecret }) };
  return { social: id, socialOptions, refusals };
}

/** The options of a social provider, with the variables that the other library reads. */
export function printClient(id: string, { clientId, clientSecret } = variablesOf(id)): string {
  // Better Auth has TikTok's own name for it.
  const name = id === "tiktok" ? "clientKey" : "clientId";
  return `{ ${name}: ${clientId}!, clientSecret: ${clientSecret}! }`;
}

/** The variables that Convex Auth reads by itself. */
function variablesOf(id: string) {
  const name = `process.env.AUTH_${id.toUpperCase()}`;
  return { clientId: `${name}_ID`, clientSecret: `${name}_SECRET` };
}

/** emailOTP() has one option for all. */
const ONE_AGE = "kitcn moves codes that all work for the same time: give them one maxAge";
