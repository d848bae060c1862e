// Which call of the app's own text a place of running code stands for, and whether it makes a plugin. Running code is
// the transpiled text, whose lines are those of the source and whose columns are not. Pure.
import type { CallExpression, NewExpression, Node } from "@babel/types";
import {
  endOf,
  isNode,
  keyOf,
  lineOf,
  listImports,
  parseModule,
  startOf,
  textOf,
  unwrap,
  walk,
  type FoundImport,
  type Module,
} from "../edit/index.js";

/** A call in the app's own text. */
export type FoundCall = {
  /** As messages name it: `acme()`, `new Acme()`. */
  readonly text: string;
  /** The module that it is imported from, as the app writes it. */
  readonly source?: string;
  readonly line: number;
  /** True where what it returns is among the plugins. */
  readonly isPlugin: boolean;
};

/** A place in running code, both counted from 1, as stack traces do. */
export type Place = { readonly line: number; readonly column: number };

/** The call that was under way at a place. `code`: what ran for this module. */
export function callAt(
  module: Module,
  { code, place }: { readonly code: string; readonly place: Place },
): FoundCall | undefined {
  // Plain JavaScript by now.
  const running = parseModule(code, RUNNING);
  const at = offsetOf(code, place);
  const calls = callsOf(running);
  // Outer ones come first.
  const call = calls.findLast((one) => startOf(one) <= at && at < endOf(one));
  if (!call) return undefined;
  const nameOf = namesIn(running, module);
  const name = nameOf(call);
  const nth = calls.filter((one) => nameOf(one) === name).indexOf(call);
  const own = callsOf(module).filter((one) => calleeOf(module, one) === name)[nth];
  return own && describe(module, own);
}

/** The first call, among the plugins, of a name that is imported from `source`. */
export function pluginOf(module: Module, source: string): FoundCall | undefined {
  return callsOf(module)
    .map((call) => describe(module, call))
    .find((call) => call.isPlugin && call.source === source);
}

// --- internal ---

type Call = CallExpression | NewExpression;

const RUNNING = "running.js";

function callsOf({ program }: Module): Call[] {
  const calls: Call[] = [];
  walk(program, (node) => {
    if (node.type === "CallExpression" || node.type === "NewExpression") calls.push(node);
    else if (node.type === "OptionalCallExpression") calls.push(node as unknown as Call); // of the same shape
  });
  return calls;
}

function offsetOf(code: string, { line, column }: Place): number {
  const before = code.split("\n").slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, column - 1);
}

function calleeOf(module: Module, { callee }: Call): string {
  return textOf(module, unwrap(callee));
}

/** Names of running calls as the source writes them: `(0, _acme.acme)` was `acme`. */
function namesIn(running: Module, module: Module): (call: Call) => string {
  const sources = importedBy(running);
  const imports = listImports(module);
  return (call) => {
    const [object = "", member = ""] =
      /^0,\s*([\w$]+)\.([\w$]+)$/.exec(calleeOf(running, call))?.slice(1) ?? [];
    const source = sources.get(object);
    const found = imports.find((one) => one.source === source && one.imported === member);
    return found?.local ?? calleeOf(running, call);
  };
}

/** The variables that hold modules, and which. */
function importedBy(running: Module): Map<string, string> {
  const found = new Map<string, string>();
  walk(running.program, (node) => {
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || !node.init) return;
    const specifier = /\bjitiImport\(\s*["']([^"']+)["']\s*\)/.exec(
      textOf(running, node.init),
    )?.[1];
    if (specifier !== undefined) found.set(node.id.name, specifier);
  });
  return found;
}

function describe(module: Module, call: Call): FoundCall {
  const name = calleeOf(module, call);
  const source = importOf(module, name)?.source;
  return {
    text: call.type === "NewExpression" ? `new ${name}()` : `${name}()`,
    ...(source !== undefined && { source }),
    line: lineOf(module, call),
    isPlugin: pluginValues(module).some((value) => isResult(value, call)),
  };
}

function importOf(module: Module, name: string): FoundImport | undefined {
  const root = name.split(/\W/)[0];
  return listImports(module).find(({ local, typeOnly }) => local === root && !typeOnly);
}

/** What is given as `plugins`, and what variables that it names are made of. */
function pluginValues(module: Module): Node[] {
  const values: Node[] = [];
  const variables = new Map<string, Node>();
  walk(module.program, (node) => {
    if (node.type === "ObjectProperty" && keyOf(node) === "plugins") values.push(node.value);
    if (node.type !== "VariableDeclarator" || node.id.type !== "Identifier" || !node.init) return;
    variables.set(node.id.name, node.init);
    if (node.id.name === "plugins") values.push(node.init);
  });
  const named = values.flatMap((value) =>
    [...variables].filter(([name]) => isResultOf(value, name)),
  );
  return [...values, ...named.map(([, init]) => init)];
}

function isResultOf(value: Node, name: string): boolean {
  return someResult(value, (node) => node.type === "Identifier" && node.name === name);
}

function isResult(value: Node, call: Call): boolean {
  return someResult(value, (node) => node === call);
}

/** True for a part of a value that is not only an option of it: nothing within objects counts. */
function someResult(value: Node, matches: (node: Node) => boolean): boolean {
  let found = false;
  walk(value, (node) => {
    if (matches(node)) found = true;
    return !found && node.type !== "ObjectExpression" && isNode(node);
  });
  return found;
}
