// What an installation changes in an app, remembered before it begins: one that is interrupted leaves no trace.
// Starts no process; files are put back by changes.ts.
import { existsSync, lstatSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { keepFiles } from "../disk/changes.js";
import { homeOf } from "../disk/project.js";
import { nameOf } from "../packages/helpers.js";
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import type { Project } from "../types.js";
import type { InstallPlan } from "./install.js";

/**
 * Remembers package.json, the lock files, and which of the packages are not there.
 *
 * @returns takes back what was installed since; throws as writeChanges does
 */
export async function rememberInstall(
  project: Pick<Project, "root" | "home" | "fronts">,
  { packages, devPackages, ui }: Pick<InstallPlan, "packages" | "devPackages" | "ui">,
): Promise<() => void> {
  const { LOCKS } = await import("package-manager-detector/constants");
  const roots = [project, ...(project.fronts ?? [])].map(({ root }) => root);
  // Where no lock file is there yet, the commands make one in the home.
  const homes = [
    ...new Set([homeOf(project), ...roots.flatMap((root) => homesOf(root, Object.keys(LOCKS)))]),
  ];
  const books = ["package.json", PNPM_WORKSPACE, ...Object.keys(LOCKS), ...PLUG_AND_PLAY];
  const names = [...packages, ...devPackages, ...(ui?.packages ?? [])].map(nameOf);
  const restore = keepFiles(below(homes, books), { root: homeOf(project) });
  // Half a package, or one that package.json does not name, would pass for installed in the next run.
  const missing = below(below(homes, ["node_modules"]), ["", ...names]).filter(
    (one) => !isThere(one),
  );
  return () => {
    restore();
    for (const path of missing) rmSync(path, { recursive: true, force: true });
  };
}

// --- internal ---

/** yarn's modules, where there is no node_modules. */
const PLUG_AND_PLAY = [".pnp.cjs", ".pnp.loader.mjs"];

/** The app's folder, and that of the lock file where it is another: a workspace keeps one for all. */
function homesOf(root: string, locks: readonly string[]): string[] {
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder))
    if (below([folder], locks).some((path) => existsSync(path)))
      return [...new Set([root, folder])];
  return [root];
}

function below(folders: readonly string[], names: readonly string[]): string[] {
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

/** Broken links are there too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
