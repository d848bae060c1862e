// How the app's TypeScript resolves relative imports: decides whether generated imports end in `.js`.
import { dirname, join, relative } from "node:path";
import type { Workspace } from "../workspace/stage.js";
import { readTsconfig } from "./tsconfig.js";

/** ".js" where the nearest tsconfig of a folder says node16 or nodenext, else "". */
export function importExtension(
  { project, read }: Workspace,
  from: string = project.functionsDir,
): "" | ".js" {
  for (let folder = from; ; folder = dirname(folder)) {
    const config = readTsconfig(join(folder, "tsconfig.json"), read);
    if (config) {
      const { module = "", moduleResolution = module } = config;
      return /^node(16|18|20|next)$/i.test(moduleResolution) ? ".js" : "";
    }
    if (folder === project.root || dirname(folder) === folder) return "";
  }
}

/** A relative specifier of a module, as another one imports it. */
export function relativeSpecifier(from: string, to: string, extension: "" | ".js"): string {
  const path = relative(dirname(from), to)
    .replaceAll("\\", "/")
    .replace(/\.[jt]sx?$/, extension);
  return path.startsWith(".") ? path : `./${path}`;
}
