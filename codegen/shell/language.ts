// Tells whether an app is written in TypeScript or in JavaScript, so that new files match. Reads only.
// Files that kitcn generates below generated/ are always TypeScript.
import { basename } from "node:path";
import { usesTypeScript } from "../disk/project.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { isSite, type Shell } from "./detect.js";
import { frontsOf } from "./fronts.js";

export type Language = "ts" | "js";

/** The language of a front end: that of the module it starts with, where there is no TypeScript. */
export function frontEndLanguage(project: Project, shell: Shell): Language {
  if (isSite(shell)) return usesTypeScript(project) ? "ts" : "js";
  const entry = entriesOf(shell)[0];
  const isJavaScript = entry !== undefined && JAVASCRIPT.test(entry) && !usesTypeScript(project);
  return isJavaScript ? "js" : "ts";
}

/** The language of the functions directory: that of its modules, else the front end's. */
export function functionsLanguage(ws: Workspace): Language {
  const { project } = ws;
  if (usesTypeScript(project)) return "ts";
  const names = modulesIn(ws);
  if (names.some((name) => TYPESCRIPT.test(name))) return "ts";
  if (names.length > 0) return "js";
  const [front] = frontsOf(ws);
  return frontEndLanguage(front.ws.project, front.shell);
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
    case "expo":
      return [shell.root];
    case "solidstart":
      return [shell.app];
    // They begin with components of Svelte or Vue, which are not modules.
    case "sveltekit":
    case "nuxt":
    case "none":
      return [];
  }
}

// --- internal ---

const JAVASCRIPT = /\.[cm]?jsx?$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The app's own modules; what is generated says nothing about its author. */
function modulesIn(ws: Workspace): string[] {
  return listFiles(ws, ws.project.functionsDir, ({ name }) => GENERATED.has(name))
    .map((path) => basename(path))
    .filter((name) => JAVASCRIPT.test(name) || TYPESCRIPT.test(name))
    .filter((name) => !/\.d\.[cm]?ts$/.test(name));
}

/** `components` has the app's own auth component, which kitcn writes. */
const GENERATED = new Set(["_generated", "generated", "components", "node_modules"]);
