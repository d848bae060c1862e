// Which variables of the deployment the plugins and providers of auth.ts read, and where. By syntax; pure, but for the
// modules that a reader gives. What a plugin of kitcn's own reads is checked elsewhere.
import type { Node } from "@babel/types";
import { PLUGINS } from "../catalog/plugins.js";
import { PROVIDERS } from "../catalog/providers.js";
import { findProperty, keyOf, textOf, unwrap, walk, type Module } from "../edit/index.js";
import { findObject, followIn } from "../modules/auth-options.js";
import type { Located } from "../modules/names.js";
import { variablesIn } from "./code.js";
import { serverList, type Server } from "./server-half.js";

/** A variable that something needs, and where it is read. */
export type VariableRead = {
  readonly name: string;
  /** `the plugin captcha`, `the provider github`, `your mails`. */
  readonly of: string;
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  /** Nothing breaks without it while the app is developed. */
  readonly isForProduction?: boolean;
  /** Variables that turn on what needs it. */
  readonly onlyWith?: readonly string[];
};

/** The variables that plugins and social providers do not work without, each once. */
export function findVariableReads(server: Server): VariableRead[] {
  const reads = [...providerParts(server), ...pluginParts(server)].flatMap(readsIn);
  return [...new Map(reads.map((one) => [one.name, one])).values()];
}

// --- internal ---

type Part = {
  readonly of: string;
  readonly at: Located;
  /** The options that it does not work without. Default: all that it has. */
  readonly needs?: ReadonlySet<string>;
};

function providerParts({ options, read }: Server): Part[] {
  const found = options && findObject(options, "socialProviders", read);
  if (!options || found?.kind !== "literal") return [];
  return found.node.properties.flatMap((member) => {
    const name = keyOf(member);
    if (name === undefined || member.type !== "ObjectProperty") return [];
    const at = followIn({ module: found.module, node: member.value }, options, read);
    return [{ of: `the provider ${name}`, at, needs: neededBy(name) }];
  });
}

function pluginParts(server: Server): Part[] {
  const list = serverList(server);
  if (!list) return [];
  return list.list.elements.flatMap((item) => {
    if (item === null) return [];
    const at = followIn({ module: list.module, node: item }, list.options, server.read);
    if (at.node.type !== "CallExpression") return [];
    return [{ of: `the plugin ${textOf(at.module, at.node.callee)}`, at }];
  });
}

function readsIn({ of, at, needs }: Part): VariableRead[] {
  const { module } = at;
  const reads: VariableRead[] = [];
  const hasOwn = new Set<Node>();
  const look = (code: Node, onlyWith: readonly string[], isNeeded: boolean) =>
    walk(code, (node) => {
      const guarded = guardedIn(node);
      if (guarded) {
        const names = guarded.test && turnedOnBy(module, guarded.test);
        if (names) for (const one of guarded.parts) look(one, [...onlyWith, ...names], isNeeded);
        return false;
      }
      if (!isNeeded && node.type === "ObjectProperty" && needs?.has(keyOf(node) ?? "")) {
        look(node.value, onlyWith, true);
        return false;
      }
      if (node.type === "LogicalExpression" && !isEmptyText(node.right)) hasOwn.add(node.left);
      const name = variableOf(module, node);
      if (name === undefined || !isNeeded || CHECKED_ELSEWHERE.test(name)) return;
      // What kitcn wrote falls back to something harmless, not to something that works.
      if (hasOwn.has(node) && !OF_TABLE.has(name)) return;
      const line = node.loc?.start.line ?? 1;
      reads.push({ name, of, file: module.path, line, ...(onlyWith.length > 0 && { onlyWith }) });
    });
  look(at.node, [], needs === undefined);
  return reads;
}

/** What is there only where a condition is met, and the condition. `{ enabled: x, ... }` is, too. */
function guardedIn(
  node: Node,
): { readonly test?: Node; readonly parts: readonly Node[] } | undefined {
  if (node.type === "ConditionalExpression") return { test: node.test, parts: [node.consequent] };
  if (node.type === "LogicalExpression" && node.operator === "&&")
    return { test: node.left, parts: [node.right] };
  if (node.type === "UnaryExpression") return { parts: [] };
  if (node.type === "BinaryExpression" && node.operator !== "+") return { parts: [] };
  if (node.type !== "ObjectExpression") return undefined;
  const enabled = findProperty(node, "enabled");
  if (enabled?.type !== "ObjectProperty") return undefined;
  const isOn = enabled.value.type === "BooleanLiteral" && enabled.value.value;
  const parts = node.properties.filter((one) => one !== enabled);
  return isOn ? undefined : { test: enabled.value, parts };
}

/**
 * The variables that meet a condition once all of them are set: those of `A`, `!!A`, `Boolean(A)`, and `&&` between
 * them. Undefined for any other: nobody knows when it is met.
 */
function turnedOnBy(module: Module, condition: Node): string[] | undefined {
  const node = unwrap(condition);
  const name = variableOf(module, node);
  if (name !== undefined) return [name];
  if (node.type === "LogicalExpression" && node.operator === "&&") {
    const [left, right] = [node.left, node.right].map((one) => turnedOnBy(module, one));
    return left && right && [...left, ...right];
  }
  if (node.type === "UnaryExpression" && node.operator === "!") {
    const inner = unwrap(node.argument);
    const isTwice = inner.type === "UnaryExpression" && inner.operator === "!";
    return isTwice ? turnedOnBy(module, inner.argument) : undefined;
  }
  const isBoolean = node.type === "CallExpression" && textOf(module, node.callee) === "Boolean";
  const [argument] = isBoolean ? node.arguments : [];
  return argument && turnedOnBy(module, argument);
}

/** The options of a provider that kitcn writes, and those that every provider takes. */
function neededBy(provider: string): ReadonlySet<string> {
  const options = PROVIDERS.find(({ name }) => name === provider)?.options ?? "";
  const written = [...options.matchAll(/(\w+):/g)].map(([, name = ""]) => name);
  return new Set(["clientId", "clientSecret", ...written]);
}

/** Those of auth itself, and those that Convex sets. */
const CHECKED_ELSEWHERE = /^(SITE_URL|JWKS|NODE_ENV|BETTER_AUTH_\w+|CONVEX_\w+)$/;

const OF_TABLE: ReadonlySet<string> = new Set(
  [
    ...PLUGINS.flatMap(({ server }) => [server.args, server.crossDomainArgs]),
    ...PROVIDERS.map(({ options }) => options),
  ].flatMap(variablesIn),
);

/** `process.env.NAME`, or `getEnv().NAME`. */
function variableOf(module: Module, node: Node): string | undefined {
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier" || node.computed)
    return undefined;
  const object = textOf(module, node.object);
  return /^(process\.env|\w*[eE]nv\(\))$/.test(object) ? node.property.name : undefined;
}

function isEmptyText(node: Node): boolean {
  return node.type === "StringLiteral" && node.value === "";
}
