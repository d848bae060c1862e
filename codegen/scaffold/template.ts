// The files of a new app, out of templates/. Reads the package's own files; writes nothing.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { folderIsPackage, folderNotEmpty } from "../errors/scaffold.js";
import { importExtension } from "../load/module-resolution.js";
import { kitcnRoot } from "../packages/kitcn-package.js";
import { planLocalEnv } from "../shell/local-env.js";
import type { Project } from "../types.js";
import { openWorkspace, type Workspace } from "../workspace/stage.js";

/** Folders of templates/. */
export const TEMPLATES = ["next", "vite", "start"] as const;

export type Template = (typeof TEMPLATES)[number];

/**
 * Stages every file of a new app in `root`, .env.local included; `_generated` is the caller's. The same every time,
 * except for the app's name, which is the folder's.
 *
 * @param input.dependencies what package.json names beside the template's own
 */
export function planTemplate(
  root: string,
  input: { readonly template: Template; readonly dependencies: Readonly<Record<string, string>> },
): Workspace {
  const { template } = input;
  const files = new Map<string, string>();
  for (const folder of ["shared", template]) {
    const from = templateOf(folder);
    for (const path of listFiles(from))
      files.set(join(root, realName(relative(from, path))), readFileSync(path, "utf8"));
  }
  files.set(join(root, STYLES[template]), readFileSync(templateOf("styles.css"), "utf8"));
  const manifest = join(root, "package.json");
  const packageJson = withDependencies(files.get(manifest) ?? "{}", input.dependencies);
  const named = { ...packageJson, name: packageName(root) };
  files.set(manifest, `${JSON.stringify(named, null, 2)}\n`);
  const project: Project = {
    root,
    functionsDir: join(root, "convex/functions"),
    packageJson: named,
  };
  const ws = openWorkspace(project);
  for (const [path, text] of files) ws.stage(path, text);
  planLocalEnv(ws, template);
  return ws;
}

/**
 * Stages the functions that `kitcn init` wrote and nobody changed, with the builders of generated/server. An app without
 * auth has none; with them, what these functions write fires triggers.
 */
export function planStarterFunctions(ws: Workspace): void {
  for (const name of listFiles(templateOf(FUNCTIONS))) {
    const path = join(ws.project.functionsDir, relative(templateOf(FUNCTIONS), name));
    const text = readFileSync(name, "utf8");
    if (!isMutating(text) || ws.read(path) !== text) continue;
    ws.stage(path, text.replace(CONVEX_BUILDERS, `"./generated/server${importExtension(ws)}"`));
  }
}

/** True for a folder in which an earlier run wrote these files, whose installation may not have ended. */
export function isBegun({ project, onDisk, read }: Workspace): boolean {
  const path = join(project.root, "package.json");
  return onDisk(path) !== undefined && onDisk(path) === read(path);
}

/**
 * Only an empty folder, or one that is not there, becomes an app. What git and systems put there does not count.
 *
 * @throws CodegenError `FOLDER_NOT_EMPTY`
 */
export function assertEmpty(root: string, template: Template): void {
  const names = existsSync(root) ? readdirSync(root) : [];
  const [first] = names.filter((name) => !IGNORED.has(name));
  if (first === undefined) return;
  if (names.includes("package.json"))
    throw folderIsPackage({ path: root, entry: first, folder: relative(process.cwd(), root) });
  throw folderNotEmpty({ path: root, entry: first, template });
}

// --- internal ---

const FUNCTIONS = "shared/convex/functions";

const CONVEX_BUILDERS = '"./_generated/server"';

function isMutating(text: string): boolean {
  return text.includes(CONVEX_BUILDERS) && /\bmutation\b/.test(text);
}

const IGNORED = new Set([".git", ".DS_Store", ".idea", ".vscode", "Thumbs.db"]);

/** Where each framework has the style sheet that all of them share. */
const STYLES = {
  next: "app/globals.css",
  vite: "src/index.css",
  start: "src/styles.css",
} satisfies Record<Template, string>;

function templateOf(name: string): string {
  return join(kitcnRoot(), "templates", name);
}

/** A template's package.json, with more dependencies in the order of the alphabet. */
function withDependencies(manifest: string, more: Readonly<Record<string, string>>) {
  // A template is our own file; its shape is ours to know.
  const json = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  const all = Object.entries({ ...json.dependencies, ...more });
  const dependencies = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...json, dependencies };
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** npm leaves files of the real name out of a package. */
function realName(path: string): string {
  return basename(path) === "_gitignore" ? join(dirname(path), ".gitignore") : path;
}

/** The folder's name, as npm accepts one. */
function packageName(root: string): string {
  const name = basename(resolve(root))
    .toLowerCase()
    .replace(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  return name || "app";
}
