// The origins that `registerRoutes()` of the peer let in, for that of kitcn: those of its options, and the trusted origins of
// auth.ts, which the peer added itself. By syntax; what is computed is not carried, and a note names it. Pure.
import type { CallExpression, Node } from "@babel/types";
import {
  findProperty,
  keyOf,
  resolveExpression,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../../edit/index.js";
import { methodOf } from "../../patch/calls.js";

/** What becomes of the options of a registration. */
export type Cors = {
  /** The option `cors`, as text; undefined for routes without CORS. */
  readonly text: string | undefined;
  /** What the text has of the call: it mentions what this does. */
  readonly kept?: Node | undefined;
  /** What is not carried over, and what its owner does. */
  readonly notes: readonly {
    readonly module: Module;
    readonly node: Node;
    readonly text: string;
  }[];
};

/**
 * The options of a call; undefined for a form that is not understood.
 *
 * @param home the module with Better Auth's options
 */
export function corsOf(
  module: Module,
  call: CallExpression,
  home: Module | undefined,
): Cors | undefined {
  const given = call.arguments[2];
  const options = given && resolveExpression(module, given);
  if (!options) return NONE;
  if (options.type !== "ObjectExpression" || isOpen(options)) return undefined;
  const cors = valueOf(module, options, "cors");
  const notes: Cors["notes"][number][] = [
    ...(findProperty(options, "basePath") ? [noteOn(module, options, "basePath")] : []),
  ];
  if (!cors || (cors.type === "BooleanLiteral" && !cors.value)) return { text: undefined, notes };
  const object = cors.type === "ObjectExpression" ? cors : undefined;
  if (cors.type !== "BooleanLiteral" && (!object || isOpen(object))) return undefined;
  const own = object && findProperty(object, "allowedOrigins");
  const origins = own?.type === "ObjectProperty" ? own.value : undefined;
  if (own && !origins) return undefined;
  for (const name of ["allowedHeaders", "exposedHeaders"])
    if (object && findProperty(object, name)) notes.push(noteOn(module, object, name));
  const trusted = isLazy(call)
    ? (trustedIn(module, options) ?? (home && trustedIn(home, home.program)))
    : home && trustedIn(home, home.program);
  if (trusted && !trusted.texts)
    notes.push({
      ...trusted.at,
      text: "trustedOrigins is computed, and CORS does not take it over. Write these origins into `allowedOrigins` of registerRoutes() in http.ts, too.",
    });
  const all = [...(trusted?.texts ?? []), ...sitesIn(home)];
  const list = origins && resolveExpression(module, origins);
  const texts =
    list?.type === "ArrayExpression"
      ? list.elements.map((one) => (one ? textOf(module, one) : ""))
      : [];
  if (all.length === 0)
    return { text: originsText(origins ? textOf(module, origins) : "[]"), kept: origins, notes };
  const rest =
    origins && list?.type !== "ArrayExpression" ? [`...${textOf(module, origins)}`] : texts;
  const isTyped = /\.[cm]?tsx?$/.test(module.path);
  const unique = [...new Set([...all, ...rest])].map((one) =>
    isTyped ? one : one.replace(/!$/, ""),
  );
  const isKnown = unique.every((one) => ORIGIN.test(one));
  // A list is checked when the routes are made; a variable may be missing then.
  const text = originsText(`${isKnown ? "" : "() => "}[${unique.join(", ")}]`);
  return { text, kept: origins, notes };
}

// --- internal ---

const NONE: Cors = { text: undefined, notes: [] };

/** A text that is an origin. */
const ORIGIN = /^["']https?:\/\/[a-z0-9.*-]+(:(\d+|\*))?["']$/i;

function originsText(text: string): string {
  return `cors: { allowedOrigins: ${text} }`;
}

function isLazy(call: CallExpression): boolean {
  return methodOf(call)?.name === "registerRoutesLazy";
}

/** True for an object with members that come from elsewhere. */
function isOpen(object: Extract<Node, { type: "ObjectExpression" }>): boolean {
  return object.properties.some(({ type }) => type === "SpreadElement");
}

function noteOn(module: Module, object: Extract<Node, { type: "ObjectExpression" }>, name: string) {
  const text =
    name === "basePath"
      ? "basePath is not carried over: kitcn takes it from `basePath` in auth.ts."
      : `${name} is not carried over: kitcn's CORS has the headers of Better Auth alone.`;
  return { module, node: findProperty(object, name) ?? object, text };
}

function valueOf(
  module: Module,
  object: Extract<Node, { type: "ObjectExpression" }>,
  name: string,
): Node | undefined {
  const member = findProperty(object, name);
  return member?.type === "ObjectProperty" ? resolveExpression(module, member.value) : member;
}

type Trusted = {
  readonly at: { readonly module: Module; readonly node: Node };
  readonly texts: readonly string[] | undefined;
};

/** The option `trustedOrigins` below a node. */
function trustedIn(module: Module, root: Node): Trusted | undefined {
  let found: Trusted | undefined;
  walk(root, (node) => {
    if (found || (node.type !== "ObjectProperty" && node.type !== "ObjectMethod")) return;
    if (keyOf(node) !== "trustedOrigins") return;
    const texts = node.type === "ObjectProperty" ? listOf(module, node.value) : undefined;
    found = { at: { module, node }, texts };
  });
  return found;
}

/** `siteUrl` of `crossDomain()`, which that plugin trusts. */
function sitesIn(home: Module | undefined): string[] {
  const sites: string[] = [];
  walk(home?.program ?? { type: "EmptyStatement" }, (node) => {
    if (!home || node.type !== "CallExpression" || textOf(home, node.callee) !== "crossDomain")
      return;
    const [given] = node.arguments;
    const site = given?.type === "ObjectExpression" ? findProperty(given, "siteUrl") : undefined;
    const text = site?.type === "ObjectProperty" ? staticText(home, site.value) : undefined;
    if (text !== undefined) sites.push(text);
  });
  return sites;
}

/** The elements of a list whose values no call decides. */
function listOf(module: Module, node: Node): string[] | undefined {
  const list = resolveExpression(module, node);
  if (list.type !== "ArrayExpression") return undefined;
  const texts = list.elements.map((one) => {
    if (one?.type === "SpreadElement") return listOf(module, one.argument);
    const text = one ? staticText(module, one) : undefined;
    return text === undefined ? undefined : [text];
  });
  return texts.includes(undefined) ? undefined : texts.flatMap((one) => one ?? []);
}

/** A text, a variable of the deployment, or a choice of these: it means the same in another module. */
function staticText(module: Module, node: Node): string | undefined {
  const value = unwrap(node);
  if (value.type === "StringLiteral") return textOf(module, value);
  if (value.type === "Identifier") {
    const made = resolveExpression(module, value);
    return made === value ? undefined : staticText(module, made);
  }
  if (value.type === "LogicalExpression") {
    const [left, right] = [staticText(module, value.left), staticText(module, value.right)];
    return left === undefined || right === undefined
      ? undefined
      : `${left.replace(/!$/, "")} ${value.operator} ${right}`;
  }
  const text = textOf(module, value);
  return /^process\.env\.\w+$/.test(text) ? `${text}!` : undefined;
}
