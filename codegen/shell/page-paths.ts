// Finds the paths of the auth pages' files in a front end, and their keys in the lock. Stages the lock, and nothing else.
import { join, relative, sep } from "node:path";
import { detectEol } from "../edit/index.js";
import { LOCK_FILE, printLock, type Lock } from "../lock/lock.js";
import type { ShadcnAliases } from "../page/better-auth-ui.js";
import { AUTH_PAGE, EXPO_PAGES, WEB_PAGES, type PageFile, type PageSet } from "../page/files.js";
import type { PageContent } from "../page/print.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { newModule, type Front } from "./front.js";

/** The content of a front end's auth pages, and the backend's package, whose lock has their hashes. */
export type PageInput = PageContent & {
  readonly home: Workspace;
  /** What the pages of Better Auth UI have, for a front end that shows those. */
  readonly ui?: UiPage | undefined;
};

/** What the pages of Better Auth UI are made of. */
export type UiPage = {
  readonly aliases: ShadcnAliases;
  /** Ids of the plugins to pass to the library. */
  readonly plugins: readonly string[];
  /** Ids of all plugins of the auth client. */
  readonly clients: readonly string[];
};

/** A front end with its auth pages. */
export type PageFront = Front & PageInput;

/** The pages for the components that a front end has. */
export function pagesOf({ shell }: Pick<Front, "shell">): PageSet {
  return shell.kind === "expo" ? EXPO_PAGES : WEB_PAGES;
}

/** The folder of the auth pages. */
export function authPageFolder({ shell }: Pick<Front, "shell">): string {
  // Every module below an Expo app's routes is a route.
  if (shell.kind === "expo") return join(shell.base, "components");
  return join(shell.kind === "next" ? shell.appDir : shell.base, "auth");
}

/** Path of the module with the auth page; it may not be there yet. */
export function authPageOf(front: Front): string {
  return pagePath(front, { path: AUTH_PAGE });
}

/** Path of the module with the buttons of social providers; it may not be there. */
export function socialButtonsOf(front: Front): string {
  return pagePath(front, { path: pagesOf(front).socialButtons });
}

/** Path of one of the files, in the language it is in; it may not be there. */
export function pagePath(front: Front, { path }: Pick<PageFile, "path">): string {
  const full = join(authPageFolder(front), path);
  if (path.endsWith(".css")) return full;
  return findModule(front.ws, full.replace(/\.tsx?$/, "")) ?? newModule(front, full);
}

/** The key of a file in the lock: its path, relative to the functions directory. */
export function lockKeyOf({ home }: PageFront, path: string): string {
  return relative(home.project.functionsDir, path).split(sep).join("/");
}

/** Stages a lock with other hashes of pages. */
export function stagePagesLock({ home }: PageFront, lock: Lock): void {
  const path = join(home.project.functionsDir, LOCK_FILE);
  const eol = detectEol(home.read(path) ?? "");
  home.stage(path, printLock(lock).replaceAll("\n", eol));
}
