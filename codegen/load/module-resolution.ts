// How the app's TypeScript resolves relative imports: decides whether generated imports end in `.js`.
// Reads tsconfig.json only.
import { parseExpression } from "@babel/parser";
import { dirname, isAbsolute, join } from "node:path";
import { keyOf, unwrap } from "../edit/index.js";
import type { Project } from "../types.js";
import type { AppFiles } from "./load-schema.js";

/** ".js" where the nearest tsconfig says node16 or nodenext, else "". */
export function importExtension(project: Project, files: AppFiles): "" | ".js" {
  for (let folder = project.functionsDir; ; folder = dirname(folder)) {
    const path = join(folder, "tsconfig.json");
    const text = files.read(path);
    if (text !== undefined) return isNodeStyle(settingsOf(path, files)) ? ".js" : "";
    if (folder === project.root || dirname(folder) === folder) return "";
  }
}

// --- internal ---

type Settings = { readonly module?: string; readonly moduleResolution?: string };

function isNodeStyle({ module = "", moduleResolution }: Settings): boolean {
  return /^node(16|18|20|next)$/i.test(moduleResolution ?? module);
}

function settingsOf(path: string, files: AppFiles, depth = 0): Settings {
  const text = files.read(path);
  if (text === undefined || depth > 8) return {};
  // TypeScript's JSON has comments and trailing commas: it is read as an expression.
  const root = parseExpression(text);
  const parents = stringsAt(root, ["extends"]);
  const inherited = parents
    .filter((parent) => parent.startsWith(".") || isAbsolute(parent))
    .map((parent) => join(dirname(path), parent.endsWith(".json") ? parent : `${parent}.json`))
    .map((parent) => settingsOf(parent, files, depth + 1));
  const [module] = stringsAt(root, ["compilerOptions", "module"]);
  const [moduleResolution] = stringsAt(root, ["compilerOptions", "moduleResolution"]);
  return Object.assign(
    {},
    ...inherited,
    module !== undefined && { module },
    moduleResolution !== undefined && { moduleResolution },
  ) as Settings; // only Settings were merged
}

function stringsAt(root: ReturnType<typeof parseExpression>, path: readonly string[]): string[] {
  let node = unwrap(root);
  for (const step of path) {
    if (node.type !== "ObjectExpression") return [];
    const member = node.properties.find(
      (one) => one.type === "ObjectProperty" && keyOf(one) === step,
    );
    if (member?.type !== "ObjectProperty") return [];
    node = unwrap(member.value);
  }
  if (node.type === "StringLiteral") return [node.value];
  if (node.type !== "ArrayExpression") return [];
  return node.elements.flatMap((one) => (one?.type === "StringLiteral" ? [one.value] : []));
}
