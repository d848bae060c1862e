// Reads what `convex deploy` bundled, and lists what Convex's runtime does not have: free names, members of the global
// object, import() and import.meta. Parses only; runs nothing.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import vm from "node:vm";
import { parse } from "@babel/parser";
import traverseModule, { type NodePath } from "@babel/traverse";
import type { MemberExpression } from "@babel/types";
import { INHERITED, PRESENT } from "../deployment/globals.js";

/** "name in file", sorted, for all modules below a folder. The file is the one that was bundled. */
export async function scanBundle(dir: string): Promise<string[]> {
  const hits = new Set<string>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith(".js")) continue;
    const path = join(entry.parentPath, entry.name);
    const source = await readFile(path, "utf8");
    for (const hit of scanModule(source, path.slice(dir.length + 1))) hits.add(hit);
  }
  return [...hits].sort();
}

/** As scanBundle, for one module. */
export function scanModule(source: string, path: string): string[] {
  const ast = parse(source, { sourceType: "module" });
  // esbuild names each file that it bundles in a comment on its own line.
  const origins = (ast.comments ?? []).filter(
    ({ type, loc, value }) =>
      type === "CommentLine" && loc?.start.column === 0 && /\.\w+$/.test(value.trim()),
  );
  const hits = new Set<string>();
  const add = (name: string, at: number) => {
    const origin = origins.findLast(({ start }) => (start ?? 0) <= at)?.value.trim() ?? path;
    hits.add(`${name} in ${origin.replace(/^.*node_modules\//, "").replace(HASH, "")}`);
  };
  traverse(ast, {
    ReferencedIdentifier: ({ node, scope }: NodePath) => {
      if (node.type !== "Identifier" || KNOWN.has(node.name)) return;
      if (!scope.hasBinding(node.name, true)) add(node.name, node.start ?? 0);
    },
    MemberExpression: ({ node, scope }: NodePath<MemberExpression>) => {
      const { object, property, computed } = node;
      if (object.type !== "Identifier" || computed || property.type !== "Identifier") return;
      if (!["globalThis", "self"].includes(object.name) || scope.hasBinding(object.name, true))
        return;
      if (!KNOWN.has(property.name)) add(`globalThis.${property.name}`, node.start ?? 0);
    },
    MetaProperty: ({ node }) => {
      if (node.meta.name === "import") add("import.meta", node.start ?? 0);
    },
    Import: ({ node }) => add("import()", node.start ?? 0),
  });
  return [...hits];
}

// --- internal ---

// CommonJS: Node gives what it exports, with the function in `default`; Vitest gives the function itself.
const traverse = (
  typeof traverseModule === "function" ? traverseModule : traverseModule.default
) as typeof traverseModule.default;

/** In the name of a chunk that a package was built with. */
const HASH = /-[A-Za-z0-9_]{8}(?=\.m?js$)/;

const LANGUAGE = vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
const KNOWN = new Set([...LANGUAGE, ...PRESENT, ...INHERITED, "arguments"]);
