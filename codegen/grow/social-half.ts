// Social providers in auth.ts: which there are, how one is written there, and how one is taken out. In whichever module
// the object is. Stages edits; what cannot be edited is returned as a problem.
import type { Node, ObjectExpression } from "@babel/types";
import type { Problem } from "../errors/by-hand.js";
import { socialNotObject } from "../errors/grow.js";
import type { ProviderEntry } from "../catalog/types.js";
import {
  finishEdit,
  keyOf,
  listImports,
  locationOf,
  openEditor,
  removeItems,
  removeOrphanedImports,
  type Editor,
  type Module,
} from "../edit/index.js";
import { loadAuth } from "../load/load-auth.js";
import { canonical } from "../merge/fingerprint.js";
import {
  findObject,
  walkIn,
  type OptionsPlace,
  type PropertyPlace,
} from "../modules/auth-options.js";
import type { Located } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { readVariables, type EnvReader } from "./code.js";
import { insertKeys, placeOf } from "./insert.js";
import {
  envReader,
  optionsProblem,
  startOfDefinition,
  type HalfPlan,
  type Server,
} from "./server-half.js";

/** `socialProviders` as it is written. */
export type SocialPlace = {
  readonly module: Module;
  readonly object: ObjectExpression;
  readonly options: OptionsPlace;
};

/** A provider of the table in that object. */
export type FoundProvider = {
  readonly entry: ProviderEntry;
  /** The member of the object. */
  readonly member: Node;
};

/** The object of providers; undefined where it is not written out as one. */
export function socialPlace({ options, read }: Server): SocialPlace | undefined {
  const found = options && findObject(options, SOCIAL, read);
  if (!options || found?.kind !== "literal") return undefined;
  return { module: found.module, object: found.node, options };
}

/** The providers of the table that auth.ts has, and which of `entries` it has without saying so in its object. */
export async function findProviders(
  server: Server,
  entries: readonly ProviderEntry[],
): Promise<{
  readonly found: readonly FoundProvider[];
  readonly hidden: readonly ProviderEntry[];
}> {
  const { options, read, ws } = server;
  const place = options && findObject(options, SOCIAL, read);
  const members = place?.kind === "literal" ? place.node.properties : [];
  const found = members.flatMap((member) => {
    const key = keyOf(member);
    const entry = entries.find(({ name }) => name === key);
    return entry ? [{ entry, member }] : [];
  });
  const missing = entries.filter((entry) => !found.some((one) => one.entry === entry));
  const isWhole =
    place?.kind === "absent" ||
    (place?.kind === "literal" && members.every((member) => keyOf(member) !== undefined));
  if (isWhole || missing.length === 0) return { found, hidden: [] };
  const { options: loaded } = await loadAuth(ws);
  const keys = new Set([
    ...Object.keys(loaded.socialProviders ?? {}),
    // What is there under a condition may not be there now.
    ...(options && place ? keysIn(place, options, read) : []),
  ]);
  return { found, hidden: missing.filter(({ name }) => keys.has(name)) };
}

/** Stages the providers that auth.ts lacks. */
export async function planProviders(
  server: Server,
  missing: readonly ProviderEntry[],
): Promise<HalfPlan<ProviderEntry>> {
  const { ws, options, read } = server;
  if (missing.length === 0) return { added: [], problems: [], paths: [] };
  const place = options && findObject(options, SOCIAL, read);
  if (!options || !place || place.kind === "computed") {
    const at = options && place ? placeOf(options, place) : startOfDefinition(server.module);
    return { added: [], problems: [unknownForm(server, missing, at)], paths: [] };
  }
  const print = (editor: Editor) =>
    missing.map((entry) => printProvider(entry, envReader(server, editor, entry.options)));
  const path = await insertKeys(ws, { options, name: SOCIAL, place, print });
  return { added: missing, problems: [], paths: [path] };
}

/** True for a provider with the options that this app would be given, however it reads variables. */
export function isUnchangedProvider(
  { ws, getEnv }: Server,
  place: SocialPlace,
  { entry, member }: FoundProvider,
): boolean {
  if (member.type !== "ObjectProperty" || member.shorthand) return false;
  const reads = [{ object: "process.env" }, ...(getEnv === undefined ? [] : getEnvReaders(place))];
  return reads.some((reader) => {
    const code = `({ ${printProvider(entry, reader)} })`;
    const [statement] = ws.parse(code, place.module.path).program.body;
    if (statement?.type !== "ExpressionStatement") throw new Error("An object is an expression.");
    const wanted = canonical(statement.expression, new Map());
    return wanted === `{${canonical(member, new Map())}}`;
  });
}

/** Stages the module of the object without these providers, and without an object that they leave empty. */
export function removeProviders(
  { ws }: Server,
  { module, object, options }: SocialPlace,
  gone: readonly FoundProvider[],
): void {
  if (gone.length === 0) return;
  const editor = openEditor(module);
  const members = gone.map(({ member }) => member);
  const property = options.node.properties.find(
    (one) => one.type === "ObjectProperty" && one.value === object,
  );
  const isEmptied =
    members.length === object.properties.length && !hasComments(module, object, members);
  if (property && isEmptied) removeItems(editor, options.node, [property]);
  else removeItems(editor, object, members);
  removeOrphanedImports(editor, new Set(members));
  ws.stage(module.path, finishEdit(editor));
}

/** Where a provider is, for messages. */
export function locationOfProvider({ module }: SocialPlace, { member }: FoundProvider): string {
  return locationOf(module, member);
}

// --- internal ---

const SOCIAL = "socialProviders";

/** Every key of an object in what the providers are computed of. */
function keysIn(
  place: Exclude<PropertyPlace<ObjectExpression>, { kind: "absent" }>,
  options: OptionsPlace,
  read: ModuleReader,
): string[] {
  const keys: string[] = [];
  const visit = ({ node }: Located) => {
    if (node.type === "ObjectProperty") keys.push(keyOf(node) ?? "");
  };
  const { module } = place;
  const parts =
    place.kind === "computed"
      ? [place.node]
      : place.node.properties.flatMap((one) => (one.type === "SpreadElement" ? one.argument : []));
  for (const node of parts) walkIn({ module, node }, options, { read, visit });
  return keys;
}

function printProvider({ name, options }: ProviderEntry, reader: EnvReader): string {
  return `${name}: ${readVariables(options, reader)}`;
}

/** `getEnv()`, under the names that the object's module imports it by. */
function getEnvReaders({ module }: SocialPlace): EnvReader[] {
  return listImports(module).flatMap(({ imported, local }) =>
    imported === "getEnv" ? [{ object: `${local}()` }] : [],
  );
}

/** True for comments that stand beside the members, not in them. */
function hasComments(module: Module, object: Node, members: readonly Node[]): boolean {
  const isIn = (inner: { start?: number | null; end?: number | null }, outer: Node) =>
    (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
  return module.comments.some(
    (one) => isIn(one, object) && !members.some((member) => isIn(one, member)),
  );
}

function unknownForm(server: Server, missing: readonly ProviderEntry[], at: string): Problem {
  const object = server.getEnv === undefined ? "process.env" : "getEnv()";
  const texts = missing.map((entry) => `${printProvider(entry, { object })},`);
  const lines = [
    `${SOCIAL}: {`,
    "  /* yours */",
    ...texts.flatMap((text) => text.split("\n").map((line) => `  ${line.replace(/^ {4}/, "")}`)),
    "}",
  ];
  return optionsProblem(server, { at, lines }, socialNotObject);
}
