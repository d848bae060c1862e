// Parses a user's module with one parser, for every step that reads or patches code.
// Must not read files or change text: editor.ts does the latter.
import type { ParserPlugin } from "@babel/parser";
import type { Comment, Node, Program } from "@babel/types";
import { basename, extname } from "node:path";
import { syntaxError } from "../errors/modules.js";
import { parse } from "./babel.js";
import { mapLine } from "./disk-lines.js";

/** A parsed module: its text, and where it came from. */
export type Module = {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** What the file has, where it is not this text: the module is edited, and not written yet. */
  readonly onDisk?: string | undefined;
};

/**
 * Parses JavaScript or TypeScript; the file name decides which.
 *
 * @throws CodegenError `SYNTAX_ERROR` with file, line and column
 * @example
 * parseModule('export default {};', "/app/convex/schema.ts").program.body.length; // 1
 */
export function parseModule(text: string, path: string): Module {
  try {
    const file = parse(text, {
      sourceType: "module",
      sourceFilename: path,
      allowReturnOutsideFunction: true,
      plugins: pluginsFor(path),
    });
    return { path, text, program: file.program, comments: file.comments ?? [] };
  } catch (cause) {
    if (!isParserError(cause)) throw cause;
    const { line, column } = cause.loc;
    const reason = cause.message.replace(/ \(\d+:\d+\)$/, "").replace(`${path}: `, "");
    const place = `${path}:${line}:${column + 1}`;
    throw syntaxError({ place, reason, file: basename(path), cause });
  }
}

/** Offset of the first character of a parsed node. */
export function startOf(node: Node): number {
  return position(node.start);
}

/** Offset after the last character of a parsed node. */
export function endOf(node: Node): number {
  return position(node.end);
}

/** The source text of a node. */
export function textOf(module: Module, node: Node): string {
  return module.text.slice(startOf(node), endOf(node));
}

/** The line of a node, or a line, as its reader finds it: in the file on disk, also while the module is edited. */
export function lineOf(
  { text, onDisk }: Pick<Module, "text" | "onDisk">,
  at: Node | number | undefined,
): number {
  const line = typeof at === "number" ? at : (at?.loc?.start.line ?? 1);
  return onDisk === undefined ? line : mapLine({ from: text, to: onDisk, line }).line;
}

/** `path:line` of a node, for messages. Without one, of what the module exports first, else of its first statement. */
export function locationOf(module: Module, node?: Node): string {
  const { body } = module.program;
  const shown = node ?? body.find(({ type }) => type.startsWith("Export")) ?? body[0];
  return `${module.path}:${lineOf(module, shown)}`;
}

/** The same in the text that the run writes: for what its author reads after it. */
export function writtenLocationOf({ path }: Pick<Module, "path">, node: Node): string {
  return `${path}:${node.loc?.start.line ?? 1}`;
}

/**
 * Visits a node and everything below it, parents first. A visitor that returns false skips the children.
 */
export function walk(node: Node, visit: (node: Node) => boolean | void): void {
  if (visit(node) === false) return;
  for (const child of childNodes(node)) walk(child, visit);
}

/** True for a node of the syntax tree, among the values of another. */
export function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    "start" in value
  );
}

/** The nodes directly below one, without comments. A tree never changes and is walked often, so each list is kept. */
export function childNodes(node: Node): readonly Node[] {
  const kept = below.get(node);
  if (kept) return kept;
  const children = Object.entries(node)
    .filter(([key]) => !NOT_CHILDREN.has(key))
    .flatMap(([, value]): unknown => value)
    .filter(isNode);
  below.set(node, children);
  return children;
}

// --- internal ---

type ParserError = SyntaxError & { loc: { line: number; column: number } };

function isParserError(error: unknown): error is ParserError {
  return error instanceof SyntaxError && "loc" in error;
}

const ALWAYS: ParserPlugin[] = ["decorators-legacy", "explicitResourceManagement"];

function pluginsFor(path: string): ParserPlugin[] {
  switch (extname(path)) {
    case ".ts":
    case ".mts":
    case ".cts":
      return ["typescript", ...ALWAYS];
    case ".tsx":
      return ["typescript", "jsx", ...ALWAYS];
    default:
      return ["jsx", ...ALWAYS];
  }
}

function position(offset: number | null | undefined): number {
  if (typeof offset !== "number") throw new TypeError("Node was not made by the parser.");
  return offset;
}

const below = new WeakMap<Node, readonly Node[]>();

const NOT_CHILDREN = new Set(["leadingComments", "innerComments", "trailingComments", "loc"]);
