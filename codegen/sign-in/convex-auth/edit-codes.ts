// Turns a provider of Convex Auth that mails codes into the options of emailOTP() that say the same: an object with the
// author's own functions. Into an editor, or as text for a provider that is written in its list.
import type { Node } from "@babel/types";
import {
  endOf,
  freeName,
  isIdentifier,
  openEditor,
  removeItems,
  startOf,
  textOf,
  unwrap,
  type Editor,
  type Module,
} from "../../edit/index.js";
import { isInList, type MailedCodes, type Member } from "./codes.js";
import { isSameCodes, listCodes, type Codes } from "./providers.js";

/** Edits the provider where it is, and gives what only it mentioned. */
export function editCodeProvider(editor: Editor, codes: MailedCodes): readonly Node[] {
  const { edits } = editor;
  const { call, options } = codes;
  const gone = editOptions(editor, codes);
  edits.remove(startOf(call), startOf(options));
  edits.remove(endOf(options), endOf(call));
  return [call.callee, ...gone];
}

/** How auth.ts names the providers, and what it keeps of the call that goes. */
export type NamedCodes = {
  readonly nameOf: (codes: MailedCodes) => string;
  /** Variables for providers that were written in the list. */
  readonly printed: string;
  readonly kept: readonly Node[];
};

/** Names each provider of auth.ts. */
export function nameCodes(module: Module, codes: Codes): NamedCodes {
  const all = listCodes(codes);
  const taken = new Set<string>();
  const names = all.map((one) => {
    if (!isInList(one)) return textOf(module, unwrap(one.element));
    const name = freeName(module, camelCase(one.id), taken);
    taken.add(name);
    return name;
  });
  return {
    nameOf: (wanted) => names[all.findIndex((one) => isSameCodes(one, wanted))] ?? "",
    printed: all
      .flatMap((one, at) => (isInList(one) ? `const ${names[at]} = ${printOptions(one)};` : []))
      .join("\n\n"),
    kept: [codes.signIn, codes.verify, codes.reset].flatMap((one) => (one ? keptOf(one) : [])),
  };
}

/** The argument of emailOTP(); undefined where nothing mails codes. */
export function printCodes(codes: Codes, nameOf: NamedCodes["nameOf"]): string | undefined {
  const { signIn, verify, reset } = codes;
  const first = signIn ?? verify ?? reset;
  if (!first) return undefined;
  const chosen = chooseByType(
    [
      ["forget-password", nameOf(reset ?? verify ?? first)],
      ["sign-in", nameOf(first)],
    ],
    nameOf(verify ?? first),
  );
  const isOne = listCodes(codes).length === 1;
  return `{
      ...${nameOf(first)},
      ${
        isOne
          ? ""
          : `generateOTP: ({ type }) => ${chosen}.generateOTP(),
      sendVerificationOTP: ({ type, ...code }) => ${chosen}.sendVerificationOTP(code),
      `
      }${signIn ? "" : "// Codes are for users that exist: nobody signs up with one.\n      disableSignUp: true,\n      "}${verify ? "overrideDefaultEmailVerification: true,\n      " : ""}storeOTP: "hashed",
    }`;
}

// --- internal ---

function editOptions(editor: Editor, codes: MailedCodes): readonly Node[] {
  const { module, edits } = editor;
  const { options, makes, sends, reads, maxAge } = codes;
  const stays = new Set<Node>([makes.member, sends.member]);
  const leaving = options.properties.filter((one) => !stays.has(one));
  removeItems(editor, options, leaving);
  const head = headOf(editor, makes, { name: "generateOTP", params: "()", isAsync: false });
  const before = module.text.slice(0, startOf(makes.member));
  const indent = /\n[ \t]*$/.exec(before)?.[0] ?? " ";
  edits.update(head.from, head.to, `expiresIn: ${maxAge},${indent}${head.text}`);
  const sending = headOf(editor, sends, {
    name: "sendVerificationOTP",
    params: paramsOf(module.path, sends),
    isAsync: true,
  });
  edits.update(sending.from, sending.to, sending.text);
  for (const { node, text } of reads) edits.update(startOf(node), endOf(node), text);
  const repeated = new Set(reads.map(({ option }) => option));
  return leaving.filter((one) => one.type === "SpreadElement" || !repeated.has(one));
}

/** Everything before the body. */
function headOf(
  { module }: Editor,
  { member, fn }: Member,
  input: { readonly name: string; readonly params: string; readonly isAsync: boolean },
): { readonly from: number; readonly to: number; readonly text: string } {
  const { name, params, isAsync } = input;
  const word = isAsync ? "async " : "";
  const from = startOf(member);
  if (fn.type !== "ArrowFunctionExpression")
    return { from, to: startOf(fn.body), text: `${word}${name}${params} ` };
  const to = module.text.lastIndexOf("=>", startOf(fn.body)) + "=>".length;
  return { from, to, text: `${name}: ${word}${params} =>` };
}

/** The names stay as the author has them. */
function paramsOf(path: string, { taken }: MailedCodes["sends"]): string {
  const names = taken.map(({ ours, local }) => (ours === local ? ours : `${ours}: ${local}`));
  const types = taken.map(({ ours }) => `${ours}: string`).join("; ");
  const isTyped = /\.[cm]?tsx?$/.test(path);
  return `({ ${names.join(", ")} }${isTyped ? `: { ${types} }` : ""})`;
}

/** The object for a provider that is written in its list. */
function printOptions(codes: MailedCodes): string {
  const editor = openEditor(codes.module);
  editOptions(editor, codes);
  return editor.edits.slice(startOf(codes.options), endOf(codes.options));
}

/** What of the list stays: a name, or functions with the options that they repeat. */
function keptOf(codes: MailedCodes): Node[] {
  if (!isInList(codes)) return [codes.element];
  const { makes, sends, reads } = codes;
  return [makes.fn.body, sends.fn.body, ...reads.flatMap(({ option }) => option ?? [])];
}

/** A conditional expression over `type`, without branches that give what comes after them. */
function chooseByType(
  branches: readonly (readonly [type: string, name: string])[],
  otherwise: string,
): string {
  const different = branches.filter(([, name]) => name !== otherwise);
  if (different.length === 0) return otherwise;
  const tests = different.map(([type, name]) => `type === "${type}" ? ${name} : `);
  return `(${tests.join("")}${otherwise})`;
}

/** `resend-otp` as a variable. */
function camelCase(id: string): string {
  const name = id.replace(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) =>
    (next ?? "").toUpperCase(),
  );
  return isIdentifier(name) ? name : "mailedCodes";
}
