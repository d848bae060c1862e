// The second parameter of a `createAuth`, such as `{ optionsOnly } = { optionsOnly: false }`: defineAuth() gives its
// function the context alone, so each name gets the value that the parameter has by default. Finds, and edits.
import type {
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectExpression,
} from "@babel/types";
import {
  endOf,
  findProperty,
  keyOf,
  keysByName,
  startOf,
  textOf,
  unwrap,
  type Module,
} from "../../edit/index.js";
import { mentionsOf, type Mention } from "../common/references.js";
import type { Edit } from "../common/types.js";

/** A function that gives options. */
export type Fn = ArrowFunctionExpression | FunctionExpression | FunctionDeclaration;

type Given = { readonly fn: Fn; readonly options: ObjectExpression };

/** A name, the text of its value, and where the function mentions it. */
type FixedName = {
  readonly name: string;
  readonly value: string;
  readonly mentions: readonly Mention[];
};

/**
 * The names of every parameter but the context; undefined where one is mentioned whose value is not known, or the
 * context is taken apart.
 */
export function fixedNames(module: Module, { fn }: Given): readonly FixedName[] | undefined {
  const [first, ...others] = fn.params;
  if (first !== undefined && first.type !== "Identifier") return undefined;
  const names: FixedName[] = [];
  for (const parameter of others) {
    const values = valuesOf(module, parameter);
    for (const name of keysByName(parameter).keys()) {
      const mentions = mentionsOf(module, { name, declaration: parameter });
      if (mentions?.length === 0) continue;
      const value = values.get(name);
      // `typeof name` is a type, and has no literal in its place.
      const isOfType = mentions?.some(({ around }) => around[0]?.type === "TSTypeQuery");
      if (!mentions || isOfType || value === undefined) return undefined;
      names.push({ name, value, mentions });
    }
  }
  return names;
}

/** Writes the values. A `logger` that is only told not to be disabled goes: that is what Better Auth does anyway. */
export function replaceFixed(edit: Edit, given: Given): void {
  const { editor } = edit;
  const logger = findProperty(given.options, "logger");
  for (const { name, value, mentions } of fixedNames(editor.module, given) ?? []) {
    for (const { node, around } of mentions) {
      const [property, list] = around;
      if (value === "false" && logger && list && isOnlyDisabled(property, list, logger)) {
        removeMember(edit, logger, given.options, commentAbove(editor.module, logger, name));
        continue;
      }
      const isShort = property?.type === "ObjectProperty" && property.shorthand;
      editor.edits.update(
        startOf(node),
        endOf(node),
        isShort ? `${textOf(editor.module, node)}: ${value}` : value,
      );
    }
  }
}

/** Takes a member out of an object; `from` is where it begins, or the comment above it. */
export function removeMember(
  { editor, gone }: Edit,
  member: Node,
  list: Node,
  from: number = startOf(member),
): void {
  const { module, edits } = editor;
  const { text } = module;
  const rest = text.slice(endOf(member), endOf(list));
  const comma = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*,/.exec(rest)?.[0] ?? "";
  // A comment before the comma stays.
  const isNext = comma.trim() === ",";
  const end = endOf(member) + (isNext ? comma.length : 0);
  if (comma !== "" && !isNext) {
    const at = endOf(member) + comma.length;
    edits.remove(at - 1, at);
  }
  // What follows on the line stays behind the line break: a comment may be before it.
  const isLast = /^[ \t]*(\/\/|\r?\n)/.test(text.slice(end));
  const blanks = isLast ? (/\s*$/.exec(text.slice(0, from))?.[0].length ?? 0) : 0;
  edits.remove(from - blanks, end);
  gone.add(member);
}

// --- internal ---

/** `{ disabled: optionsOnly }`, as the whole of a logger. */
function isOnlyDisabled(property: Node | undefined, list: Node, logger: Node): boolean {
  if (logger.type !== "ObjectProperty" || unwrap(logger.value) !== list) return false;
  if (list.type !== "ObjectExpression" || list.properties.length !== 1) return false;
  return property !== undefined && property === findProperty(list, "disabled");
}

/**
 * Where the lines of comment right above a member begin, if each of them is about it or about a name; otherwise the
 * member's own start.
 */
function commentAbove({ text }: Module, member: Node, name: string): number {
  const before = text.slice(0, startOf(member));
  const lines = /(?:^|\n)((?:[ \t]*\/\/[^\n]*\n)+)[ \t]*$/.exec(before)?.[1];
  if (lines === undefined) return startOf(member);
  const isAbout = (line: string) => /\blogger\b/i.test(line) || line.includes(name);
  if (!lines.trimEnd().split("\n").every(isAbout)) return startOf(member);
  return before.lastIndexOf(lines) + lines.search(/\S/);
}

/** The values that a parameter's names have when nobody gives another: literals alone. */
function valuesOf(module: Module, parameter: Node): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const add = (name: string, value: Node | undefined) => {
    if (value && /^(Boolean|Null|Numeric|String)Literal$/.test(value.type))
      values.set(name, textOf(module, value));
  };
  const [pattern, whole] =
    parameter.type === "AssignmentPattern" ? [parameter.left, parameter.right] : [parameter];
  if (pattern.type === "Identifier") add(pattern.name, whole);
  if (pattern.type !== "ObjectPattern") return values;
  const literal = whole && unwrap(whole);
  const object = literal?.type === "ObjectExpression" ? literal : undefined;
  for (const one of pattern.properties) {
    if (one.type !== "ObjectProperty") continue;
    const { value } = one;
    const [name, own] = value.type === "AssignmentPattern" ? [value.left, value.right] : [value];
    if (name.type !== "Identifier") continue;
    const property = object && findProperty(object, keyOf(one) ?? "");
    const given = property?.type === "ObjectProperty" ? property.value : undefined;
    add(name.name, given ?? own);
  }
  return values;
}
