// The path below which a front end is served, as its bundler's config has it: Vite's `base`, Next's `basePath`.
// Reads the config and prints code; stages nothing.
import { join } from "node:path";
import type { Node } from "@babel/types";
import { MODULE_ENDINGS, findModule } from "../workspace/find.js";
import { configValues } from "./config-values.js";
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
  if (valuesOf(front).length === 0) return quote + path.replaceAll(quote, `\\${quote}`) + quote;
  return `\`\${${baseOf(front.shell)}}${path.replaceAll(/[`\\$]/g, "\\$&")}\``;
}

/**
 * The base path of a front end as a text, empty for an app at the root of its site. Undefined where only running its
 * config tells.
 */
export function basePathOf(front: Parameters<typeof printPath>[0]): string | undefined {
  const paths = [...new Set(valuesOf(front))];
  if (paths.length === 0) return "";
  return paths.length > 1 ? undefined : paths[0]?.replace(/\/$/, "");
}

// --- internal ---

/** The paths that the config and the scripts have; undefined for code that may be one. */
function valuesOf({ ws, shell }: Parameters<typeof printPath>[0]): (string | undefined)[] {
  const isNext = shell.kind === "next";
  if (!isNext && shell.kind !== "vite" && shell.kind !== "start") return [];
  const { root, packageJson } = ws.project;
  const scripts = JSON.stringify(packageJson.scripts ?? {});
  const flag = isNext ? undefined : /\bvite\b[^"]*\s--base[ =]+(\/[^\s"\\]*)/.exec(scripts);
  if (flag) return [flag[1]];
  const name = isNext ? "next.config" : "vite.config";
  const path = findModule(ws, join(root, name), ENDINGS);
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) return [];
  return configValues(module, isNext ? "basePath" : "base")
    .filter(mayBePath)
    .map((value) => (value.type === "StringLiteral" ? value.value : undefined));
}

/** Bundlers also read configs under these. */
const ENDINGS: readonly string[] = [...MODULE_ENDINGS, ".cts", ".cjs"];

/** False for the root, and for a base that is relative or another site: the page's path then does not begin with it. */
function mayBePath(value: Node): boolean {
  if (value.type === "StringLiteral") return /^\/[^/]/.test(value.value);
  return (
    value.type !== "NullLiteral" && !(value.type === "Identifier" && value.name === "undefined")
  );
}
