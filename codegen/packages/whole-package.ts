// Whether an installed package is whole: an installation that was interrupted leaves a package.json, and not all
// that it names. Reads only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import { brokenPackage } from "../errors/packages.js";
import type { Project } from "../types.js";

/** A package that lacks a file which its package.json names. */
export type BrokenPackage = { readonly folder: string; readonly file: string };

/** What a package lacks, as the app would import it; undefined for one that is whole, or not there at all. */
export function findBroken(
  project: Pick<Project, "root">,
  name: string,
): BrokenPackage | undefined {
  const folder = packageFolder(project, name);
  if (folder === undefined) return undefined;
  const file = missingEntry(folder, readManifest(folder));
  return file === undefined ? undefined : { folder, file };
}

/** @throws CodegenError `BROKEN_PACKAGE` */
export function assertWhole(project: Pick<Project, "root">, names: readonly string[]): void {
  for (const name of names) {
    const broken = findBroken(project, name);
    if (broken) throw brokenPackage(broken);
  }
}

// --- internal ---

/** Undefined for what is no JSON object: then package.json itself was cut off. */
function readManifest(folder: string): object | undefined {
  try {
    const value: unknown = JSON.parse(readTextFile(join(folder, "package.json")) ?? "");
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function missingEntry(folder: string, manifest: object | undefined): string | undefined {
  if (!manifest) return "a package.json that can be read";
  const missing = entriesOf(manifest).find((files) => !files.some((file) => isThere(folder, file)));
  // Conditions for the package's own developers name sources, which nobody else ever has.
  return missing?.find((file) => /\.[cm]?js$/.test(file)) ?? missing?.[0];
}

/** The files of each entry that is looked at: any one of them will do. */
function entriesOf(manifest: object): string[][] {
  const { exports, main } = manifest as { exports?: unknown; main?: unknown }; // any JSON object
  if (typeof exports !== "object" || exports === null)
    return typeof main === "string" && main !== "" ? [[main]] : [];
  const subpaths = Object.entries(exports).filter(([key]) => key.startsWith("."));
  const root = subpaths.filter(([key]) => key === ".");
  const looked = root.length > 0 ? root : subpaths;
  return looked.map(([, target]) => targetsOf(target)).filter((files) => files.length > 0);
}

/** Files that run: declarations are no entry, and patterns name no file. */
function targetsOf(target: unknown): string[] {
  if (typeof target === "string")
    return target.includes("*") || /\.d\.[cm]?ts$/.test(target) ? [] : [target];
  if (typeof target !== "object" || target === null) return [];
  return Object.values(target).flatMap(targetsOf);
}

function isThere(folder: string, file: string): boolean {
  const path = join(folder, file);
  return [path, `${path}.js`, join(path, "index.js")].some((one) => existsSync(one));
}
