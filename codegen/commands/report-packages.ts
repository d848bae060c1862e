// A report of a repository of several packages: files by package, and paths as they are from where the reader is.
// Reads which package.json files there are; decides nothing.
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { findPackage } from "../disk/find-package.js";
import { homeOf, loadFolder, packageFolder, shortPath } from "../disk/project.js";
import { CodegenError, rephrase } from "../errors.js";
import type { Project } from "../types.js";
import type { FileReport, PackageReport, Report } from "./report.js";

/**
 * The report with its files grouped by package. Documentation is named where it is installed. Commands of Convex begin
 * with the way to the backend, and those of kitcn where npx does not find it from here: in another package, the convex
 * CLI would deploy an app without functions. The report of an app alone stays as it is.
 */
export function inRepository(report: Report, project: Project): Report {
  if (project.home === undefined) return report;
  const tell = tellerOf(project);
  return {
    ...report,
    packages: groupsOf(project, report.files),
    notes: report.notes.map(tell),
    due: report.due.map(tell),
    ...(report.failure && { failure: errorInRepository(report.failure, project) }),
    findings: report.findings.map((one) => ({ ...one, fix: tell(one.fix) })),
    unchecked: report.unchecked.map((one) => ({ ...one, why: tell(one.why) })),
    next: report.next.map(tell),
  };
}

/** The error with documentation named where it is installed, and commands that begin with the way to the backend. */
export function errorInRepository(error: CodegenError, project: Project): CodegenError {
  if (project.home === undefined) return error;
  const hint = tellerOf(project)(error.hint);
  return hint === error.hint ? error : rephrase(error, { hint });
}

/**
 * Runs a command's steps for an app that is known.
 *
 * @throws what the steps throw; a CodegenError as errorInRepository() gives it
 */
export async function withRepository<T>(project: Project, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof CodegenError ? errorInRepository(error, project) : error;
  }
}

// --- internal ---

const DOCS = "node_modules/kitcn/docs";

function tellerOf(project: Project): (text: string) => string {
  const docs = installedDocs(project);
  const way = fromHere(project.root);
  const elsewhere = findPackage(process.cwd(), "kitcn")
    ? /(?<!&& )\bnpx convex /g
    : /(?<!&& )\bnpx (?:convex|kitcn) /g;
  const told = (text: string) => text.replaceAll(DOCS, docs);
  return way === ""
    ? told
    : (text) => told(text).replace(elsewhere, (command) => `cd ${way} && ${command}`);
}

/** From the folder of the shell, in which the reader is. */
function fromHere(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/");
}

/** Nearest to the reader; with a strict installation only some packages have it. */
function installedDocs(project: Project): string {
  const roots = [process.cwd(), project.root, ...(project.fronts ?? []).map(({ root }) => root)];
  const found = roots.flatMap((root) => packageFolder({ root }, "kitcn") ?? [])[0];
  return found === undefined ? DOCS : `${fromHere(found)}/docs`;
}

/** The backend's files first, then those of the front ends in their order, then those of shared packages. */
function groupsOf(project: Project, files: readonly FileReport[]): PackageReport[] {
  const home = homeOf(project);
  const roots = [project.root, ...(project.fronts ?? []).map(({ root }) => root)];
  const groups = new Map<string, FileReport[]>(roots.map((root) => [root, []]));
  for (const file of files) {
    const path = join(home, file.path);
    const root = packageOf(path, home);
    const group = groups.get(root) ?? [];
    group.push({ ...file, path: shortPath({ root }, path) });
    groups.set(root, group);
  }
  return [...groups].flatMap(([root, own]) => {
    if (own.length === 0) return [];
    const { name } = loadFolder(root).packageJson;
    const folder = shortPath({ root: home }, root) || ".";
    return [{ folder, name: typeof name === "string" ? name : folder, files: own }];
  });
}

function packageOf(path: string, home: string): string {
  for (let folder = dirname(path); folder !== home; folder = dirname(folder))
    if (existsSync(join(folder, "package.json"))) return folder;
  return home;
}
