// The path below which a front end is served, as its bundler's config has it: Vite's `base`, Next's `basePath`.
// Reads the config and prints code; stages nothing.
import { join } from "node:path";
import type { Node } from "@babel/types";
import { walk } from "../edit/index.js";
import { MODULE_ENDINGS, findModule } from "../workspace/find.js";
import type { Shell } from "./detect.js";
import type { Front } from "./front.js";

/** Code of that path, empty for an app at the root of its site. Bundlers replace both with what the config has. */
export function baseOf({ kind }: Pick<Shell, "kind">): string {
  return kind === "next"
    ? 'process.env.__NEXT_ROUTER_BASEPATH ?? ""'
    : 'import.meta.env.BASE_URL.replace(/\\/$/, "")';
}

/**
 * Code of a path of the app's own site: a text, or a template where the app has a base path.
 *
 * @param quote in which a text is printed
 * @example
 * printPath(front, "/auth", '"'); // "/auth", with its quotes
 */
export function printPath(
  front: Pick<Front, "ws"> & { readonly shell: Shell },
  path: string,
  quote: string,
): string {
  if (!hasBase(front)) return quote + path.replaceAll(quote, `\\${quote}`) + quote;
  return `\`\${${baseOf(front.shell)}}${path.replaceAll(/[`\\$]/g, "\\$&")}\``;
}

/** True where the config has a path, or code that may be one. */
export function hasBase({ ws, shell }: Parameters<typeof printPath>[0]): boolean {
  const isNext = shell.kind === "next";
  if (!isNext && shell.kind !== "vite" && shell.kind !== "start") return false;
  const { root, packageJson } = ws.project;
  if (!isNext && /\bvite\b[^"]*\s--base[ =]+\//.test(JSON.stringify(packageJson.scripts ?? {})))
    return true;
  const name = isNext ? "next.config" : "vite.config";
  const path = findModule(ws, join(root, name), ENDINGS);
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) return false;
  let found = false;
  walk(module.program, (node) => {
    const member = memberOf(node);
    if (member?.name === (isNext ? "basePath" : "base")) found ||= mayBePath(member.value);
  });
  return found;
}

// --- internal ---

/** Bundlers also read configs under these. */
const ENDINGS: readonly string[] = [...MODULE_ENDINGS, ".cts", ".cjs"];

/** `base: value`, `config.base = value` */
function memberOf(node: Node): { readonly name: string; readonly value: Node } | undefined {
  if (node.type === "ObjectProperty" && !node.computed && node.key.type === "Identifier")
    return { name: node.key.name, value: node.value };
  if (node.type !== "AssignmentExpression" || node.left.type !== "MemberExpression")
    return undefined;
  const { property, computed } = node.left;
  if (computed || property.type !== "Identifier") return undefined;
  return { name: property.name, value: node.right };
}

/** False for the root, and for a base that is relative or another site: the page's path then does not begin with it. */
function mayBePath(value: Node): boolean {
  if (value.type === "StringLiteral") return /^\/[^/]/.test(value.value);
  return (
    value.type !== "NullLiteral" && !(value.type === "Identifier" && value.name === "undefined")
  );
}
