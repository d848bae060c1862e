// Finds which packages of a repository use which others: by a dependency that the package manager links, or by imports.
// Reads package.json files and sources; must not decide what a command does with them.
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { declaredSpec, packageFolder } from "../disk/project.js";
import { resolveInApp } from "../modules/resolve.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import { openWorkspace } from "../workspace/stage.js";
import type { Repo } from "./load-repo.js";

/** The name by which other packages depend on a package. */
export function nameOf({ packageJson }: Project): string | undefined {
  return typeof packageJson.name === "string" ? packageJson.name : undefined;
}

/** Packages of the repository that a package depends on directly. */
export function dependenciesOf({ members }: Repo, project: Project): readonly Project[] {
  return members.filter((other) => other !== project && isLinked(project, other));
}

/** The same, with the packages that those depend on. */
export function closureOf(repo: Repo, project: Project): readonly Project[] {
  const found = new Set(dependenciesOf(repo, project));
  // A loop over a set also visits what is added meanwhile.
  for (const one of found)
    for (const other of dependenciesOf(repo, one)) if (other !== project) found.add(other);
  return [...found];
}

/**
 * True for a package with a module that imports a module of the folder, by a path or by an alias of a tsconfig. Modules
 * of the folder itself, and of other packages that are inside of this one, do not count.
 */
export function importsFrom({ members }: Repo, project: Project, folder: string): boolean {
  const ws = openWorkspace(project);
  const others = new Set([folder, ...members.map(({ root }) => root)]);
  const files = listFiles(
    ws,
    project.root,
    ({ name, path }) => SKIPPED.test(name) || others.has(path),
  );
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

/** Specifiers that may lead to Convex functions: a path below `_generated` or a folder `convex`. */
const IMPORTS =
  /["'](?!convex\/(?:react|server|values|browser|nextjs))([^"'\n]*(?:_generated|convex)\/[^"'\n]+)["']/g;

/** True for a dependency that is linked. An npm package may have the same name: then look at what was installed. */
function isLinked(project: Project, other: Project): boolean {
  const name = nameOf(other);
  const spec = name === undefined ? undefined : declaredSpec(project, name);
  if (name === undefined || spec === undefined) return false;
  const installed = packageFolder(project, name);
  if (installed !== undefined) return realpathSync(installed) === realpathSync(other.root);
  return LINKED.test(spec);
}
