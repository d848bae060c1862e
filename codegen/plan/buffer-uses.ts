// Reads a bundle for code that needs the global Buffer, which Convex's runtime does not have. Pure.
// The bundler has put a marker where the code names that global; names of the code's own are not marked.
import type { Node } from "@babel/types";
import { childNodes, parseModule, startOf, walk, type Module } from "../edit/index.js";

/** Code that fails without a global Buffer. */
export type BufferUse = {
  /** The file that it was bundled from, relative to the app. */
  readonly file: string;
  /** True when it runs as soon as the module is loaded. */
  readonly atLoad: boolean;
};

type State = {
  /** True where the code has looked for the global. */
  readonly guarded: boolean;
  readonly atLoad: boolean;
  /** True for an object of which a member is read. */
  readonly isRead: boolean;
};

/** What the bundler is to put in the place of the name `Buffer`, which fails where nothing has that name. */
export const MARKER = "__kitcn_free_Buffer";

/** The same for `globalThis.Buffer`, which is undefined there. */
export const MEMBER_MARKER = "__kitcn_member_Buffer";

/**
 * The files whose code uses a marker, except where it has looked for it, or for another global, before.
 *
 * @param bundle an ESM bundle in which a comment before each file names it, as esbuild prints them
 */
export function findBufferUses(bundle: string): BufferUse[] {
  if (!bundle.includes(MARKER) && !bundle.includes(MEMBER_MARKER)) return [];
  const module = parseModule(bundle, "bundle.js");
  const files = filesIn(module);
  const flags = flagsIn(module);
  const found = new Map<string, BufferUse>();
  visit(module.program, { guarded: false, atLoad: true, isRead: false });
  return [...found.values()];

  function visit(node: Node, state: State): void {
    if (node.type === "UnaryExpression" && node.operator === "typeof") return;
    if (node.type === "Identifier" && !state.guarded) {
      const fails = node.name === MARKER || (node.name === MEMBER_MARKER && state.isRead);
      if (fails) add(startOf(node), state.atLoad);
    }
    const atLoad = state.atLoad && !isFunction(node);
    const guards = guardOf(node);
    let isAfterGuard = state.guarded;
    for (const child of childNodes(node)) {
      const isTest = guards !== undefined && child === guards;
      const guarded = isAfterGuard || (guards !== undefined && asks(guards, flags) && !isTest);
      const isRead = node.type === "MemberExpression" && node.object === child;
      visit(child, { guarded, atLoad, isRead });
      // if (typeof Buffer === "undefined") return ...;
      if (isBlock(node) && child.type === "IfStatement" && asks(child.test, flags))
        isAfterGuard ||= leaves(child.consequent);
    }
  }

  function add(at: number, atLoad: boolean): void {
    const file = files.findLast(({ start }) => start <= at)?.file ?? "auth.ts";
    const before = found.get(file)?.atLoad ?? false;
    found.set(file, { file, atLoad: before || atLoad });
  }
}

/** Says which packages need Buffer, and what provides it. */
export function describeBufferUses(uses: readonly BufferUse[]): string[] {
  if (uses.length === 0) return [];
  return [
    `${list(uses)} the global Buffer, which Convex's runtime does not have: generated/auth.ts imports "kitcn/auth/buffer", which provides it.`,
  ];
}

/** Says what to add for packages that need Buffer before generated/auth.ts provides it. */
export function describeEarlyUses(
  uses: readonly BufferUse[],
  { imports }: { readonly imports: boolean },
): string[] {
  const early = uses.filter((one) => one.atLoad);
  if (early.length === 0 || imports) return [];
  return [
    `${list(early)} the global Buffer while loading, which may be before generated/auth.ts provides it: add \`import "kitcn/auth/buffer";\` as the first line of auth.ts, too.`,
  ];
}

// --- internal ---

function list(uses: readonly BufferUse[]): string {
  const names = [...new Set(uses.map(({ file }) => packageIn(file)))];
  return `${names.join(" and ")} ${names.length === 1 ? "uses" : "use"}`;
}

/** The package of a file in node_modules; the file itself, where it is the app's. */
function packageIn(file: string): string {
  const path = /^.*node_modules\/(.*)$/.exec(file)?.[1];
  if (path === undefined) return file;
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}

function filesIn({ comments }: Module): { readonly file: string; readonly start: number }[] {
  return comments
    .filter(({ type, loc, value }) => {
      return type === "CommentLine" && loc?.start.column === 0 && /\.\w+$/.test(value.trim());
    })
    .map(({ value, start }) => ({ file: value.trim(), start: start ?? 0 }));
}

/** Names of variables that hold whether there is a Buffer: `const isNode = typeof Buffer !== "undefined"`. */
function flagsIn({ program }: Module): ReadonlySet<string> {
  const names = new Set<string>();
  walk(program, (node) => {
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || !node.init) return;
    if (isFunction(node.init)) return;
    if (asks(node.init, new Set(), LOOKS_FOR_BUFFER)) names.add(node.id.name);
  });
  return names;
}

/** The condition on which the rest of a node runs. */
function guardOf(node: Node): Node | undefined {
  if (node.type === "IfStatement" || node.type === "ConditionalExpression") return node.test;
  return node.type === "LogicalExpression" ? node.left : undefined;
}

/** True for a condition that looks for a global, or for a variable that says whether it is there. */
function asks(test: Node, flags: ReadonlySet<string>, globals = TELLS_NODE): boolean {
  let found = false;
  walk(test, (node) => {
    if (node.type === "Identifier") found ||= flags.has(node.name) || node.name === MEMBER_MARKER;
    if (node.type !== "UnaryExpression" || node.operator !== "typeof") return;
    const { argument } = node;
    found ||= argument.type === "Identifier" && globals.has(argument.name);
  });
  return found;
}

const LOOKS_FOR_BUFFER: ReadonlySet<string> = new Set([MARKER, MEMBER_MARKER]);

/** Those by which code tells Node from other runtimes. */
const TELLS_NODE: ReadonlySet<string> = new Set([
  ...LOOKS_FOR_BUFFER,
  ..."atob btoa process window document require".split(" "),
]);

const isFunction = (node: Node) =>
  /^(Function|ArrowFunction|ObjectMethod|ClassMethod|ClassPrivateMethod)/.test(node.type);

const isBlock = (node: Node) => node.type === "BlockStatement" || node.type === "Program";

/** True for code after which nothing below it in the same block runs. */
function leaves(node: Node): boolean {
  if (node.type === "BlockStatement") return node.body.some(leaves);
  return node.type === "ReturnStatement" || node.type === "ThrowStatement";
}
