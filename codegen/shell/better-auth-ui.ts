// Plans the pages of Better Auth UI in a front end: its provider, the modules that show its views, and their routes.
// Stages files and their hashes in the lock; must not change a file that somebody changed.
import { join } from "node:path";
import { isKnownProvider } from "../catalog/providers.js";
import { listExports, listImports, locationOf } from "../edit/index.js";
import { uiRouteTaken } from "../errors/edits-front.js";
import { loadLock } from "../load/load-schema.js";
import { sameLock } from "../lock/lock.js";
import {
  moduleOfPlugin,
  pluginsByHand,
  printNextEntry,
  printNextView,
  printStartEntry,
  printStartView,
  printUiProvider,
  printUiViews,
  uiDocs,
  type UiInput,
} from "../page/better-auth-ui.js";
import { hashOf, isHashOf, ownedPages, withPages } from "../page/owned.js";
import { wrapChildren } from "../patch/root.js";
import { shortPath } from "../disk/project.js";
import { readModule } from "../modules/readable.js";
import { findModule } from "../workspace/find.js";
import { stagePatch } from "../workspace/stage.js";
import { dropAuthPage } from "./auth-page.js";
import { baseOf } from "./base-path.js";
import {
  authClientOf,
  jsxFormatter,
  modulesFrom,
  newModule,
  specifierOf,
  stageInStyle,
  type Front,
} from "./front.js";
import { entriesOf } from "./language.js";
import {
  authPageFolder,
  lockKeyOf,
  stagePagesLock,
  type PageInput,
  type UiPage,
} from "./page-paths.js";
import { asUiFront, hasUiModule, type UiFront } from "./shadcn.js";

/** The routes of a framework: `taken` are modules that answer for /auth, or for a path directly below it. */
export type UiRoutes = {
  /** Of the page at /auth, and of the pages below it: paths as in a TypeScript app. */
  readonly entry: string;
  readonly view: string;
  readonly taken: readonly string[];
  /** kitcn's own page at /auth, as it is written: it goes. */
  readonly own: (path: string) => string;
};

/** Path of the module with the provider; it may not be there yet. */
export function uiProviderOf(front: Front): string {
  return uiModule(front, "BetterAuthUI");
}

/** True for a front end that shows Better Auth UI's views. A module of the same name may be its author's own. */
export function hasUi(front: Front): boolean {
  if (!asUiFront(front)) return false;
  const module = readModule(front.ws, uiProviderOf(front));
  return (
    module !== undefined &&
    listExports(module, "BetterAuthUI").some(({ kind }) => kind !== "from") &&
    listImports(module).some(({ source }) => source.startsWith("@better-auth-ui/"))
  );
}

/**
 * Stages the provider, the pages at and below /auth, and the provider's place in the layout.
 *
 * @returns sentences about files that kitcn did not edit
 * @throws CodegenError `AUTH_PAGE_TAKEN`, `LAYOUT_UNKNOWN_FORM`
 */
export async function stageUi(
  front: UiFront & PageInput,
  ui: UiPage,
  routes: UiRoutes,
): Promise<string[]> {
  const { ws } = front;
  const lock = await loadLock(front.home);
  const pages: Record<string, string> = { ...ownedPages(lock) };
  const provider = uiProviderOf(front);
  const views = uiModule(front, "AuthViews");
  const entry = newModule(front, routes.entry);
  const view = newModule(front, routes.view);
  const isNew = !ws.has(provider);
  const isKitcns = (path: string) =>
    hashOf(path, ws.read(path) ?? "") === hashOf(path, routes.own(path));
  const taken = routes.taken.find(
    (path) => !Object.hasOwn(pages, lockKeyOf(front, path)) && !isKitcns(path),
  );
  if (taken !== undefined) throw routeTaken(front, taken);
  for (const path of routes.taken.filter(isKitcns)) ws.remove(path);
  const before = dropAuthPage(front, pages);
  const input = inputOf(front, ui);
  const isNext = front.shell.kind === "next";
  const texts: readonly (readonly [path: string, text: (path: string) => string])[] = [
    [provider, (path) => printUiProvider(input(path))],
    [views, (path) => printUiViews(input(path))],
    [entry, (path) => (isNext ? printNextEntry : printStartEntry)(specifierOf(front, path, views))],
    [view, (path) => (isNext ? printNextView : printStartView)(specifierOf(front, path, views))],
  ];
  const notes = [...before];
  for (const [path, text] of texts) {
    const isOurs = await stageOwned(front, { path, text: text(path), pages });
    if (!isOurs && path === provider)
      notes.push(...missingNotes(front, { provider, ui, wanted: text(path) }));
  }
  const next = withPages(lock, pages);
  if (!sameLock(lock, next)) stagePagesLock(front, next);
  notes.push(...(await placeProvider(front, provider, isNew)), ...byHandNotes(ui));
  return notes;
}

