// Finds the paths of the auth pages' files in a front end. Reads names; stages nothing.
import { join } from "node:path";
import { AUTH_PAGE, EXPO_PAGES, WEB_PAGES, type PageFile, type PageSet } from "../page/files.js";
import type { PageContent } from "../page/print.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { newModule, type Front } from "./front.js";

/** The content of a front end's auth pages, and the backend's package, whose lock has their hashes. */
export type PageInput = PageContent & { readonly home: Workspace };

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
