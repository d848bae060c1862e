// Plans the auth pages of a front end: which of their files kitcn writes, updates, removes or keeps.
// Stages the files and their hashes in the lock; must not change a file that somebody changed.
import { dirname, join } from "node:path";
import { pageTaken as takenPage } from "../errors/edits-front.js";
import { locationOf, stripTypes, type Module } from "../edit/index.js";
import { loadLock } from "../load/load-schema.js";
import { sameLock } from "../lock/lock.js";
import { findHome } from "../modules/names.js";
import { shortPath } from "../disk/project.js";
import { isEarlierText } from "../page/earlier.js";
import { AUTH_PAGE, filesFor, type PageFile } from "../page/files.js";
import { hashOf, isHashOf, ownedPages, withPages } from "../page/owned.js";
import { printPageFile } from "../page/print.js";
import { readTemplate } from "../packages/kitcn-package.js";
import { baseOf } from "./base-path.js";
import { authClientOf, readerOf, specifierOf, stageInStyle, type Front } from "./front.js";
import {
  behindNote,
  changedNotes,
  importsPart,
  lackingNotes,
  type ChangedPage,
} from "./page-notes.js";
import {
  authPageFolder,
  authPageOf,
  lockKeyOf,
  pagePath,
  pagesOf,
  stagePagesLock,
  type PageFront,
} from "./page-paths.js";

/**
 * Stages the auth page and what it is made of. Files that kitcn wrote follow auth.ts; others stay as they are.
 *
 * @returns the page's path, and lines to add to pages that somebody changed
 * @throws CodegenError `AUTH_PAGE_TAKEN`
 */
export async function stageAuthPage(
  front: PageFront,
): Promise<{ readonly path: string; readonly notes: readonly string[] }> {
  const { ws } = front;
  const path = authPageOf(front);
  const before = ws.module(path);
  if (before && !findHome({ module: before, name: "AuthPage" }, readerOf(ws)))
    throw pageTaken(before);
  const lock = await loadLock(front.home);
  const owned = ownedPages(lock);
  const pages: Record<string, string> = { ...owned };
  const files = filesToWrite(front, owned);
  const changed = changedPages(front, owned);
  const behind = files.filter((file) => isBehind(front, file, owned));
  for (const file of files) await stageFile(front, file, { owned, pages, changed });
  const gone = pagesOf(front).files.filter((file) => !filesOf(front).includes(file));
  const left = gone.filter((file) => !dropFile(front, file, { owned, pages, changed }));
  const next = withPages(lock, pages);
  if (!sameLock(lock, next)) stagePagesLock(front, next);
  // Whoever changed the page may have written the parts.
  const lacking = changed.length === 0 ? lackingNotes(front) : [];
  const notes = [...changed.flatMap((page) => changedNotes(front, page, left)), ...lacking];
  return { path, notes: [...notes, ...behind.map((file) => behindNote(front, file))] };
}

/** The same, but only for an app that already has the page. */
export async function refreshAuthPage(front: PageFront): Promise<readonly string[]> {
  return hasAuthPage(front) ? (await stageAuthPage(front)).notes : [];
}

/** True for a front end with the page, whoever has changed it. */
export function hasAuthPage(front: Front): boolean {
  const module = front.ws.module(authPageOf(front));
  return module !== undefined && !!findHome({ module, name: "AuthPage" }, readerOf(front.ws));
}

/**
 * Removes the auth page and its parts, for a front end that gets other pages. If somebody changed one, all of them stay:
 * they import each other.
 *
 * @param pages hashes of the lock, by path from the functions directory; those of the files are taken out
 * @returns a sentence about a page that stays
 */
export function dropAuthPage(front: PageFront, pages: Record<string, string>): string[] {
  const files = pagesOf(front).files.filter((file) => front.ws.has(pagePath(front, file)));
  const changed = files.filter((file) => !isOurs(front, file, pages));
  const hasPage = files.some(({ path }) => path === AUTH_PAGE);
  if (changed.length > 0) {
    const names = changed.map((file) => shortPath(front.ws.project, pagePath(front, file)));
    return hasPage
      ? [
          `You changed ${names.join(", ")}, so kitcn kept its own page. Nothing shows it any more; delete it when you need nothing of it.`,
        ]
      : [];
  }
  for (const file of pagesOf(front).files) delete pages[keyOf(front, file)];
  for (const file of files) front.ws.remove(pagePath(front, file));
  return [];
}

// --- internal ---

type Owned = {
  /** As the lock has them. */
  readonly owned: Readonly<Record<string, string>>;
  /** As it will have them. */
  readonly pages: Record<string, string>;
  /** Pages that somebody changed. */
  readonly changed: readonly ChangedPage[];
};

function filesOf(front: PageFront): readonly PageFile[] {
  return filesFor(front.features, pagesOf(front));
}

