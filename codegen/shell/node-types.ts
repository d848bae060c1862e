// Adds Node's types to the front end's tsconfig, because it imports types of functions that read `process.env`.
// Stages one file.
import { join } from "node:path";
import { installedIn } from "../disk/project.js";
import { patchTsconfig } from "../patch/tsconfig.js";
import type { Workspace } from "../workspace/stage.js";

/** Adds "node" to the `types` of the tsconfig that covers the front end. */
export function planNodeTypes({ project, read, stage }: Workspace): void {
  const version = installedIn(project, "typescript");
  const typescriptMajor = version === undefined ? undefined : Number.parseInt(version, 10);
  const names = ["tsconfig.app.json", "tsconfig.json"].map((name) => join(project.root, name));
  const path = names.find((one) => read(one) !== undefined);
  if (path === undefined) return;
  const text = read(path) ?? "";
  stage(path, patchTsconfig({ path, text, typescriptMajor }).text ?? text);
}