/** The plugins whose modules shadcn's CLI has copied. */
export function copiedPlugins(front: UiFront, { aliases, plugins }: UiPage): string[] {
  return plugins.filter((id) => hasUiModule(front, aliases, moduleOfPlugin(id)));
}

// --- internal ---

function uiModule(front: Front, name: string): string {
  const path = join(authPageFolder(front), `${name}.tsx`);
  return findModule(front.ws, path.replace(/\.tsx$/, "")) ?? newModule(front, path);
}

function inputOf(front: UiFront & PageInput, ui: UiPage): (path: string) => UiInput {
  const { features, providers, shell } = front;
  return (path) => ({
    framework: shell.kind,
    aliases: ui.aliases,
    features,
    // Its list takes Better Auth's own alone.
    providers: providers.filter(isKnownProvider),
    plugins: ui.plugins,
    authClient: specifierOf(front, path, authClientOf(front)),
    base: baseOf(shell),
  });
}

/** False for a file that somebody changed: it stays. */
async function stageOwned(
  front: UiFront & PageInput,
  file: { readonly path: string; readonly text: string; readonly pages: Record<string, string> },
): Promise<boolean> {
  const { path, text, pages } = file;
  const { ws } = front;
  const key = lockKeyOf(front, path);
  const fork = ws.fork();
  fork.remove(path);
  await stageInStyle({ ...front, ws: fork }, path, text);
  const wanted = fork.read(path) ?? "";
  const current = ws.read(path);
  const isSame = current !== undefined && hashOf(path, current) === hashOf(path, wanted);
  const isOurs = current === undefined || isSame || isHashOf(pages[key], path, current);
  ws.stage(path, isOurs && !isSame ? wanted : (current ?? wanted));
  if (isOurs) pages[key] = hashOf(path, wanted);
  return isOurs;
}

/** Puts the provider into the layouts once: where its author takes it out later, it stays out. */
async function placeProvider(
  front: UiFront,
  provider: string,
  isNew: boolean,
): Promise<readonly string[]> {
  const { ws, shell } = front;
  if (modulesFrom(ws, entriesOf(shell)).some(({ path }) => path === provider)) return [];
  if (!isNew)
    return [
      `Make sure that the pages below /auth render inside <BetterAuthUI> of ${shortPath(ws.project, provider)}.`,
    ];
  for (const layout of shell.kind === "next" ? shell.layouts : [shell.root]) {
    const component = { name: "BetterAuthUI", source: specifierOf(front, layout, provider) };
    await stagePatch(ws, layout, (module) =>
      wrapChildren(module, { provider: component, format: jsxFormatter(module) }),
    );
  }
  return [];
}

/** The plugins that a provider lacks which somebody changed. */
function missingNotes(
  { ws, features }: UiFront & PageInput,
  {
    provider,
    ui,
    wanted,
  }: { readonly provider: string; readonly ui: UiPage; readonly wanted: string },
): string[] {
  const text = ws.read(provider) ?? "";
  const ids = [...ui.plugins, ...(features.has("delete-user") ? ["delete-user"] : [])];
  const paths = ids.map((id) => moduleOfPlugin(id).path).filter((path) => !text.includes(path));
  const lines = wanted
    .split("\n")
    .filter((line) => line.startsWith("import ") && paths.some((path) => line.includes(path)));
  if (lines.length === 0) return [];
  return [
    `You changed ${shortPath(ws.project, provider)}, so kitcn did not edit it. Call each of these in its PLUGINS:\n${lines.map((line) => `  ${line}`).join("\n")}`,
  ];
}

function byHandNotes({ clients }: UiPage): string[] {
  return pluginsByHand(clients).map(
    (id) => `Better Auth UI's views for ${id} need options of yours: ${uiDocs(id)}`,
  );
}

function routeTaken({ ws }: UiFront, path: string) {
  const module = ws.module(path);
  return uiRouteTaken({
    at: module ? locationOf(module) : shortPath(ws.project, path),
    lines: ["// move the file to another path, or delete it"],
  });
}
