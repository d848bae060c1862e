// Three-way merge of relations.ts, by the rules of schema.ts: the user's lines stay, ours follow the plan.
// Returns the new text; writes nothing.
import type { CallExpression, Node, ObjectExpression, ObjectMember } from "@babel/types";
import type { Formatter } from "../edit/format.js";
import {
  endOf,
  findProperty,
  finishEdit,
  indentAt,
  insertMembers,
  keyOf,
  locationOf,
  openEditor,
  reindent,
  resolveExpression,
  startOf,
  textOf,
  unwrap,
  type Editor,
  type Module,
} from "../edit/index.js";
import { noRelations, relationsNotLiteral } from "../errors/tables.js";
import type { OwnedRelations } from "../lock/types.js";
import type { PlannedRelation } from "../plan/plan-relations.js";
import { CORE_PLUGIN } from "../plan/types.js";
import { printRelation, printRelationValue } from "../print/relations.js";
import { removeMember } from "./apply-removals.js";
import { commentsOf } from "./comments.js";
import { canonical, fingerprint } from "./fingerprint.js";
import { addRelationsExport, relationsCalls } from "./relations-exports.js";
import type { Conflict, MergeOptions, Orphan } from "./types.js";

export type RelationsMerge = {
  readonly text: string;
  readonly owned: OwnedRelations;
  readonly conflicts: readonly Conflict[];
  readonly orphans: readonly Orphan[];
  /** The export that was missing and is in the text now, with file and line. */
  readonly missingExport: string | undefined;
};

export type RelationsInput = {
  readonly module: Module;
  readonly planned: readonly PlannedRelation[];
  readonly base: OwnedRelations;
  readonly options: MergeOptions;
  /** Tables that this run removes. */
  readonly gone: ReadonlySet<string>;
  readonly format: Formatter;
};

/**
 * Merges the planned relations into a module.
 *
 * @throws CodegenError `NO_RELATIONS_PLACE`, `NO_RELATIONS_EXPORT`, with the exact edit in their hints
 */
export async function mergeRelations(input: RelationsInput): Promise<RelationsMerge> {
  const { call, list } = findRelations(input.module);
  const state: State = {
    editor: openEditor(input.module),
    removed: new Set(),
    owned: {},
    conflicts: [],
    orphans: [],
  };
  const found = (relation: { table: string; name: string }) =>
    relationAt(input.module, list, relation);
  dropOrphans(input, state, found);
  dropEmptyTables(input, state, list);
  const missing: PlannedRelation[] = [];
  for (const relation of input.planned) {
    const member = found(relation);
    if (!member) {
      missing.push(relation);
      own(state, relation);
    } else await mergeOne(relation, member, { input, state });
  }
  await addMissing(missing, list, { input, state });
  const missingExport = addRelationsExport(state.editor, call);
  const { owned, conflicts, orphans } = state;
  return { text: finishEdit(state.editor), owned, conflicts, orphans, missingExport };
}

// --- internal ---

type State = {
  readonly editor: Editor;
  readonly removed: Set<Node>;
  readonly owned: Record<string, Record<string, string>>;
  readonly conflicts: Conflict[];
  readonly orphans: Orphan[];
};

type Finder = (relation: { table: string; name: string }) => ObjectMember | undefined;

type Declaration = { readonly call: CallExpression; readonly list: ObjectExpression };

function findRelations(module: Module): Declaration {
  for (const call of relationsCalls(module)) {
    const [argument] = call.arguments;
    const list = argument && resolveExpression(module, argument);
    if (list?.type === "ObjectExpression") return { call, list };
  }
  throw noRelations({ path: module.path });
}

function tableAt(module: Module, list: ObjectExpression, table: string) {
  const member = findProperty(list, table);
  if (member?.type !== "ObjectProperty") return undefined;
  const value = resolveExpression(module, member.value);
  return value.type === "ObjectExpression" ? { member, value } : { member, value: undefined };
}

function relationAt(
  module: Module,
  list: ObjectExpression,
  { table, name }: { table: string; name: string },
): ObjectMember | undefined {
  const object = tableAt(module, list, table)?.value;
  return object && findProperty(object, name);
}

function own({ owned }: State, relation: PlannedRelation): void {
  (owned[relation.table] ??= {})[relation.name] = fingerprint(wantedText(relation));
}

