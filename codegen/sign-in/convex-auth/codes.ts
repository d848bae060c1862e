// Providers of Convex Auth that mail codes: where they are written, and what of them Better Auth's emailOTP() takes over.
// By syntax; what it cannot read is named with a reason. edit-codes.ts edits them.
import type { CallExpression, Node, ObjectExpression, ObjectMember } from "@babel/types";
import {
  functionOf,
  isFunction,
  keyOf,
  listBindings,
  listExports,
  startOf,
  textOf,
  unwrap,
  walk,
  type HeldFunction,
  type Module,
} from "../../edit/index.js";
import { importOf } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { importedBy } from "../../patch/calls.js";
import {
  EMAIL_PROVIDER,
  isOnItsOwn,
  readId,
  readMaxAge,
  RESEND_PROVIDER,
  USE_CODES,
} from "./mail.js";
import { mentionsOf } from "../common/references.js";

/** A provider whose mails hold a code. */
export type MailedCodes = {
  /** What `signIn()` is called with. */
  readonly id: string;
  /** How many seconds a code works, as code. */
  readonly maxAge: string;
  /** Where the provider is written. */
  readonly module: Module;
  readonly call: CallExpression;
  readonly options: ObjectExpression;
  readonly makes: Member;
  readonly sends: Member & { readonly taken: readonly Taken[] };
  /** What its functions read of the provider, and where. */
  readonly reads: readonly Read[];
  /** What the list of providers has: the call, or the name of a variable. */
  readonly element: Node;
};

/** A member of the options that is a function. */
export type Member = { readonly member: ObjectMember; readonly fn: HeldFunction };

/** What sendVerificationRequest() takes: by Better Auth's name, and by the function's own. */
export type Taken = { readonly ours: "email" | "otp"; readonly local: string };

/** Code in a function that becomes other code. `option`: the option of the provider that the new code repeats. */
export type Read = { readonly node: Node; readonly text: string; readonly option?: Node };

/** What is read of one provider. */
export type CodeProvider = { readonly codes: MailedCodes } | { readonly refused: string };

/** The provider that an element of a list is, if it mails codes; undefined for any other. */
export function readCodeProvider(
  module: Module,
  element: Node,
  read: ModuleReader,
): CodeProvider | undefined {
  const made = callBehind(module, element, read);
  const source = made && importedBy(made.module, made.call.callee)?.source;
  if (!made || (source !== RESEND_PROVIDER && source !== EMAIL_PROVIDER)) return undefined;
  const [given, ...more] = made.call.arguments;
  const options = given && unwrap(given);
  if (options?.type !== "ObjectExpression" || more.length > 0) return undefined;
  const members = new Map(options.properties.map((one) => [keyOf(one), one]));
  const makes = members.get("generateVerificationToken");
  if (!makes) return undefined;
  const sends = members.get("sendVerificationRequest");
  if (!sends) return { refused: USE_CODES };
  const unknown = options.properties.find((one) => !KNOWN.has(keyOf(one) ?? ""));
  if (unknown)
    return refusing(
      `kitcn does not know its option ${keyOf(unknown) ?? textOf(made.module, unknown)}`,
    );
  const isEmail = source === EMAIL_PROVIDER;
  const named = namedMembers(options);
  const id = readId(named, isEmail);
  const maxAge = readMaxAge(made.module, named, isEmail);
  if (id === undefined || maxAge === undefined)
    return refusing("its id or maxAge is not written out");
  const maker = ownFunctionOf(made, makes);
  if (!maker || !makesAtOnce(made.module, maker.fn, read)) return refusing(MAKES);
  const sender = ownFunctionOf(made, sends);
  const taken = sender && takenBy(sender.fn);
  const reads = sender && readsIn({ module: made.module, named, id, maxAge }, sender.fn);
  if (!taken || !reads) return refusing(SENDS);
  const { call } = made;
  return {
    codes: {
      ...{ id, maxAge, module: made.module, call, options, element },
      ...{ makes: maker, sends: { ...sender, taken }, reads },
    },
  };
}

/** True for a call that makes such a provider. */
export function mailsCodes(module: Module, call: CallExpression): boolean {
  const found = readCodeProvider(module, call, () => undefined);
  return found !== undefined && "codes" in found;
}

/** True for a provider that is written in its list. */
export function isInList({ element, call }: MailedCodes): boolean {
  return unwrap(element) === call;
}

/** A call, and the module that it is in. */
export type Made = { readonly module: Module; readonly call: CallExpression };

/** The call itself, or that of the variable which a name leads to, here or in another module of the app. */
export function callBehind(
  module: Module,
  node: Node,
  read: ModuleReader,
  depth = 0,
): Made | undefined {
  const here = unwrap(node);
  if (here.type === "CallExpression") return { module, call: here };
  if (here.type !== "Identifier" || depth > MAX_DEPTH) return undefined;
  const init = listBindings(module).get(here.name)?.init;
  if (init) return callBehind(module, init, read, depth + 1);
  const imported = importOf(module, here.name);
  return imported && exportedCall(module, imported, read, depth + 1);
}

// --- internal ---

const KNOWN: ReadonlySet<string> = new Set([
  "id",
  "name",
  "apiKey",
  "from",
  "maxAge",
  "generateVerificationToken",
  "sendVerificationRequest",
]);

const MAKES =
  "its generateVerificationToken is to be written out in the options, without parameters, `this` and `await`";

const SENDS =
  "its sendVerificationRequest is to be written out in the options, and to take `{ identifier, token, expires, provider }` or some of these, with `provider.apiKey` and `provider.from` alone";

function refusing(reason: string): CodeProvider {
  return { refused: `it sends codes, and kitcn cannot carry them over: ${reason}` };
}

/** Names may go in circles. */
const MAX_DEPTH = 8;

