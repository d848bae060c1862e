// Lets the functions directory's TypeScript see `process.env`. Pure: text in, text out.
// TypeScript's JSON has comments and trailing commas, so it is edited as the object literal it is.
import type { ObjectExpression } from "@babel/types";
import {
  findDefaultExport,
  findProperty,
  finishEdit,
  insertMembers,
  openEditor,
  parseModule,
  unwrap,
  type Editor,
} from "../edit/index.js";
import type { Patch } from "./types.js";

/**
 * Adds "node" to `compilerOptions.types`. A list that is there gains a member; where there is none,
 * TypeScript before 6 sees every @types package by itself, and 6 and later see none.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 * @example
 * patchTsconfig({ path, text: '{ "compilerOptions": { "types": [] } }', typescriptMajor: 5 });
 */
export function patchTsconfig({
  path,
  text,
  typescriptMajor,
}: {
  path: string;
  text: string;
  /** Undefined when the app's TypeScript is unknown. */
  typescriptMajor: number | undefined;
}): Patch {
  // A module of one expression: offsets move by the prefix, which is cut off again.
  const module = parseModule(PREFIX + text, path);
  const found = findDefaultExport(module);
  const root = found?.kind === "expression" ? unwrap(found.node) : undefined;
  if (root?.type !== "ObjectExpression") return { text: undefined };
  const editor = openEditor(module);
  const changed = addNodeTypes(editor, root, typescriptMajor);
  return { text: changed ? finishEdit(editor).slice(PREFIX.length) : undefined };
}

// --- internal ---

const PREFIX = "export default ";

function addNodeTypes(
  editor: Editor,
  root: ObjectExpression,
  typescriptMajor: number | undefined,
): boolean {
  const options = valueOf(root, "compilerOptions");
  if (options?.type !== "ObjectExpression") return false;
  const types = valueOf(options, "types");
  if (types === undefined) {
    // What a parent config lists would be lost.
    if (valueOf(root, "extends") !== undefined) return false;
    if (typescriptMajor === undefined || typescriptMajor < 6) return false;
    insertMembers(editor, options, ['"types": ["node"]']);
    return true;
  }
  if (types.type !== "ArrayExpression") return false;
  const names = types.elements.map((one) => (one?.type === "StringLiteral" ? one.value : ""));
  if (names.some((name) => name === "node" || name === "*" || name.startsWith("node/")))
    return false;
  if (types.elements.length === 0) {
    editor.edits.appendLeft((types.end ?? 1) - 1, '"node"');
    return true;
  }
  insertMembers(editor, types, ['"node"']);
  return true;
}

function valueOf(object: ObjectExpression, name: string) {
  const member = findProperty(object, name);
  return member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
}
