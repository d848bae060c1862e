// Takes a service out of an app: every edit that keeps the meaning, in the order in which one makes room for the next.
// Its provider stays around what still asks it. Stages; what is left is found again.
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import { stageEdits } from "./edits.js";
import { openReadable } from "../modules/readable.js";
import { findSignIn } from "./find.js";
import type { Library } from "./common/libraries.js";
import { modulesThatRun } from "./common/roots.js";
import { isIdleMiddleware } from "./vendors/middleware.js";
import { isMentioned, notesOfLeaving } from "./vendors/notes.js";
import { findSignInPaths } from "./vendors/paths.js";
import { outcomeOfPage, stageWholePage, wholePages } from "./vendors/pages.js";
import { throughWrappers, unusedWrappers } from "./vendors/wrappers.js";
import type { Found, SignInPaths } from "./common/types.js";

/** What became of the places of an app's services. */
export type Left = {
  /** Every place that was found, with what becomes of it. */
  readonly outcomes: ReadonlyMap<Found, string>;
  /** Places that stay, and that do not work without their service. */
  readonly left: readonly Found[];
  /** Where visitors sign in now. */
  readonly paths: SignInPaths;
  /** What its owner looks at. */
  readonly notes: readonly string[];
};

/** The services that an app uses, in the order of their places. */
export function vendorsIn(found: readonly Found[]): Library[] {
  return [...new Set(found.map(({ library }) => library))].filter(({ vendor }) => vendor);
}

/** Every place of a service in the way, and others as they are: those are the places of a run that replaces. */
export function placesToReplace(ws: Workspace, shell: Shell, found: readonly Found[]): Found[] {
  if (vendorsIn(found).length === 0) return [...found];
  const [vendor] = vendorsIn(found);
  const places = throughWrappers(found, modulesThatRun(ws, shell), openReadable(ws));
  return places.map((one) => {
    // The app's own hook over the service's is the service's.
    const isBound = one.name === "ConvexProviderWithAuth" && imports(one, vendor);
    const library = isBound && vendor ? vendor : one.library;
    return library.vendor ? { ...one, library, isInTheWay: true } : one;
  });
}

/**
 * Stages the edits of a run that replaces.
 *
 * @param hasPage whether the app gets kitcn's page: what led to the service's leads there
 */
export async function stageLeaving(
  ws: Workspace,
  shell: Shell,
  input: {
    /** As an app beside the service has them. */
    readonly beside: readonly Found[];
    /** As placesToReplace() gives them. */
    readonly found: readonly Found[];
    readonly hasPage: boolean;
  },
): Promise<Left> {
  const { beside, found, hasPage } = input;
  const libraries = vendorsIn(found);
  const outcomes = new Map<Found, string>();
  const paths = findSignInPaths(ws, shell, { found, hasPage });
  const pages = hasPage ? wholePages(shell, found) : [];
  const ofPages: string[] = [];
  for (const page of pages) ofPages.push(...(await stageWholePage(ws, shell, page)));
  const idle = found.filter((one) => one.part === "middleware" && isIdleMiddleware(one));
  for (const { module } of idle) ws.remove(module.path);
  const rest = found.filter(
    ({ module }) => ![...pages, ...idle].some((one) => one.module.path === module.path),
  );
  const { done, notes: edited } = await stageEdits(ws, shell, rest, { leaves: false, paths });
  const read = openReadable(ws);
  const modules = modulesThatRun(ws, shell);
  for (const wrapper of unusedWrappers(beside, modules, read))
    if (!isMentioned(ws, wrapper)) ws.remove(wrapper.path);
  for (const one of found) {
    const page = pages.find(({ module }) => module.path === one.module.path);
    if (page) outcomes.set(one, outcomeOfPage(page.name));
    if (idle.includes(one)) outcomes.set(one, "goes: it closes no page.");
    if (done.has(one)) outcomes.set(one, "");
  }
  const ofProviders = await leaveProviders(ws, shell, { libraries, paths });
  const left = leftOf(ws, shell, libraries);
  const isGone = (one: Library) => left.every(({ library }) => library !== one);
  const notes = notesOfLeaving(ws, modulesThatRun(ws, shell), {
    libraries,
    gone: libraries.filter(isGone),
  });
  return { outcomes, left, paths, notes: [...ofPages, ...edited, ...ofProviders, ...notes] };
}

// --- internal ---

function imports({ module }: Found, library: Library | undefined): boolean {
  return module.program.body.some(
    (one) => one.type === "ImportDeclaration" && library?.sources.test(one.source.value),
  );
}

/** Takes out the providers that nothing below needs any more. Returns notes. */
async function leaveProviders(
  ws: Workspace,
  shell: Shell,
  { libraries, paths }: { readonly libraries: readonly Library[]; readonly paths: SignInPaths },
): Promise<string[]> {
  const told: string[] = [];
  for (const library of libraries) {
    const places = leftOf(ws, shell, [library]);
    const isNeeded = places.some(({ part }) => part !== "provider");
    if (isNeeded) continue;
    told.push(...(await stageEdits(ws, shell, places, { leaves: true, paths })).notes);
  }
  return told;
}

function leftOf(ws: Workspace, shell: Shell, libraries: readonly Library[]): Found[] {
  return findSignIn(ws, shell).flatMap((one) =>
    libraries.includes(one.library) ? [{ ...one, isInTheWay: true }] : [],
  );
}