/** As canonical() would give it for what printRelationValue prints. */
function wantedText({ kind, other, from, to }: PlannedRelation): string {
  const pairs = { [kind]: other, from, to };
  return `{${Object.entries(pairs)
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join(",")}}`;
}

function valueOf(member: ObjectMember): Node {
  return member.type === "ObjectProperty" ? unwrap(member.value) : member;
}

async function mergeOne(
  relation: PlannedRelation,
  member: ObjectMember,
  { input, state }: { input: RelationsInput; state: State },
): Promise<void> {
  const { module, base, options, format } = input;
  const value = valueOf(member);
  const before = base[relation.table]?.[relation.name];
  const text = canonical(value, new Map());
  if (text === wantedText(relation)) {
    if (before !== undefined) own(state, relation);
    return;
  }
  const isUntouched = before === fingerprint(text);
  const replaced = isUntouched || options.overwrite;
  if (!isUntouched)
    state.conflicts.push({
      table: relation.table,
      part: "relation",
      name: relation.name,
      reason: before === undefined ? "declared" : "edited",
      at: locationOf(module, value),
      yours: `${relation.name}: ${textOf(module, value)}`,
      wanted: printRelation(relation),
      kept: !replaced,
    });
  if (replaced || before !== undefined) own(state, relation);
  if (!replaced) return;
  const [printed = ""] = await format.members([`x: ${printRelationValue(relation)}`]);
  const { editor } = state;
  const indent = indentAt(module, startOf(value));
  editor.edits.overwrite(
    startOf(value),
    endOf(value),
    reindent(printed.slice("x: ".length), indent, editor.style.eol),
  );
}

function dropOrphans(
  { module, planned, base, options, gone }: RelationsInput,
  state: State,
  found: Finder,
) {
  for (const [table, relations] of Object.entries(base))
    for (const [name, before] of Object.entries(relations)) {
      if (planned.some((one) => one.table === table && one.name === name)) continue;
      const member = found({ table, name });
      if (!member) continue;
      const value = canonical(valueOf(member), new Map());
      const isUntouched = before === fingerprint(value);
      const blocked = !isUntouched
        ? "you changed it"
        : commentsOf(module, member).length > 0
          ? "you commented it"
          : undefined;
      // Relations of a table go with it; no plugin of their own is known.
      const isOfGone = gone.has(table) || [...gone].some((one) => hasWord(value, one));
      const isAsked = typeof options.prune === "boolean" ? options.prune : isOfGone;
      const pruned = isAsked && blocked === undefined;
      const orphan = { table, part: "relation" as const, name, plugin: CORE_PLUGIN, pruned };
      state.orphans.push(blocked === undefined ? orphan : { ...orphan, blocked });
      if (pruned) {
        removeMember(state.editor, member);
        state.removed.add(member);
      } else (state.owned[table] ??= {})[name] = before;
    }
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text);
}

/** A table whose last relation goes, goes with it. */
function dropEmptyTables(
  { module, planned }: RelationsInput,
  state: State,
  list: ObjectExpression,
) {
  for (const table of new Set([...state.orphans].map((orphan) => orphan.table))) {
    const place = tableAt(module, list, table);
    if (!place?.value || planned.some((one) => one.table === table)) continue;
    const isEmpty = place.value.properties.every((one) => state.removed.has(one));
    if (!isEmpty || commentsOf(module, place.member).length > 0) continue;
    removeMember(state.editor, place.member);
    state.removed.add(place.member);
  }
}

async function addMissing(
  missing: readonly PlannedRelation[],
  list: ObjectExpression,
  { input, state }: { input: RelationsInput; state: State },
): Promise<void> {
  const { module, format } = input;
  const { editor, removed } = state;
  const tables: string[] = [];
  for (const table of new Set(missing.map((one) => one.table))) {
    const lines = missing.filter((one) => one.table === table).map(printRelation);
    const place = tableAt(module, list, table);
    if (place?.value)
      insertMembers(editor, place.value, await format.members(lines), { without: removed });
    else if (!place) tables.push(`${table}: {\n${lines.join(",\n")}\n}`);
    else
      throw relationsNotLiteral({
        place: locationOf(module, place.member),
        table: keyOf(place.member) ?? "a table",
      });
  }
  if (tables.length > 0)
    insertMembers(editor, list, await format.members(tables), { without: removed });
}
