// Finds what would keep the triggers of an app from firing: writes past them, and modules with triggers that
// nothing loads. Reads; says nothing about it: doctor/check-triggers.ts does.
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Node } from "@babel/types";
import type { SilentTriggers } from "../doctor/types.js";
import { findImport, parseModule, textOf, walk, type Module } from "../edit/index.js";
import { shortPath } from "../project.js";
import type { Project } from "../types.js";
import type { AppFiles, LoadedSchema } from "./load-schema.js";
import { importExtension, relativeSpecifier } from "./module-resolution.js";
import { findRawBuilders } from "./raw-builders.js";

/**
 * What an app that declares triggers with defineTriggers has; nothing for another.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findSilentTriggers(
  project: Project,
  { files, schema }: { files: AppFiles; schema: LoadedSchema },
): SilentTriggers[] {
  const modules = triggerModules(project, files);
  const declaring = modules.filter((module) => findImport(module, DEFINE_TRIGGERS));
  if (declaring.length === 0) return [];
  const loaded = modulesFrom(schema);
  const at = (module: Module, node: Node) => ({
    file: shortPath(project, module.path),
    line: node.loc?.start.line ?? 1,
  });
  return [
    ...declaring
      .filter(({ path }) => !loaded.has(path))
      .map((module) => ({
        ...at(module, declarationIn(module)),
        kind: "unloaded" as const,
        specifier: relativeSpecifier(
          schema.module.path,
          module.path.replace(/\.[cm]([jt]sx?)$/, ".$1"),
          importExtension(project, files),
        ),
      })),
    ...modules.flatMap((module) =>
      findRawBuilders(module).map(({ node, name }) => ({
        ...at(module, node),
        kind: "bypass" as const,
        builder: name,
      })),
    ),
  ];
}

/** The app's modules that may declare triggers or write past them. @throws CodegenError `SYNTAX_ERROR` */
export function triggerModules(project: Project, files: AppFiles): Module[] {
  return appModules(project).flatMap((path) => {
    const text = files.read(path) ?? "";
    return RELEVANT.test(text) ? [parseModule(text, path)] : [];
  });
}

/** The function of kitcn/orm that declares triggers. */
export const DEFINE_TRIGGERS = { source: "kitcn/orm", name: "defineTriggers" } as const;

// --- internal ---

const RELEVANT = /kitcn\/(orm|server)|_generated\/server|mutationGeneric/i;

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

/** The first call of defineTriggers, else the module itself. */
function declarationIn(module: Module): Node {
  const local = findImport(module, DEFINE_TRIGGERS);
  let found: Node | undefined;
  walk(module.program, (node) => {
    if (node.type === "CallExpression" && textOf(module, node.callee) === local) found ??= node;
  });
  return found ?? module.program;
}
