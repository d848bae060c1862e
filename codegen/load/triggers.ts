// Finds what would keep the triggers of an app from firing: writes past them, and modules with triggers that
// nothing loads. Reads; says nothing about it: doctor/check-triggers.ts does.
import { basename, dirname } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { shortPath } from "../disk/project.js";
import { textOf, walk, type Module } from "../edit/index.js";
import { findPackageName } from "../modules/names.js";
import { reachableFrom } from "../modules/reach.js";
import { openModules, targetsOf } from "../modules/resolve.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { LoadedSchema } from "./load-schema.js";
import { importExtension, relativeSpecifier } from "./module-resolution.js";
import { findRawBuilders } from "./raw-builders.js";

/** What keeps triggers from firing, and where. */
export type SilentTriggers = { readonly file: string; readonly line: number } & (
  | {
      readonly kind: "unloaded";
      /** As schema.ts would import the file. */ readonly specifier: string;
    }
  | {
      readonly kind: "bypass";
      /** Of Convex; undefined where `initCRPC.create()` takes it. */
      readonly builder: string | undefined;
    }
);

/** A call of defineTriggers, and the module it stands in. */
export type TriggerCall = { readonly module: Module; readonly call: CallExpression };

/**
 * What an app that declares triggers with defineTriggers has; nothing for another.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findSilentTriggers(ws: Workspace, schema: LoadedSchema): SilentTriggers[] {
  const declared = new Map(
    // Of several in one module, the first.
    findTriggerCalls(ws)
      .reverse()
      .map((found) => [found.module.path, found]),
  );
  if (declared.size === 0) return [];
  const loaded = modulesFrom(schema);
  const at = (module: Module, node: Node) => ({
    file: shortPath(ws.project, module.path),
    line: node.loc?.start.line ?? 1,
  });
  return [
    ...[...declared.values()]
      .filter(({ module }) => !loaded.has(module.path))
      .map(({ module, call }) => ({
        ...at(module, call),
        kind: "unloaded" as const,
        specifier: relativeSpecifier(
          schema.module.path,
          module.path.replace(/\.[cm]([jt]sx?)$/, ".$1"),
          importExtension(ws),
        ),
      })),
    ...modulesNaming(ws, /mutation|initCRPC|_generated\/server|export \*/i).flatMap((module) =>
      findRawBuilders(module, (source) => isGeneratedServer(ws, source, module)).map(
        ({ node, name }) => ({ ...at(module, node), kind: "bypass" as const, builder: name }),
      ),
    ),
  ];
}

/**
 * Every call of defineTriggers, however the app's modules pass it on.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findTriggerCalls(ws: Workspace): TriggerCall[] {
  const read = openModules(ws);
  return modulesNaming(ws, /\bdefineTriggers\b/).flatMap((module) => {
    const calls: TriggerCall[] = [];
    walk(module.program, (node) => {
      if (node.type !== "CallExpression") return;
      const name = findPackageName(module, textOf(module, node.callee), read);
      if (name?.source === DEFINE_TRIGGERS.source && name.name === DEFINE_TRIGGERS.name)
        calls.push({ module, call: node });
    });
    return calls;
  });
}

// --- internal ---

/** The function of kitcn/orm that declares triggers. */
const DEFINE_TRIGGERS = { source: "kitcn/orm", name: "defineTriggers" } as const;

/** The app's modules whose text has something. */
function modulesNaming(ws: Workspace, pattern: RegExp): Module[] {
  return appModules(ws).flatMap((path) => {
    const isNamed = pattern.test(ws.read(path) ?? "");
    return (isNamed && ws.module(path)) || [];
  });
}

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
  const relations = readModule("./relations", module);
  const entries = relations ? [module, relations] : [module];
  return new Set(reachableFrom(entries, readModule).map(({ path }) => path));
}

/** By its own path or by an alias of it. */
function isGeneratedServer(ws: Workspace, source: string, { path }: Module): boolean {
  return [source, ...targetsOf(ws, source, path)].some((one) =>
    /(^|[\\/])_generated[\\/]server(\.[jt]s)?$/.test(one),
  );
}
