// Which files of a Next app answer for a path, in both routers. Looks at names only.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Routers of one app: its `app` folder, and `pages` beside it. */
export type Routers = { readonly appDir: string; readonly pagesDir: string };

/** Modules that answer for any path directly below /api/auth. */
export function routesBelowAuth({ appDir, pagesDir }: Routers): string[] {
  const inApp = foldersAt(appDir, ["api", "auth"]).flatMap((folder) =>
    namesIn(folder)
      .filter(isDynamic)
      .flatMap((name) => modulesIn(join(folder, name), "route")),
  );
  const pages = join(pagesDir, "api/auth");
  const inPages = namesIn(pages)
    .filter(isDynamic)
    .flatMap((name) =>
      MODULE.test(name) ? [join(pages, name)] : modulesIn(join(pages, name), "index"),
    );
  return [...inApp, ...inPages];
}

/** Modules that answer for /auth itself. */
export function pagesAtAuth({ appDir, pagesDir }: Routers): string[] {
  const inApp = foldersAt(appDir, ["auth"]).flatMap((folder) => [
    ...modulesIn(folder, "page"),
    ...modulesIn(folder, "route"),
    ...namesIn(folder)
      .filter((name) => name.startsWith("[[..."))
      .flatMap((name) => modulesIn(join(folder, name), "page")),
  ]);
  return [...inApp, ...modulesIn(pagesDir, "auth"), ...modulesIn(join(pagesDir, "auth"), "index")];
}

// --- internal ---

const MODULE = /\.[jt]sx?$/;

/** Folders that stand for a path: groups, as `(site)`, are no part of it. */
function foldersAt(folder: string, [segment, ...rest]: readonly string[]): string[] {
  const names = namesIn(folder);
  const wanted = segment === undefined ? [] : [segment];
  const grouped = names
    .filter((name) => /^\(.*\)$/.test(name))
    .flatMap((name) => foldersAt(join(folder, name), [...wanted, ...rest]));
  if (segment === undefined) return [folder, ...grouped];
  const own = names.includes(segment) ? foldersAt(join(folder, segment), rest) : [];
  return [...own, ...grouped];
}

function isDynamic(name: string): boolean {
  return name.startsWith("[");
}

function modulesIn(folder: string, name: string): string[] {
  return namesIn(folder)
    .filter((file) => MODULE.test(file) && file.replace(MODULE, "") === name)
    .map((file) => join(folder, file));
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.map(({ name }) => name).sort();
}
