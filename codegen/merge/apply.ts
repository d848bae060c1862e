// Turns decided edits into text: one editor per module, new text formatted, everything else byte for byte.
// Writes nothing; returns the new texts.
import type { Node } from "@babel/types";
import type { Formatter } from "../edit/format.js";
import {
  addImport,
  endOf,
  finishEdit,
  freeName,
  indentAt,
  insertMembers,
  openEditor,
  reindent,
  startOf,
  textOf,
  unwrap,
  type Editor,
  type Module,
} from "../edit/index.js";
import type { PlannedTable } from "../plan/types.js";
import {
  constNameOf,
  printColumnComment,
  printColumnList,
  printIndexCall,
  printTableBlock,
} from "../print/table-block.js";
import { printValidator } from "../print/validator.js";
import { addIndexes } from "./apply-indexes.js";
import { removeColumn, removeIndex, removeTable } from "./apply-removals.js";
import { commentsAbove } from "./comments.js";
import type { SchemaPlace } from "./find-schema.js";
import type { SchemaEdit } from "./types.js";

/** The texts after the edits, by absolute path; modules that did not change are not listed. */
export async function applyEdits(input: {
  readonly edits: readonly SchemaEdit[];
  readonly place: SchemaPlace;
  readonly formatterFor: (module: Module) => Formatter;
}): Promise<Map<string, string>> {
  const editors = new Map<Module, Editor>();
  const editorOf = (module: Module): Editor => {
    const known = editors.get(module) ?? openEditor(module);
    editors.set(module, known);
    return known;
  };
  const contextFor = (module: Module): Context => ({
    ...input,
    editor: editorOf(module),
    format: input.formatterFor(module),
    removed: new Set(input.edits.flatMap(removedMember)),
  });
  const added = input.edits.flatMap((edit) => (edit.kind === "add-table" ? [edit.table] : []));
  const parts = input.edits.filter((edit) => edit.kind !== "add-table");
  // Removals first: an insertion at the edge of a removed range must come after it.
  for (const edit of [...parts.filter(isRemoval), ...parts.filter((one) => !isRemoval(one))])
    await applyEdit(edit, contextFor(moduleOf(edit)));
  if (added.length > 0) await addTables(added, contextFor(input.place.module));
  const texts = [...editors].map(([module, editor]): [string, string] => [
    module.path,
    finishEdit(editor),
  ]);
  return new Map(texts);
}

/** Adds entries, or spreads, to the object that lists the tables. */
export function listTables(
  entries: readonly string[],
  {
    editor,
    place,
    removed = new Set(),
  }: {
    readonly editor: Editor;
    readonly place: SchemaPlace;
    readonly removed?: ReadonlySet<Node>;
  },
): void {
  const { target } = place;
  const list = target.kind === "object" ? target.object : target.node;
  const base = breakArguments(editor, place, list);
  if (target.kind === "object") {
    insertMembers(editor, target.object, entries, { without: removed, base });
    return;
  }
  const { eol, indent, trailingCommas } = editor.style;
  const lines = entries.map((entry) => `${base}${indent}${entry}`).join(`,${eol}`);
  const end = trailingCommas ? "," : "";
  editor.edits.appendRight(startOf(list), `{${eol}${base}${indent}...`);
  editor.edits.appendLeft(endOf(list), `,${eol}${lines}${end}${eol}${base}}`);
}

// --- internal ---

type Context = {
  readonly editor: Editor;
  readonly format: Formatter;
  readonly place: SchemaPlace;
  /** Members of object literals that this patch removes. */
  readonly removed: ReadonlySet<Node>;
};

type PartEdit = Exclude<SchemaEdit, { kind: "add-table" }>;

function isRemoval(edit: PartEdit): boolean {
  return edit.kind.startsWith("remove-");
}

function removedMember(edit: SchemaEdit): Node[] {
  if (edit.kind === "remove-column") return edit.field.member ? [edit.field.member] : [];
  return edit.kind === "remove-table" && edit.entry.member ? [edit.entry.member] : [];
}

function moduleOf(edit: PartEdit): Module {
  if ("in" in edit) return "field" in edit ? edit.field.module : edit.in.module;
  return "to" in edit ? edit.to.module : edit.source.module;
}

