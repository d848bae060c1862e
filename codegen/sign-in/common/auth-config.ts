// The entries of an auth.config.ts, by whose tokens each accepts. Pure.
import type { Node } from "@babel/types";
import {
  findDefaultExport,
  findProperty,
  resolveExpression,
  textOf,
  unwrap,
  type Module,
} from "../../edit/index.js";
import { importedBy } from "../../patch/calls.js";
import { AUTH0, BY_HAND, CLERK, CONVEX_AUTH, PEER, WORKOS, type Library } from "./libraries.js";

export type Entry = {
  readonly node: Node;
  readonly library: Library;
  /** Its domain or maker, as it is written. */
  readonly name: string;
  /** True where it names the deployment itself: Convex then never asks kitcn's. */
  readonly isOwnDomain: boolean;
};

/**
 * The entries that are not kitcn's. Those of another module are not looked at.
 *
 * @param sites where the deployment is, as far as that is known
 */
export function foreignEntries(module: Module, sites: readonly string[]): Entry[] {
  const found = findDefaultExport(module);
  const config = found?.kind === "expression" ? resolveExpression(module, found.node) : undefined;
  const member =
    config?.type === "ObjectExpression" ? findProperty(config, "providers") : undefined;
  const list =
    member?.type === "ObjectProperty" ? resolveExpression(module, member.value) : undefined;
  if (list?.type !== "ArrayExpression") return [];
  return list.elements.flatMap((element) =>
    element ? (entryOf(module, element, sites) ?? []) : [],
  );
}

// --- internal ---

function entryOf(module: Module, element: Node, sites: readonly string[]): Entry | undefined {
  const made = resolveExpression(module, element);
  if (made.type === "CallExpression") {
    const name = importedBy(module, made.callee);
    if (!name || !PEER.sources.test(name.source)) return undefined;
    return { node: element, library: PEER, name: name.name, isOwnDomain: true };
  }
  if (made.type !== "ObjectExpression") return undefined;
  const issuer = valueOf(module, findProperty(made, "domain") ?? findProperty(made, "issuer"));
  if (issuer === undefined) return undefined;
  const isOidc = findProperty(made, "type") === undefined;
  const isOwn = /CONVEX_SITE_URL\b/.test(issuer) || sites.includes(issuer.replace(/\/+$/, ""));
  const isOwnDomain = isOidc && isOwn;
  return {
    node: element,
    library: libraryOfIssuer(issuer, isOwnDomain),
    name: issuer,
    isOwnDomain,
  };
}

function valueOf(module: Module, member: ReturnType<typeof findProperty>): string | undefined {
  if (member?.type !== "ObjectProperty") return undefined;
  const value = unwrap(resolveExpression(module, member.value));
  return value.type === "StringLiteral" ? value.value : textOf(module, value);
}

/** By the words of its address, which is all that an entry says of its owner. */
function libraryOfIssuer(issuer: string, isOwnDomain: boolean): Library {
  if (isOwnDomain) return CONVEX_AUTH;
  if (/clerk/i.test(issuer)) return CLERK;
  if (/auth0/i.test(issuer)) return AUTH0;
  if (/workos/i.test(issuer)) return WORKOS;
  return BY_HAND;
}
