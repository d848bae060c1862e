// The modules of an app that run: what its front end begins with, and what Convex calls. Everything that signs users
// in is in one of them or behind its imports. Looks; parses what it reaches.
import { basename, join } from "node:path";
import type { Module } from "../../edit/index.js";
import { openReadable, readModule } from "../../modules/readable.js";
import { reachableFrom } from "../../modules/reach.js";
import type { ModuleReader } from "../../modules/resolve.js";
import type { Shell, ShellOf } from "../../shell/detect.js";
import { authClientIn, authServerIn } from "../../shell/front.js";
import { entriesOf } from "../../shell/language.js";
import { findModule, listFiles } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";

/** Every module that runs in the browser, on the app's server or in Convex, in the order of their paths. */
export function modulesThatRun(ws: Workspace, shell: Shell): Module[] {
  const paths = [
    ...frontEndRoots(ws, shell),
    ...functionsOf(ws),
    ...middlewareOf(ws),
    ...helpersOf(ws, shell),
  ];
  const roots = paths.flatMap((path) => readModule(ws, path) ?? []);
  return reachableFrom(roots, openReadable(ws))
    .filter(({ path }) => !isGenerated(ws, path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `middleware.ts`, which Next calls `proxy.ts` now, beside `app` or at the root. */
export function middlewareOf(ws: Workspace): string[] {
  return ["middleware", "proxy", "src/middleware", "src/proxy"].flatMap(
    (name) => findModule(ws, join(ws.project.root, name)) ?? [],
  );
}

/**
 * Whether a module of Next's App Router is rendered by the server, in the browser, or by both: without "use client" it
 * is rendered where those are that import it.
 */
export function renderersOf(
  ws: Workspace,
  shell: ShellOf<"next">,
  path: string,
): { readonly server: boolean; readonly browser: boolean } {
  const read = openReadable(ws);
  const all = modulesThatRun(ws, shell);
  const onServer: ModuleReader = (specifier, importer) => {
    const module = read(specifier, importer);
    return module && isForBrowser(module) ? undefined : module;
  };
  const inApp = all.filter((one) => one.path.startsWith(join(shell.appDir, "/")));
  const pages = inApp.filter((one) => CONVENTIONS.test(basename(one.path)) && !isForBrowser(one));
  const folder = join(shell.base, "pages", "/");
  const browser = all.filter((one) => isForBrowser(one) || one.path.startsWith(folder));
  const has = (modules: readonly Module[]) => modules.some((one) => one.path === path);
  return {
    server: has(reachableFrom(pages, onServer)),
    browser: has(reachableFrom(browser, read)),
  };
}

/** True for a module that says so itself. */
export function isForBrowser({ program }: Module): boolean {
  return program.directives.some(({ value }) => value.value === "use client");
}

// --- internal ---

const MODULE = /\.[cm]?[jt]sx?$/;

/** What Next's App Router renders or calls by its name. */
const CONVENTIONS =
  /^(layout|page|template|route|default|error|global-error|loading|not-found|forbidden|unauthorized)\.[jt]sx?$/;

const SKIPPED = /^(\.|_generated$|generated$|node_modules$|dist$|build$|out$|coverage$)/;

function frontEndRoots(ws: Workspace, shell: Shell): readonly string[] {
  const { root, functionsDir } = ws.project;
  switch (shell.kind) {
    case "vite":
      return entriesOf(shell);
    case "expo":
      return [
        ...entriesOf(shell),
        ...(shell.routesDir === undefined ? [] : modulesIn(ws, shell.routesDir)),
      ];
    case "start":
    case "solidstart":
      return [...entriesOf(shell), ...modulesIn(ws, shell.routesDir)];
    case "next":
      return [
        ...modulesIn(ws, shell.appDir).filter((path) => CONVENTIONS.test(basename(path))),
        ...modulesIn(ws, join(shell.base, "pages")),
      ];
    // Nothing is known of where such an app begins; components of Svelte and Vue are no modules.
    case "sveltekit":
    case "nuxt":
    case "none":
      return modulesIn(ws, root).filter((path) => !path.startsWith(join(functionsDir, "/")));
  }
}

/** What kitcn's own modules import where the app has it, whether the app itself does or not. */
function helpersOf(ws: Workspace, shell: Shell): string[] {
  if (!("base" in shell)) return [];
  const server = authServerIn(ws, shell.base);
  return [server, authClientIn(ws, shell.base)].flatMap((path) => path ?? []);
}

/** Convex calls each of its modules. */
function functionsOf(ws: Workspace): string[] {
  return modulesIn(ws, ws.project.functionsDir).filter(
    (path) => !/\.(test|spec|d)\.[cm]?[jt]sx?$/.test(path),
  );
}

function modulesIn(ws: Workspace, folder: string): string[] {
  const files = listFiles(ws, folder, ({ name }) => SKIPPED.test(name));
  return files.filter((path) => MODULE.test(path) && !/\.d\.[cm]?ts$/.test(path));
}

function isGenerated(ws: Workspace, path: string): boolean {
  const { functionsDir } = ws.project;
  return ["_generated", "generated"].some((name) => path.startsWith(join(functionsDir, name, "/")));
}
