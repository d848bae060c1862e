// The path below which a front end is served, as its config has it: Vite's `base`, Next's `basePath`, and so on.
// Reads the config and prints code; stages nothing.
import { join } from "node:path";
import type { Node } from "@babel/types";
import { walk, type Module } from "../edit/index.js";
import { MODULE_ENDINGS, findModule } from "../workspace/find.js";
import { configValues, valueOf } from "./config-values.js";
import type { Shell } from "./detect.js";
import { authClientOf, type Front } from "./front.js";

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

/** Of an app that forwards the auth routes itself, below a path: both halves of auth have to know it. */
export function notesBelowPath(front: Front): string[] {
  const knows = front.ws.read(authClientOf(front))?.includes("basePath");
  if (knows || basePathOf(front) === "") return [];
  return [
    `The app is served below the path that its ${placeOf(front)} names, and auth has to know: node_modules/kitcn/docs/server.md#an-app-below-a-path has the lines to write.`,
  ];
}

// --- internal ---

function placeOf({ shell }: Front): string {
  const place = PLACES[shell.kind];
  return place ? [place.in ?? [], place.name].flat().join(".") : "";
}

/** Where a config has the path: the files, the member, and a member that it may be in. */
type Place = { readonly files: readonly string[]; readonly name: string; readonly in?: string };

const VITE: Place = { files: ["vite.config"], name: "base" };

const PLACES: Readonly<Partial<Record<Shell["kind"], Place>>> = {
  next: { files: ["next.config"], name: "basePath" },
  vite: VITE,
  start: VITE,
  solidstart: VITE,
  sveltekit: { files: ["svelte.config", "vite.config"], name: "base", in: "paths" },
  nuxt: { files: ["nuxt.config"], name: "baseURL", in: "app" },
};

/** The paths that the config and the scripts have; undefined for code that may be one. */
function valuesOf({ ws, shell }: Parameters<typeof printPath>[0]): (string | undefined)[] {
  const place = PLACES[shell.kind];
  if (!place) return [];
  const { root, packageJson } = ws.project;
  const scripts = JSON.stringify(packageJson.scripts ?? {});
  const flag = /\bvite\b[^"]*\s--base[ =]+(\/[^\s"\\]*)/.exec(scripts);
  if (flag && place === VITE) return [flag[1]];
  return place.files
    .flatMap((name) => findModule(ws, join(root, name), ENDINGS) ?? [])
    .flatMap((path) => ws.module(path) ?? [])
    .flatMap((module) => valuesAt(module, place))
    .filter(mayBePath)
    .map((value) => (value.type === "StringLiteral" ? value.value : undefined));
}

function valuesAt(module: Module, { name, in: outer }: Place): Node[] {
  if (outer === undefined) return configValues(module, name);
  const found: Node[] = [];
  // SvelteKit's own config may be in a call of Vite's.
  walk(module.program, (node) => {
    if (node.type !== "ObjectExpression") return;
    const inner = valueOf(node, outer);
    const value = inner?.type === "ObjectExpression" ? valueOf(inner, name) : undefined;
    if (value) found.push(value);
  });
  return found;
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
