// How the app's TypeScript resolves relative imports: decides whether generated imports end in `.js`.
import { dirname, join, relative } from "node:path";
import { readTsconfig } from "../modules/tsconfig.js";
import type { Workspace } from "../workspace/stage.js";

/** ".js" where the nearest tsconfig of a folder says node16 or nodenext, else "". */
export function importExtension(ws: Workspace, from: string = ws.project.functionsDir): "" | ".js" {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = readTsconfig(ws, join(folder, "tsconfig.json"));
    if (found) {
      const { module = "", moduleResolution = module } = found.config.compilerOptions ?? {};
      return /^node(16|18|20|next)$/i.test(moduleResolution) ? ".js" : "";
    }
    if (folder === ws.project.root || dirname(folder) === folder) return "";
  }
}

/** A relative specifier of a module, as another one imports it. */
export function relativeSpecifier(from: string, to: string, extension: "" | ".js"): string {
  const path = relative(dirname(from), to)
    .replaceAll("\\", "/")
    .replace(/\.[jt]sx?$/, extension);
  return path.startsWith(".") ? path : `./${path}`;
}