function exportedCall(
  importer: Module,
  { source, name }: { readonly source: string; readonly name: string },
  read: ModuleReader,
  depth: number,
): Made | undefined {
  const home = read(source, importer);
  const [found] = home ? listExports(home, name) : [];
  if (!home || !found || depth > MAX_DEPTH) return undefined;
  if (found.kind === "from") return exportedCall(home, found, read, depth + 1);
  if (found.kind === "expression") return callBehind(home, found.node, read, depth + 1);
  const init = listBindings(home).get(found.local)?.init;
  if (init) return callBehind(home, init, read, depth + 1);
  const imported = importOf(home, found.local);
  return imported && exportedCall(home, imported, read, depth + 1);
}

function namedMembers(options: ObjectExpression): Map<string, ObjectMember> {
  return new Map(
    options.properties.flatMap((one): [string, ObjectMember][] => {
      const key = keyOf(one);
      return one.type === "SpreadElement" || key === undefined ? [] : [[key, one]];
    }),
  );
}

/** A function that is written out, and needs nothing of the call that it is in. */
function ownFunctionOf({ module, call }: Made, member: Node): Member | undefined {
  if (member.type !== "ObjectProperty" && member.type !== "ObjectMethod") return undefined;
  const fn = functionOf(member);
  if (!fn || fn.generator === true) return undefined;
  return isOnItsOwn(module, { at: call, fn }) ? { member, fn } : undefined;
}

/** Better Auth asks for a code, and does not wait for it. */
function makesAtOnce(module: Module, fn: HeldFunction, read: ModuleReader): boolean {
  let isAtOnce = fn.params.length === 0;
  walk(fn.body, (node) => {
    if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await))
      isAtOnce = false;
    if (node.type === "CallExpression" && isAsync(module, node.callee, read)) isAtOnce = false;
    return node.type !== "FunctionDeclaration";
  });
  return isAtOnce;
}

/** True for a function of the app that is declared so. */
function isAsync(module: Module, callee: Node, read: ModuleReader): boolean {
  if (callee.type !== "Identifier") return false;
  const imported = importOf(module, callee.name);
  const home = imported ? read(imported.source, module) : module;
  const found = home && listBindings(home).get(imported?.name ?? callee.name);
  if (!found) return false;
  if (found.init) return isFunction(found.init) && found.init.async === true;
  const { statement } = found;
  const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  return declared?.type === "FunctionDeclaration" && declared.async;
}

/** Undefined where it takes more than emailOTP() gives. */
function takenBy({ params }: HeldFunction): Taken[] | undefined {
  const [given, ...others] = params;
  if (given?.type !== "ObjectPattern" || others.length > 0) return undefined;
  const taken: Taken[] = [];
  for (const one of given.properties) {
    const key = one.type === "ObjectProperty" ? keyOf(one) : undefined;
    if (one.type !== "ObjectProperty" || one.value.type !== "Identifier") return undefined;
    const ours = OURS[key ?? ""];
    if (ours) taken.push({ ours, local: one.value.name });
    else if (key !== "expires" && key !== "provider") return undefined;
  }
  return taken;
}

const OURS: Readonly<Record<string, Taken["ours"]>> = { identifier: "email", token: "otp" };

type Options = {
  readonly module: Module;
  readonly named: ReadonlyMap<string, ObjectMember>;
  readonly id: string;
  readonly maxAge: string;
};

/** What `expires` and the members of `provider` are without the provider; undefined for what cannot be said. */
function readsIn({ module, named, id, maxAge }: Options, fn: HeldFunction): Read[] | undefined {
  const [given] = fn.params;
  if (given?.type !== "ObjectPattern") return undefined;
  const locals = new Map<string, string>();
  for (const one of given.properties)
    if (one.type === "ObjectProperty" && one.value.type === "Identifier")
      locals.set(one.value.name, keyOf(one) ?? "");
  const expires = `new Date(Date.now() + 1000 * (${maxAge}))`;
  const reads = new Map<number, Read | undefined>();
  for (const [name, key] of locals) {
    if (key !== "expires" && key !== "provider") continue;
    const mentions = mentionsOf(module, { name, declaration: given });
    if (!mentions) return undefined;
    for (const { node, around } of mentions) {
      const [parent] = around;
      const isShort = parent?.type === "ObjectProperty" && parent.shorthand;
      const text = isShort ? `${name}: ${expires}` : expires;
      const read =
        key === "expires"
          ? { node, text }
          : parent && readOfProvider({ module, named, id }, parent, node);
      // A short member is its key and its value, at one place.
      reads.set(startOf(node), read);
    }
  }
  const known = [...reads.values()].flatMap((one) => one ?? []);
  return known.length === reads.size ? known : undefined;
}

/** `provider.apiKey`, as the option says it. */
function readOfProvider(
  { module, named, id }: Omit<Options, "maxAge">,
  parent: Node,
  node: Node,
): Read | undefined {
  if (parent.type !== "MemberExpression" || parent.object !== node || parent.computed)
    return undefined;
  const name = parent.property.type === "Identifier" ? parent.property.name : "";
  const member = named.get(name);
  if (!member && name === "apiKey") {
    const variable = `AUTH_${id.toUpperCase().replaceAll("-", "_")}_KEY`;
    return { node: parent, text: `process.env.${variable}` };
  }
  if (!REPEATED.has(name) || member?.type !== "ObjectProperty") return undefined;
  const text = textOf(module, member.value);
  const isPlain = /^[\w.]+!?$/.test(text) || unwrap(member.value).type === "StringLiteral";
  return { node: parent, text: isPlain ? text : `(${text})`, option: member };
}

const REPEATED: ReadonlySet<string> = new Set(["id", "name", "apiKey", "from", "maxAge"]);
