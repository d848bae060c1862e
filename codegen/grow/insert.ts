// Writes calls into a list of options, or members into an object of them, laid out as the app lays out code. Either is
// made beside the other options where it is missing. Stages one module; decides nothing about what is added.
import type { ArrayExpression, Node, ObjectExpression } from "@babel/types";
import { shortPath } from "../disk/project.js";
import { createFormatter } from "../edit/format.js";
import {
  detectStyle,
  finishEdit,
  insertMembers,
  locationOf,
  openEditor,
  type Editor,
} from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import { manualEdits, type Problem } from "../errors/by-hand.js";
import type { OptionsPlace, PropertyPlace } from "../modules/auth-options.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";

/** A literal among the options that can be added to, or the room for one. */
export type Insertable<N extends Node> = Exclude<PropertyPlace<N>, { kind: "computed" }>;

type Insertion<N extends Node> = {
  readonly options: OptionsPlace;
  /** Of the option. */
  readonly name: string;
  readonly place: Insertable<N>;
  /** What is added, as code; imports are added to the editor. */
  readonly print: (editor: Editor) => readonly string[];
};

/**
 * Stages the module with a list, and calls at the list's end.
 *
 * @returns the path of the module
 */
export function insertCalls(ws: Workspace, input: Insertion<ArrayExpression>): Promise<string> {
  return insert(ws, input, { layOut, brackets: ["[", "]"] });
}

/** The same for an object, and members: `github: { ... }`. */
export function insertKeys(ws: Workspace, input: Insertion<ObjectExpression>): Promise<string> {
  return insert(ws, input, { layOut: (keys, { members }) => members(keys), brackets: ["{", "}"] });
}

/** One error of all that has to be edited by hand. */
export function problemsError(problems: readonly Problem[], project: Project): CodegenError {
  return manualEdits(problems.map((one) => ({ ...one, at: shortPath(project, one.at) })));
}

/** Where a property's value is, for messages. */
export function placeOf(options: OptionsPlace, found: PropertyPlace<Node>): string {
  return found.kind === "absent"
    ? locationOf(options.module, options.node)
    : locationOf(found.module, found.node);
}

// --- internal ---

type LayOut = (
  items: readonly string[],
  format: { readonly members: (list: readonly string[]) => Promise<string[]> },
) => Promise<string[]>;

async function insert(
  ws: Workspace,
  { options, name, place, print }: Insertion<ArrayExpression | ObjectExpression>,
  kind: { readonly layOut: LayOut; readonly brackets: readonly [string, string] },
): Promise<string> {
  const isThere = place.kind === "literal";
  const module = isThere ? place.module : options.module;
  const editor = openEditor(module);
  const format = createFormatter({ path: module.path, style: detectStyle(module) });
  const items = await kind.layOut(print(editor), format);
  const [open, close] = kind.brackets;
  if (isThere) insertMembers(editor, place.node, items);
  else
    insertMembers(
      editor,
      options.node,
      await format.members([`${name}: ${open}\n${items.join(",\n")}\n${close}`]),
    );
  ws.stage(module.path, finishEdit(editor));
  return module.path;
}

/** Each by itself: as a value of an object, whose key is taken off again. */
const layOut: LayOut = async (calls, { members }) => {
  const printed = await members(calls.map((call) => `_: ${call}`));
  return printed.map((text) => text.replace(/^_:\s*/, ""));
};
