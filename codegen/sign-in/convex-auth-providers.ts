// What the providers of `convexAuth({ providers })` are: passwords, social accounts, mailed links, and those that kitcn
// cannot carry over, each by its name. By syntax; edits nothing.
import type { CallExpression, Node } from "@babel/types";
import { keyOf, textOf, unwrap, type Module } from "../edit/index.js";
import { findPackageName } from "../modules/names.js";
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
import { libraryOf, CONVEX_AUTH } from "./libraries.js";
import { openReadable } from "./roots.js";

/** The ways to sign in of a call. */
export type Providers = {
  readonly hasPassword: boolean;
  /** Names that both libraries have. */
  readonly social: readonly string[];
  readonly links: MailedLinks | undefined;
  /** What kitcn cannot carry over, each as a part of a sentence. */
  readonly refused: readonly string[];
};

/** Reads the options of `convexAuth()`. */
export function readProviders(module: Module, call: CallExpression): Providers {
  const options = call.arguments[0] && unwrap(call.arguments[0]);
  if (options?.type !== "ObjectExpression") return refusing("its options are not written out");
  const others = options.properties.filter((one) => keyOf(one) !== "providers");
  const member = options.properties.find((one) => keyOf(one) === "providers");
  const list = member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
  if (list?.type !== "ArrayExpression") return refusing("its providers are not a list");
  const all: One[] = list.elements.map((one) => (one ? readOne(module, one) : {}));
  const links = all.flatMap((one) => one.links ?? []);
  return {
    hasPassword: all.some((one) => one.isPassword),
    social: all.flatMap((one) => one.social ?? []),
    links: links[0],
    refused: [
      ...all.flatMap((one) => one.refused ?? []),
      ...others.map((one) => `the option ${keyOf(one) ?? textOf(module, one)}`),
      ...links.slice(1).map(({ id }) => `${id} (kitcn moves one provider with links)`),
    ],
  };
}

/** The mailed links of an app that is moved, by its auth.ts before the run. */
export function linksBefore(ws: Workspace): MailedLinks | undefined {
  const path = findFunctionsModule(ws, "auth");
  const text = path === undefined ? undefined : ws.onDisk(path);
  if (path === undefined || text === undefined) return undefined;
  const module = ws.parse(text, path);
  const read = openReadable(ws);
  const call = listCalls(module).find(({ callee }) => {
    const name = findPackageName(module, textOf(module, callee), read);
    return name?.name === "convexAuth" && libraryOf(name.source) === CONVEX_AUTH;
  });
  return call && readProviders(module, call).links;
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
  readonly refused?: string;
};

function refusing(reason: string): Providers {
  return { hasPassword: false, social: [], links: undefined, refused: [reason] };
}

function readOne(module: Module, element: Node): One {
  const made = unwrap(element);
  const callee = made.type === "CallExpression" ? made.callee : made;
  const given = made.type === "CallExpression" ? made.arguments : [];
  const name = textOf(module, callee);
  const source = importedBy(module, callee)?.source;
  const [options, ...more] = given;
  if (source === RESEND_PROVIDER || source === EMAIL_PROVIDER) {
    if (made.type !== "CallExpression" && source === EMAIL_PROVIDER)
      return { refused: `${name} (${USE_CODES})` };
    if (more.length > 0) return { refused: `${name} (its options are not written out)` };
    const read = readMailProvider(module, {
      at: made,
      source,
      ...(options && { options: unwrap(options) }),
    });
    return "links" in read ? read : { refused: `${name} (${read.refused})` };
  }
  if (source === undefined || /^[.~@#]*\//.test(source))
    return {
      refused: `${name} (kitcn reads providers in the list alone; if it sends mail: ${USE_LINKS}, and for codes email-otp instead)`,
    };
  if (MAIL_PROVIDERS.test(source)) return { refused: `${name} (it sends mail: ${USE_LINKS})` };
  const social = SOCIAL.exec(source)?.[1];
  if (source !== PASSWORD && social === undefined) return { refused: name };
  if (given.length > 0) return { refused: `the options of ${name}` };
  return social === undefined ? { isPassword: true } : { social };
}
