// Which plugins of the tables a list in code has, and how a call of one is written there. By syntax: names are
// followed to the packages they come from. Pure, but for the modules that a reader gives.
import type { ArrayExpression, CallExpression, Node } from "@babel/types";
import type { PluginEntry, PluginHalf } from "../catalog/types.js";
import {
  addImport,
  findImport,
  textOf,
  type Editor,
  type ImportRequest,
  type Module,
} from "../edit/index.js";
import { canonical } from "../merge/fingerprint.js";
import { followIn, walkIn, type OptionsPlace } from "../modules/auth-options.js";
import { findPackageName, type ImportedName, type Located } from "../modules/names.js";
import { isRelative, type ModuleReader } from "../modules/resolve.js";

/** A list of plugins as it is written. */
export type ListPlace = {
  readonly module: Module;
  readonly list: ArrayExpression;
  readonly options: OptionsPlace;
};

/** A plugin of the tables in a list. */
export type FoundCall = {
  readonly entry: PluginEntry;
  /** The item of the list. */
  readonly item: Node;
  readonly call: CallExpression;
  /** Of the call: another one where the item is a name. */
  readonly module: Module;
};

/** Picks one half of an entry. */
export type PickHalf = (entry: PluginEntry) => PluginHalf | undefined;

/** A plugin of the tables that code calls somewhere else than in the list itself: under a condition, or in a function. */
export type NestedCall = { readonly entry: PluginEntry; readonly at: Located };

/**
 * The plugins in a list.
 *
 * @returns `rest`: items that are not calls of a package. Only running them tells what they make
 */
export function findCalls(
  { module, list, options }: ListPlace,
  entries: readonly PluginEntry[],
  { pick, read }: { readonly pick: PickHalf; readonly read: ModuleReader },
): { readonly found: FoundCall[]; readonly rest: readonly Located[] } {
  const found: FoundCall[] = [];
  const rest: Located[] = [];
  for (const item of list.elements) {
    if (item === null) continue;
    const { module: home, node } = followIn({ module, node: item }, options, read);
    const name = node.type === "CallExpression" ? calleeOf(home, node, read) : undefined;
    if (node.type !== "CallExpression" || name === undefined || isRelative(name.source)) {
      rest.push({ module, node: item.type === "SpreadElement" ? item.argument : item });
      continue;
    }
    const entry = entries.find((one) => isMadeBy(pick(one), name));
    if (entry) found.push({ entry, item, call: node, module: home });
  }
  return { found, rest };
}

/** The plugins that code in these places calls, each once. */
export function findNested(
  places: readonly Located[],
  entries: readonly PluginEntry[],
  input: { readonly options: OptionsPlace; readonly pick: PickHalf; readonly read: ModuleReader },
): readonly NestedCall[] {
  const { options, pick, read } = input;
  const nested = new Map<PluginEntry, Located>();
  const visit = (at: Located) => {
    const { module, node } = at;
    const name = node.type === "CallExpression" ? calleeOf(module, node, read) : undefined;
    const entry = name && entries.find((one) => isMadeBy(pick(one), name));
    if (entry && !nested.has(entry)) nested.set(entry, at);
  };
  for (const place of places) walkIn(place, options, { read, visit });
  return [...nested].map(([entry, at]) => ({ entry, at }));
}

/** True for the function of a half, from whichever module it is imported. */
export function isMadeBy(half: PluginHalf | undefined, { source, name }: ImportedName): boolean {
  return half !== undefined && half.name === name && sourcesOf(half).includes(source);
}

/** Every module that a half's function can be imported from. */
export function sourcesOf({ source, alsoIn = [] }: PluginHalf): string[] {
  return [source, ...alsoIn];
}

/**
 * A call of a half, with what it needs imported by the editor.
 *
 * @param input.args its arguments, as code of this app
 * @param input.authType the module that exports the app's `auth`; undefined for JavaScript
 */
export function writeCall(
  editor: Editor,
  half: PluginHalf,
  { args, authType }: { readonly args: string; readonly authType: string | undefined },
): string {
  const name = importAny(editor, sourcesOf(half), half.name);
  const own = half.uses && {
    name: half.uses.name,
    local: addImport(editor, { ...half.uses, name: "default", local: half.uses.name }),
  };
  const code = own ? args.replaceAll(new RegExp(`\\b${own.name}\\b(?=\\()`, "g"), own.local) : args;
  if (!half.takesAuthType || authType === undefined) return `${name}(${code})`;
  const auth = addImport(editor, { source: authType, name: "auth", typeOnly: true });
  return `${name}<typeof ${auth}>(${code})`;
}

/** True where a call says what one of these codes would, or nothing. */
export function isUnchanged({ call }: FoundCall, codes: readonly Node[]): boolean {
  if (call.arguments.length === 0) return true;
  const isSame = (code: Node) =>
    code.type === "CallExpression" && argsText(code) === argsText(call);
  return codes.some(isSame);
}

// --- internal ---

function calleeOf(
  module: Module,
  { callee }: CallExpression,
  read: ModuleReader,
): ImportedName | undefined {
  if (callee.type !== "Identifier" && callee.type !== "MemberExpression") return undefined;
  return findPackageName(module, textOf(module, callee), read);
}

function argsText(call: CallExpression): string {
  return call.arguments.map((one) => canonical(one, new Map())).join(",");
}

/** Spells an import as the module does already, from whichever of the modules; else imports it from the first. */
function importAny(editor: Editor, sources: readonly string[], name: string): string {
  const requests = sources.map((source): ImportRequest => ({ source, name }));
  for (const request of requests) {
    const spelled = findImport(editor.module, request);
    if (spelled !== undefined) return spelled;
  }
  return addImport(editor, { source: sources[0] ?? "", name });
}
