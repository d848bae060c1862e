// The files of a new app, out of templates/. Reads the package's own files; writes nothing.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CodegenError } from "../errors.js";
import { kitcnRoot } from "../load/kitcn-package.js";
import { planLocalEnv } from "../shell/local-env.js";
import type { FileChange, Project } from "../types.js";
import { planConvexGenerated } from "./convex-generated.js";

/** Folders of templates/. */
export const TEMPLATES = ["next", "vite", "start"] as const;

export type Template = (typeof TEMPLATES)[number];

/**
 * Every file of a new app in `root`, `_generated` and .env.local included. The same every time, save the app's
 * name, which is the folder's.
 */
export function planTemplate(root: string, template: Template): FileChange[] {
  const files = new Map<string, string>();
  for (const folder of ["shared", template]) {
    const from = join(kitcnRoot(), "templates", folder);
    for (const path of listFiles(from))
      files.set(join(root, realName(relative(from, path))), readFileSync(path, "utf8"));
  }
  const manifest = join(root, "package.json");
  const packageJson = { ...JSON.parse(files.get(manifest) ?? "{}"), name: packageName(root) };
  files.set(manifest, `${JSON.stringify(packageJson, null, 2)}\n`);
  const functionsDir = join(root, "convex/functions");
  const project: Project = { root, functionsDir, packageJson };
  const env = planLocalEnv({ project, kind: template, read: () => undefined });
  const texts = [...files].map(([path, after]) => ({ path, before: undefined, after }));
  return [...texts, ...env, ...planConvexGenerated(project, files)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
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
  const isApp = names.includes("package.json");
  throw new CodegenError({
    code: "FOLDER_NOT_EMPTY",
    message: `${root} is not empty: it has ${first}.`,
    hint: isApp
      ? "It is a package already: `npx kitcn init --yes`, without -t, makes it a Convex app."
      : `Name a new folder: npx kitcn init my-app -t ${template} --yes`,
  });
}

// --- internal ---

const IGNORED = new Set([".git", ".DS_Store", ".idea", ".vscode", "Thumbs.db"]);

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
