// Lists the front ends of an app, its own and those of other packages of the repository, and the URLs where they are
// served in development. Reads; stages nothing.
import { homeOf, shortPath } from "../disk/project.js";
import type { Workspace } from "../workspace/stage.js";
import { detectShell, type Shell } from "./detect.js";

/** A package that may have a front end: its files, and what was found there. */
export type FrontPackage = { readonly ws: Workspace; readonly shell: Shell };

/** Where an app is served while it is developed. */
export type Sites = {
  /** The first front end's URL. */
  readonly siteUrl: string;
  /** Those of the others. */
  readonly others: readonly string[];
};

/**
 * The packages of an app that may have a front end. At least one: if no other package has one, the app's own package.
 *
 * @example
 * frontsOf(ws).map(({ shell }) => shell.kind); // ["next", "vite"]
 */
export function frontsOf(ws: Workspace): readonly [FrontPackage, ...FrontPackage[]] {
  const own = { ws, shell: detectShell(ws) };
  const [first, ...others] = (ws.project.fronts ?? []).map((project) => {
    const front = ws.at(project);
    return { ws: front, shell: detectShell(front) };
  });
  if (!first) return [own];
  const isFront = own.shell.kind !== "none" || own.shell.found !== undefined;
  return isFront ? [own, first, ...others] : [first, ...others];
}

/** Every package of an app: the backend's, and the others with a front end. */
export function packagesOf(ws: Workspace): readonly Workspace[] {
  return [ws, ...(ws.project.fronts ?? []).map((project) => ws.at(project))];
}

/** Where the front ends of an app are served. */
export function sitesOf(fronts: readonly [FrontPackage, ...FrontPackage[]]): Sites {
  const [siteUrl, ...others] = new Set(fronts.map(({ shell }) => shell.siteUrl));
  if (siteUrl === undefined) throw new Error("An app has at least one front end.");
  return { siteUrl, others };
}

/** Sentences about front ends that cannot run at the same time, because they use the same URL. */
export function sharedUrlNotes(fronts: readonly FrontPackage[]): string[] {
  return [...new Set(fronts.map(({ shell }) => shell.siteUrl))].flatMap((url) => {
    const same = fronts.filter(({ shell }) => shell.siteUrl === url);
    if (same.length < 2) return [];
    const names = same.map(({ ws }) => packageLabel(ws)).join(" and ");
    return [
      `${names} are both served at ${url} in development. Set another port in the dev script of one of them, then run the command again.`,
    ];
  });
}

/** The name of a package in messages: its folder, relative to the repository's root. */
export function packageLabel({ project }: Pick<Workspace, "project">): string {
  return shortPath({ root: homeOf(project) }, project.root) || ".";
}

/** A sentence about one package, with its name before it where there are several. */
export function noteOf({ project }: Workspace, note: string): string {
  return project.home === undefined ? note : `${packageLabel({ project })}: ${note}`;
}
