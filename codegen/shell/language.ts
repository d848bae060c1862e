// Whether an app is written in TypeScript or in JavaScript: new files are what its files are. Reads only.
// What kitcn generates for itself, below generated/, is TypeScript in both.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AppFiles } from "../load/load-schema.js";
import { usesTypeScript } from "../project.js";
import type { Project } from "../types.js";
import { detectShell, type Shell } from "./detect.js";

export type Language = "ts" | "js";

/** The language of a front end: that of the module it starts with, where there is no TypeScript. */
export function frontEndLanguage(project: Project, shell: Shell): Language {
  const entry = entriesOf(shell)[0];
  const isJavaScript = entry !== undefined && JAVASCRIPT.test(entry) && !usesTypeScript(project);
  return isJavaScript ? "js" : "ts";
}

/** The language of the functions directory: that of its modules, else the front end's. */
export function functionsLanguage(project: Project, files: AppFiles): Language {
  if (usesTypeScript(project)) return "ts";
  const names = modulesIn(project.functionsDir);
  if (names.some((name) => TYPESCRIPT.test(name))) return "ts";
  return names.length > 0 ? "js" : frontEndLanguage(project, detectShell(project, files));
}

/**
 * The path of a new module, given as that of a TypeScript one.
 *
 * @example
 * modulePath("src/App.tsx", "js"); // "src/App.jsx"
 */
export function modulePath(path: string, language: Language): string {
  return language === "ts" ? path : path.replace(/\.ts(x?)$/, ".js$1");
}

/** The modules that a front end starts with. */
export function entriesOf(shell: Shell): readonly string[] {
  switch (shell.kind) {
    case "next":
      return shell.layouts;
    case "vite":
      return [shell.entry];
    case "start":
      return [shell.root, ...(shell.router === undefined ? [] : [shell.router])];
    case "none":
      return [];
  }
}

// --- internal ---

const JAVASCRIPT = /\.[cm]?jsx?$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The app's own modules; what is generated says nothing about its author. */
function modulesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return GENERATED.has(entry.name) ? [] : modulesIn(join(folder, entry.name));
    const isModule = JAVASCRIPT.test(entry.name) || TYPESCRIPT.test(entry.name);
    return isModule && !/\.d\.[cm]?ts$/.test(entry.name) ? [entry.name] : [];
  });
}

/** `components` has the app's own auth component, which kitcn writes. */
const GENERATED = new Set(["_generated", "generated", "components", "node_modules"]);
