// Which packages of a repository use which: by a dependency that the package manager links, or by imports.
// Reads package.json files and sources; decides nothing.
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { declaredSpec, packageFolder } from "../disk/project.js";
import { resolveInApp } from "../modules/resolve.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import { openWorkspace } from "../workspace/stage.js";
import type { Repo } from "./load-repo.js";

/** The name under which others depend on a package. */
export function nameOf({ packageJson }: Project): string | undefined {
  return typeof packageJson.name === "string" ? packageJson.name : undefined;
}

/** Packages of the repository that one depends on itself. */
export function dependenciesOf({ members }: Repo, project: Project): readonly Project[] {
  return members.filter((other) => other !== project && isLinked(project, other));
}

/** The same, with what those depend on in turn. */
export function closureOf(repo: Repo, project: Project): readonly Project[] {
  const found = new Set(dependenciesOf(repo, project));
  // A set gives what is added to it while it is gone through.
  for (const one of found)
    for (const other of dependenciesOf(repo, one)) if (other !== project) found.add(other);
  return [...found];
}

/** True for a package with a module that imports one of a folder: by its path, or by an alias of a tsconfig. */
export function importsFrom(project: Project, folder: string): boolean {
  const ws = openWorkspace(project);
  const files = listFiles(ws, project.root, ({ name }) => SKIPPED.test(name));
  return files.some((path) => {
    const text = MODULE.test(path) ? readFileSync(path, "utf8") : "";
    return [...text.matchAll(IMPORTS)].some(([, specifier = ""]) => {
      const file = resolveInApp(ws, specifier, path);
      return file !== undefined && realpathSync(file).startsWith(join(folder, "/"));
    });
  });
}

// --- internal ---

const MODULE = /\.[cm]?[jt]sx?$/;

const SKIPPED = /^(\.|node_modules$|dist$|build$|out$|coverage$)/;

const LINKED = /^(workspace:|file:|link:|portal:|\*$)/;

/** What an app imports of Convex is generated, or a module beside that. */
const IMPORTS =
  /["'](?!convex\/(?:react|server|values|browser|nextjs))([^"'\n]*(?:_generated|convex)\/[^"'\n]+)["']/g;

/** A package of npm may have the name of one here: then the range decides, and the package manager has followed it. */
function isLinked(project: Project, other: Project): boolean {
  const name = nameOf(other);
  const spec = name === undefined ? undefined : declaredSpec(project, name);
  if (name === undefined || spec === undefined) return false;
  const installed = packageFolder(project, name);
  if (installed !== undefined) return realpathSync(installed) === realpathSync(other.root);
  return LINKED.test(spec);
}
