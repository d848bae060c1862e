// Which variables of the deployment the plugins and providers of auth.ts read, and where. By syntax; pure, but for the
// modules that a reader gives. What a plugin of kitcn's own reads is checked elsewhere.
import type { Node } from "@babel/types";
import { PLUGINS } from "../catalog/plugins.js";
import { PROVIDERS } from "../catalog/providers.js";
import { keyOf, textOf, walk, type Module } from "../edit/index.js";
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
};

/** The variables that plugins and social providers do not work without, each once. */
export function findVariableReads(server: Server): VariableRead[] {
  const reads = [...providerParts(server), ...pluginParts(server)].flatMap(readsIn);
  return [...new Map(reads.map((one) => [one.name, one])).values()];
}

// --- internal ---

type Part = { readonly of: string; readonly at: Located };

function providerParts({ options, read }: Server): Part[] {
  const found = options && findObject(options, "socialProviders", read);
  if (!options || found?.kind !== "literal") return [];
  return found.node.properties.flatMap((member) => {
    const name = keyOf(member);
    if (name === undefined || member.type !== "ObjectProperty") return [];
    const at = followIn({ module: found.module, node: member.value }, options, read);
    return [{ of: `the provider ${name}`, at }];
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

function readsIn({ of, at }: Part): VariableRead[] {
  const { module } = at;
  const reads: VariableRead[] = [];
  const hasOwn = new Set<Node>();
  walk(at.node, (node) => {
    if (node.type === "LogicalExpression" && !isEmptyText(node.right)) hasOwn.add(node.left);
    const name = variableOf(module, node);
    if (name === undefined || CHECKED_ELSEWHERE.test(name)) return;
    // What kitcn wrote falls back to something harmless, not to something that works.
    if (hasOwn.has(node) && !OF_TABLE.has(name)) return;
    reads.push({ name, of, file: module.path, line: node.loc?.start.line ?? 1 });
  });
  return reads;
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
