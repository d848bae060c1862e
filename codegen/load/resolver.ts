// Finds the file behind an import of a module that is run: of the app, of a package, or of kitcn itself.
// Looks only; runs nothing.
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { isRelative, resolveInApp, resolvePackage } from "../modules/resolve.js";
import { kitcnRoot, resolveKitcn } from "../packages/kitcn-package.js";
import type { Workspace } from "../workspace/stage.js";

/** An absolute path, or the name of a Node builtin; undefined when there is no such module. */
export function resolveToRun(
  ws: Workspace,
  specifier: string,
  importer: string,
): string | undefined {
  if (isBuiltin(specifier)) return specifier;
  if (specifier === "kitcn" || specifier.startsWith("kitcn/")) return resolveKitcn(specifier);
  const found = resolveInApp(ws, specifier, importer);
  if (found !== undefined || isRelative(specifier)) return found;
  return resolvePackage(ws, specifier, importer);
}

/** True for files of this package. */
export function isOfKitcn({ project }: Workspace, path: string): boolean {
  return path.startsWith(join(kitcnRoot(), "/")) && !path.startsWith(project.root);
}