/** If somebody changed the page, writes only parts of features: the page has its own code for the rest. */
function filesToWrite(front: PageFront, owned: Owned["owned"]): readonly PageFile[] {
  const files = filesOf(front);
  const page = files.find(({ path }) => path === AUTH_PAGE);
  if (!page || !front.ws.has(pagePath(front, page)) || isOurs(front, page, owned)) return files;
  const isKnown = Object.hasOwn(owned, keyOf(front, page));
  const wanted = files.filter((file) => isKnown || file.shown !== undefined);
  const parts = wanted.filter(
    (file) => file.path !== pagesOf(front).socialButtons || !listsProviders(front),
  );
  const shared = files.filter(({ isShared }) => isShared);
  // Files that the lock knows show parts, too, and must not keep those that are gone.
  const isWanted = isKnown || parts.some(({ shown }) => shown);
  return isWanted ? [...new Set([...shared, ...parts, page])] : [page];
}

function changedPages(front: PageFront, owned: Owned["owned"]): ChangedPage[] {
  const { files, showing } = pagesOf(front);
  const pages = files.filter(({ path }) => showing.includes(path));
  return pages.flatMap((file) => {
    const module = front.ws.module(pagePath(front, file));
    return module && !isOurs(front, file, owned) ? [{ file, module }] : [];
  });
}

async function stageFile(
  front: PageFront,
  file: PageFile,
  { owned, pages, changed }: Owned,
): Promise<void> {
  const { ws } = front;
  const path = pagePath(front, file);
  const current = ws.read(path);
  if (current !== undefined && !isOurs(front, file, owned)) return ws.stage(path, current);
  // The author of a changed page may have deleted a part on purpose.
  if (current === undefined && changed.length > 0 && Object.hasOwn(owned, keyOf(front, file)))
    return;
  const fork = ws.fork();
  fork.remove(path);
  await stageInStyle({ ...front, ws: fork }, path, printFile(front, file));
  const text = fork.read(path) ?? "";
  // A file that was only formatted keeps its format.
  const isSame = current !== undefined && hashOf(path, current) === hashOf(path, text);
  ws.stage(path, isSame ? current : text);
  pages[keyOf(front, file)] = hashOf(path, text);
}

/** Removes a part that no feature needs any more. False if a page that somebody changed still shows it. */
function dropFile(front: PageFront, file: PageFile, { owned, pages, changed }: Owned): boolean {
  const key = keyOf(front, file);
  const path = pagePath(front, file);
  const isShown = changed.some(({ module }) => importsPart(module, file));
  const isKept = front.ws.has(path) && (isShown || !isOurs(front, file, owned));
  if (isKept) return !isShown;
  if (Object.hasOwn(owned, key) && front.ws.has(path)) front.ws.remove(path);
  delete pages[key];
  return true;
}

/** True for a file as kitcn last wrote it, as it would write it now, or as it wrote it before the lock had hashes. */
function isOurs(front: PageFront, file: PageFile, owned: Owned["owned"]): boolean {
  const path = pagePath(front, file);
  const text = front.ws.read(path) ?? "";
  const hash = hashOf(path, text);
  const key = keyOf(front, file);
  if (Object.hasOwn(owned, key)) return isHashOf(owned[key], path, text);
  const toLanguage = (code: string) => inLanguage(front, file, code);
  const isEarlier = isEarlierText(file, { folder: pagesOf(front).folder, path, text, toLanguage });
  return isEarlier || hash === hashOf(path, toLanguage(printFile(front, file)));
}

/** True for a part that somebody changed, and that kitcn would write otherwise than it once did. */
function isBehind(front: PageFront, file: PageFile, owned: Owned["owned"]): boolean {
  const path = pagePath(front, file);
  const before = owned[keyOf(front, file)];
  const text = front.ws.read(path);
  if (before === undefined || text === undefined || pagesOf(front).showing.includes(file.path))
    return false;
  const wanted = hashOf(path, inLanguage(front, file, printFile(front, file)));
  return ![before, hashOf(path, text)].includes(wanted) && !isOurs(front, file, owned);
}

function printFile(front: PageFront, file: PageFile): string {
  const template = readTemplate(file.template);
  if (file.path.endsWith(".css")) return template;
  const path = pagePath(front, file);
  const { features, providers, roles, creatorRole, limits } = front;
  const folder = dirname(join(authPageFolder(front), file.path));
  const specifier = (imported: string) => {
    const to = join(folder, imported);
    const isClient = to === join(authPageFolder(front), "auth-client.js");
    return specifierOf(front, path, isClient ? authClientOf(front) : to);
  };
  const base = baseOf(front.shell);
  const content = { features, providers, roles, creatorRole, limits };
  return printPageFile(template, { ...content, base, specifier });
}

function inLanguage(front: Front, file: PageFile, code: string): string {
  return /\.[jt]sx?$/.test(file.path) && /\.jsx?$/.test(pagePath(front, file))
    ? stripTypes(code)
    : code;
}

function keyOf(front: PageFront, file: PageFile): string {
  return lockKeyOf(front, pagePath(front, file));
}

/** True for a page that contains the list of providers, as kitcn's page once did. */
function listsProviders(front: Front): boolean {
  return /\bPROVIDERS\b/.test(front.ws.read(authPageOf(front)) ?? "");
}

function pageTaken(module: Module) {
  return takenPage({
    at: locationOf(module),
    lines: ["// rename the file, or export your page from it", "export { MyPage as AuthPage };"],
  });
}
