// Whether the functions directory is the one that the user means. Reads only.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import {
  declaredSpec,
  loadFolder,
  packagesBelow,
  shortPath,
  workspaceOf,
} from "../disk/project.js";
import { convexElsewhere, functionsDirUnclear } from "../errors/scaffold.js";
import type { Project } from "../types.js";

/** The modules by which Convex knows a schema. */
export const SCHEMAS = ["schema.ts", "schema.js"];

/**
 * Refuses to make a functions directory where the app has another one, or depends on a package that has one.
 *
 * @throws CodegenError `FUNCTIONS_DIR_UNCLEAR`, `CONVEX_ELSEWHERE`
 */
export function assertOneFunctionsDir(project: Project): void {
  if (isFunctionsDir(project.functionsDir)) return;
  assertNoneInApp(project);
  assertNoneInWorkspace(project);
}

// --- internal ---

/** Functions that no deployment would see, because another folder is the one that convex.json names. */
function assertNoneInApp(project: Project): void {
  const { root, functionsDir } = project;
  const others = ["convex", "src/convex", "convex/functions"].filter((name) =>
    isFunctionsDir(join(root, name)),
  );
  if (others.length === 0) return;
  throw functionsDirUnclear({
    folders: others.map((name) => join(root, name)),
    functionsDir: shortPath(project, functionsDir),
    inConfig: others[0] ?? "",
    config: join(root, "convex.json"),
  });
}

/** A front end whose backend is a package that it depends on, as packages/web on packages/backend. */
function assertNoneInWorkspace(project: Project): void {
  const { root, functionsDir } = project;
  // Whoever made the folder or names it means it.
  if (existsSync(functionsDir) || existsSync(join(root, "convex.json"))) return;
  const workspace = workspaceOf(root);
  if (workspace === undefined) return;
  const [backend] = packagesBelow(workspace, ["convex"])
    .map((name) => join(workspace, name))
    .filter((folder) => isFunctionsDir(join(folder, "convex")) && dependsOn(project, folder));
  if (backend === undefined) return;
  throw convexElsewhere({
    root,
    functionsDir: join(backend, "convex"),
    own: relative(root, functionsDir),
  });
}

function dependsOn(project: Project, folder: string): boolean {
  const { name } = loadFolder(folder).packageJson;
  const spec = typeof name === "string" ? declaredSpec(project, name) : undefined;
  // Packages of npm may have the same name: an app in a folder "next" is often called so.
  return spec !== undefined && /^(workspace:|file:|link:|portal:|\*$)/.test(spec);
}

function isFunctionsDir(folder: string): boolean {
  return [...SCHEMAS, "_generated"].some((name) => existsSync(join(folder, name)));
}
