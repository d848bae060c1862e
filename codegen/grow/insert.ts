// Writes calls into a list of options, or a list beside the other options, laid out as the app lays out code.
// Stages one module; decides nothing about what is added.
import type { ArrayExpression } from "@babel/types";
import {
  detectStyle,
  finishEdit,
  insertMembers,
  locationOf,
  openEditor,
  type Editor,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { createFormatter } from "../format.js";
import type { OptionsPlace, PropertyPlace } from "../modules/auth-options.js";
import { shortPath } from "../project.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";

/** An edit that its author has to make. */
export type Problem = {
  readonly code: string;
  /** `path:line`, absolute. */
  readonly at: string;
  readonly reason: string;
  readonly lines: readonly string[];
};

/**
 * Stages the module with the list, and calls at its end.
 *
 * @param input.print the calls, as code; imports are added to the editor
 * @returns the path of the module
 */
export async function insertCalls(
  ws: Workspace,
  input: {
    readonly options: OptionsPlace;
    readonly name: string;
    readonly list: Exclude<PropertyPlace<ArrayExpression>, { kind: "computed" }>;
    readonly print: (editor: Editor) => readonly string[];
  },
): Promise<string> {
  const { options, list, name } = input;
  const isThere = list.kind === "literal";
  const module = isThere ? list.module : options.module;
  const editor = openEditor(module);
  const format = createFormatter({ path: module.path, style: detectStyle(module) });
  const calls = await layOut(input.print(editor), format);
  if (isThere) insertMembers(editor, list.node, calls);
  else
    insertMembers(
      editor,
      options.node,
      await format.members([`${name}: [\n${calls.join(",\n")}\n]`]),
    );
  ws.stage(module.path, finishEdit(editor));
  return module.path;
}

/** One error of all that has to be edited by hand. */
export function problemsError(problems: readonly Problem[], project: Project): CodegenError {
  const short = (at: string) => shortPath(project, at);
  const hints = problems.map(({ at, lines }) =>
    [`In ${short(at)}:`, ...lines.map((line) => `  ${line}`.trimEnd())].join("\n"),
  );
  return new CodegenError({
    code: problems[0]?.code ?? "AUTH_UNKNOWN_FORM",
    message: problems.map(({ at, reason }) => `${short(at)}: ${reason}`).join("\n"),
    hint: `Make this edit yourself, then run the command again. Nothing was written.\n\n${hints.join("\n\n")}`,
  });
}

/** Where a property's value is, for messages. */
export function placeOf(options: OptionsPlace, found: PropertyPlace<ArrayExpression>): string {
  return found.kind === "absent"
    ? locationOf(options.module, options.node)
    : locationOf(found.module, found.node);
}

// --- internal ---

/** Each by itself: as a value of an object, whose key is taken off again. */
async function layOut(
  calls: readonly string[],
  { members }: { readonly members: (list: readonly string[]) => Promise<string[]> },
): Promise<string[]> {
  const printed = await members(calls.map((call) => `_: ${call}`));
  return printed.map((text) => text.replace(/^_:\s*/, ""));
}
