// Finds what would keep the triggers of an app from firing: writes past them, and modules with triggers that
// nothing loads. Reads; says nothing about it: doctor/check-triggers.ts does.
import { basename, dirname } from "node:path";
import type { Node } from "@babel/types";
import type { SilentTriggers } from "../doctor/types.js";
import { findImport, textOf, walk, type Module } from "../edit/index.js";
import { shortPath } from "../project.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { LoadedSchema } from "./load-schema.js";
import { importExtension, relativeSpecifier } from "./module-resolution.js";
import { findRawBuilders } from "./raw-builders.js";

/**
 * What an app that declares triggers with defineTriggers has; nothing for another.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findSilentTriggers(ws: Workspace, schema: LoadedSchema): SilentTriggers[] {
  const modules = triggerModules(ws);
  const declaring = modules.filter((module) => findImport(module, DEFINE_TRIGGERS));
  if (declaring.length === 0) return [];
  const loaded = modulesFrom(schema);
  const at = (module: Module, node: Node) => ({
    file: shortPath(ws.project, module.path),
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
          importExtension(ws),
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
export function triggerModules(ws: Workspace): Module[] {
  return appModules(ws).flatMap((path) => {
    const isRelevant = RELEVANT.test(ws.read(path) ?? "");
    return (isRelevant && ws.module(path)) || [];
  });
}

/** The function of kitcn/orm that declares triggers. */
export const DEFINE_TRIGGERS = { source: "kitcn/orm", name: "defineTriggers" } as const;

// --- internal ---

const RELEVANT = /kitcn\/(orm|server)|_generated\/server|mutationGeneric/i;

/** Where functions live beside `lib` and others, all of it; machine-written folders and tests left out. */
function appModules(ws: Workspace): string[] {
  const { root, functionsDir } = ws.project;
  const isNested = basename(functionsDir) === "functions" && dirname(functionsDir) !== root;
  const folder = isNested ? dirname(functionsDir) : functionsDir;
  return listFiles(ws, folder, ({ name }) => SKIPPED.test(name)).filter((path) =>
    /^[^.]+\.[cm]?[jt]sx?$/.test(basename(path)),
  );
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