async function applyEdit(edit: PartEdit, context: Context): Promise<void> {
  const { editor, format, place } = context;
  switch (edit.kind) {
    case "add-columns":
      return addColumns(edit, context);
    case "replace-column":
      return replace(editor, edit.field.value, async () => {
        const value = printValidator(edit.column, spellV(editor));
        const [member = ""] = await format.members([`${edit.column.column}: ${value}`]);
        return member.slice(member.indexOf(":") + 1).trimStart();
      });
    case "relax-column":
      return replace(editor, edit.field.value, async () => {
        const text = textOf(edit.field.module, edit.field.value);
        return `${spellV(editor)}.optional(${text})`;
      });
    case "replace-comment": {
      const start = edit.comment.start ?? 0;
      const end = edit.comment.end ?? 0;
      if (edit.text !== undefined) editor.edits.overwrite(start, end, `//${edit.text}`);
      else editor.edits.remove(lineTextEnd(editor.module.text, start), end);
      return;
    }
    case "remove-column":
      return removeColumn(editor, edit.in, edit.field);
    case "add-indexes":
      return addIndexes(editor, edit.to, await format.calls(edit.indexes.map(printIndexCall)));
    case "replace-index": {
      const spec = edit.index.call.arguments[1];
      if (!spec) return;
      return replace(editor, spec, async () => {
        const [call = ""] = await format.calls([`.x(${printColumnList(edit.planned.columns)})`]);
        return call.slice(call.indexOf("(") + 1, call.lastIndexOf(")"));
      });
    }
    case "remove-index":
      return removeIndex(editor, edit.in, edit.index);
    case "remove-table":
      return removeTable(editor, { entry: edit.entry, source: edit.source, place });
  }
}

async function replace(editor: Editor, node: Node, print: () => Promise<string>): Promise<void> {
  const indent = indentAt(editor.module, startOf(node));
  const text = reindent(await print(), indent, editor.style.eol);
  editor.edits.overwrite(startOf(node), endOf(node), text);
}

async function addColumns(
  edit: Extract<SchemaEdit, { kind: "add-columns" }>,
  { editor, format, removed }: Context,
): Promise<void> {
  if (!edit.to.object) return;
  const v = spellV(editor);
  const members = await format.members(
    edit.columns.map((column) => `${column.column}: ${printValidator(column, v)}`),
  );
  const lines = members.map((text, at) => {
    const column = edit.columns[at];
    const comment = column && printColumnComment(column);
    return comment === undefined ? { text } : { text, comment };
  });
  insertMembers(editor, edit.to.object, lines, { without: removed });
}

async function addTables(tables: readonly PlannedTable[], context: Context): Promise<void> {
  const { editor, format } = context;
  const spelling = {
    v: spellV(editor),
    defineTable: addImport(editor, { source: "convex/server", name: "defineTable" }),
  };
  const taken = new Set<string>();
  const blocks: string[] = [];
  const entries: string[] = [];
  for (const table of tables) {
    const constName = freeName(editor.module, constNameOf(table.table), taken);
    taken.add(constName);
    blocks.push(await format.statements(printTableBlock(table, { constName, spelling })));
    entries.push(`${table.table}: ${constName}`);
  }
  insertBlocks(blocks, context);
  listTables(entries, context);
}

/** Above the statement that lists the tables, and above the comments that belong to it. */
function insertBlocks(blocks: readonly string[], { editor, place }: Context): void {
  const { eol } = editor.style;
  const [top] = commentsAbove(place.module, place.statement);
  const offset = top?.start ?? startOf(place.statement);
  const text = blocks.join("\n\n").replaceAll("\n", eol);
  const before = place.module.text.slice(0, offset);
  const gap = before.trim() === "" || /\n[ \t]*\r?\n[ \t]*$/.test(before) ? "" : eol;
  editor.edits.appendLeft(offset, `${gap}${text}${eol}${eol}`);
}

/**
 * Where the tables are one of several arguments on one line, gives each argument its own line, as formatters
 * do once one of them breaks. Returns the indentation of the tables' line.
 */
function breakArguments(editor: Editor, { call }: SchemaPlace, list: Node): string {
  const { module, style, edits } = editor;
  const base = indentAt(module, startOf(list));
  const { arguments: args, callee } = call.node;
  const first = args[0];
  const last = args.at(-1);
  if (!first || !last || first === last || unwrap(first) !== list) return base;
  const gaps =
    module.text.slice(endOf(callee), startOf(first)) +
    module.text.slice(endOf(first), endOf(call.node));
  if (gaps.includes("\n") || textOf(module, first).includes("\n")) return base;
  const indent = base + style.indent;
  for (const argument of args) {
    const from = lineTextEnd(module.text, startOf(argument));
    if (from < startOf(argument)) edits.overwrite(from, startOf(argument), style.eol + indent);
    else edits.appendLeft(startOf(argument), style.eol + indent);
  }
  edits.appendLeft(endOf(last), `${style.trailingCommas ? "," : ""}${style.eol}${base}`);
  return indent;
}

function spellV(editor: Editor): string {
  return addImport(editor, { source: "convex/values", name: "v" });
}

/** Back over the blanks before a comment. */
function lineTextEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /[ \t]/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}
