// Finds what would keep the triggers of an app from firing: mutations of Convex's own builders, and modules with
// triggers that nothing loads. Reads; reports; changes nothing.
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Node } from "@babel/types";
import {
  findImport,
  listImports,
  locationOf,
  parseModule,
  walk,
  type Module,
} from "../edit/index.js";
import { shortPath } from "../project.js";
import type { Project } from "../types.js";
import type { AppFiles, LoadedSchema } from "./load-schema.js";

/**
 * Notes for an app that declares triggers with defineTriggers; none for another.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findSilentTriggers(
  project: Project,
  { files, schema }: { files: AppFiles; schema: LoadedSchema },
): string[] {
  const modules = appModules(project).flatMap((path) => {
    const text = files.read(path) ?? "";
    return RELEVANT.test(text) ? [parseModule(text, path)] : [];
  });
  const declaring = modules.filter((module) => findImport(module, DEFINE_TRIGGERS));
  if (declaring.length === 0) return [];
  const loaded = modulesFrom(schema);
  const at = (module: Module, node: Node) =>
    locationOf({ ...module, path: shortPath(project, module.path) }, node);
  return [
    ...declaring
      .filter(({ path }) => !loaded.has(path))
      .map(
        (module) =>
          `${shortPath(project, module.path)}: these triggers never fire, since schema.ts does not load this file. Add \`import ${JSON.stringify(`./${basename(module.path).replace(/\.[cm]?[jt]sx?$/, "")}`)}\` (its path from there) to schema.ts.`,
      ),
    ...modules.flatMap((module) =>
      rawMutations(module).map(
        ({ node, name }) =>
          `${at(module, node)}: \`${name}\` of Convex fires no triggers. Import it from generated/server instead of _generated/server.`,
      ),
    ),
  ];
}

// --- internal ---

const DEFINE_TRIGGERS = { source: "kitcn/orm", name: "defineTriggers" } as const;

const RELEVANT = /kitcn\/orm|_generated\/server|mutationGeneric/i;

const RAW: Readonly<Record<string, readonly string[]>> = {
  generated: ["mutation", "internalMutation"],
  convex: ["mutationGeneric", "internalMutationGeneric"],
};

/** Where functions live beside `lib` and others, all of it; machine-written folders and tests left out. */
function appModules(project: Project): string[] {
  const { functionsDir } = project;
  // An app that is only becoming a Convex app has none yet.
  if (!existsSync(functionsDir)) return [];
  const isNested = basename(functionsDir) === "functions" && dirname(functionsDir) !== project.root;
  return listModules(isNested ? dirname(functionsDir) : functionsDir);
}

function listModules(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.test(entry.name) ? [] : listModules(path);
    return /^[^.]+\.[cm]?[jt]sx?$/.test(entry.name) ? [path] : [];
  });
}

const SKIPPED = /^(\.|_generated$|generated$|node_modules$)/;

/** schema.ts, relations.ts, and what they import, however far. */
function modulesFrom({ module, readModule }: LoadedSchema): Set<string> {
  const seen = new Set<string>();
  const relations = readModule("./relations", module);
  const queue = relations ? [module, relations] : [module];
  for (const next of queue) {
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    for (const statement of next.program.body) {
      const source = "source" in statement ? statement.source : undefined;
      if (source?.type !== "StringLiteral") continue;
      const found = readModule(source.value, next);
      if (found) queue.push(found);
    }
  }
  return seen;
}

type RawMutation = { readonly node: Node; readonly name: string };

function rawMutations(module: Module): RawMutation[] {
  const found: RawMutation[] = [];
  for (const { source, imported, local, typeOnly, declaration } of listImports(module)) {
    const names = rawNames(source);
    if (typeOnly) continue;
    if (names.includes(imported)) found.push({ node: declaration, name: imported });
    else if (imported === "*" && names.length > 0) found.push(...membersOf(module, local, names));
  }
  for (const statement of module.program.body) {
    if (statement.type !== "ExportNamedDeclaration" || !statement.source) continue;
    const names = rawNames(statement.source.value);
    for (const specifier of statement.specifiers)
      if (specifier.type === "ExportSpecifier" && names.includes(specifier.local.name))
        found.push({ node: specifier, name: specifier.local.name });
  }
  return found;
}

function rawNames(source: string): readonly string[] {
  if (source === "convex/server") return RAW["convex"] ?? [];
  return /(^|\/)_generated\/server(\.js)?$/.test(source) ? (RAW["generated"] ?? []) : [];
}

function membersOf(module: Module, namespace: string, names: readonly string[]): RawMutation[] {
  const found: RawMutation[] = [];
  walk(module.program, (node) => {
    if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return;
    const isRaw = node.object.type === "Identifier" && node.object.name === namespace;
    if (isRaw && names.includes(node.property.name)) found.push({ node, name: node.property.name });
  });
  return found;
}
