// Finds the files of a Next.js app that answer for a path, in both routers. Looks only at names.
import { join } from "node:path";
import type { Workspace } from "../workspace/stage.js";

/** Routers of one app: its `app` folder, and `pages` beside it. */
export type Routers = { readonly appDir: string; readonly pagesDir: string };

type Folders = Pick<Workspace, "entries">;

/** Modules that answer for any path directly below /api/auth. */
export function routesBelowAuth(ws: Folders, { appDir, pagesDir }: Routers): string[] {
  const inApp = foldersAt(ws, appDir, ["api", "auth"]).flatMap((folder) =>
    namesIn(ws, folder)
      .filter(isDynamic)
      .flatMap((name) => modulesIn(ws, join(folder, name), "route")),
  );
  const pages = join(pagesDir, "api/auth");
  const inPages = namesIn(ws, pages)
    .filter(isDynamic)
    .flatMap((name) =>
      MODULE.test(name) ? [join(pages, name)] : modulesIn(ws, join(pages, name), "index"),
    );
  return [...inApp, ...inPages];
}

/** Modules that answer for /auth itself. */
export function pagesAtAuth(ws: Folders, { appDir, pagesDir }: Routers): string[] {
  const inApp = foldersAt(ws, appDir, ["auth"]).flatMap((folder) => [
    ...modulesIn(ws, folder, "page"),
    ...modulesIn(ws, folder, "route"),
    ...namesIn(ws, folder)
      .filter((name) => name.startsWith("[[..."))
      .flatMap((name) => modulesIn(ws, join(folder, name), "page")),
  ]);
  return [
    ...inApp,
    ...modulesIn(ws, pagesDir, "auth"),
    ...modulesIn(ws, join(pagesDir, "auth"), "index"),
  ];
}

/** Modules that answer for any path directly below /auth. */
export function pagesBelowAuth(ws: Folders, { appDir, pagesDir }: Routers): string[] {
  const inApp = foldersAt(ws, appDir, ["auth"]).flatMap((folder) =>
    namesIn(ws, folder)
      .filter((name) => isDynamic(name) && !name.startsWith("[[..."))
      .flatMap((name) => [
        ...modulesIn(ws, join(folder, name), "page"),
        ...modulesIn(ws, join(folder, name), "route"),
      ]),
  );
  const pages = join(pagesDir, "auth");
  const inPages = namesIn(ws, pages)
    .filter(isDynamic)
    .flatMap((name) =>
      MODULE.test(name) ? [join(pages, name)] : modulesIn(ws, join(pages, name), "index"),
    );
  return [...inApp, ...inPages];
}

// --- internal ---

const MODULE = /\.[jt]sx?$/;

/** Folders of a path. Groups, such as `(site)`, are not part of a path. */
function foldersAt(ws: Folders, folder: string, [segment, ...rest]: readonly string[]): string[] {
  const names = namesIn(ws, folder);
  const wanted = segment === undefined ? [] : [segment];
  const grouped = names
    .filter((name) => /^\(.*\)$/.test(name))
    .flatMap((name) => foldersAt(ws, join(folder, name), [...wanted, ...rest]));
  if (segment === undefined) return [folder, ...grouped];
  const own = names.includes(segment) ? foldersAt(ws, join(folder, segment), rest) : [];
  return [...own, ...grouped];
}

function isDynamic(name: string): boolean {
  return name.startsWith("[");
}

function modulesIn(ws: Folders, folder: string, name: string): string[] {
  return namesIn(ws, folder)
    .filter((file) => MODULE.test(file) && file.replace(MODULE, "") === name)
    .map((file) => join(folder, file));
}

function namesIn({ entries }: Folders, folder: string): string[] {
  return entries(folder).map(({ name }) => name);
}
