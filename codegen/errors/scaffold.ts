// What kitcn says when it makes an app, or makes one a Convex app: folders, frameworks, presets.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import { first, isOne, listed } from "./words.js";

/** A folder for `init -t` that is a package; `folder`: as an argument for the shell, empty for the current one. */
export const folderIsPackage = ({
  path,
  entry,
  folder,
}: {
  path: string;
  entry: string;
  folder: string;
}): CodegenError =>
  new CodegenError({
    code: "FOLDER_NOT_EMPTY",
    message: notEmpty(path, entry),
    hint: `It is a package already: \`npx kitcn init ${folder === "" ? "" : `${folder} `}--yes\`, without -t, makes it a Convex app.`,
  });

export const folderNotEmpty = ({
  path,
  entry,
  template,
}: {
  path: string;
  entry: string;
  template: string;
}): CodegenError =>
  new CodegenError({
    code: "FOLDER_NOT_EMPTY",
    message: notEmpty(path, entry),
    hint: `Name a new folder: npx kitcn init my-app -t ${template} --yes`,
  });

/** `apps`: the packages in it that could be meant; at least one. */
export const rootOfApps = ({
  path,
  apps,
}: {
  path: string;
  apps: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_APP",
    message: `${path} is not an app: it contains ${apps.join(", ")}.`,
    hint: `Run the command in one of them: cd ${first(apps)}`,
  });

/** `kind`: what it is, with its article. */
export const unsupportedApp = ({ path, kind }: { path: string; kind: string }): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_APP",
    message: `${path} is ${kind}.`,
    hint: BY_HAND,
  });

export const unknownApp = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_APP",
    message: `${path} is not an app of a framework that kitcn knows.`,
    hint: BY_HAND,
  });

/** `folders`: those that have Convex functions; at least one. `inConfig`: the first of them, as convex.json names it. */
export const functionsDirUnclear = ({
  folders,
  functionsDir,
  inConfig,
  config,
}: {
  folders: readonly string[];
  functionsDir: string;
  inConfig: string;
  config: string;
}): CodegenError =>
  new CodegenError({
    code: "FUNCTIONS_DIR_UNCLEAR",
    message: `${listed(folders)} ${isOne(folders) ? "has" : "have"} Convex functions, but the functions directory is ${functionsDir}/.`,
    hint: `Write { "functions": "${inConfig}/" } into ${config}, or move the functions. Nothing was written.`,
  });

/** `own`: where the functions directory would be if this package had a separate backend. */
export const convexElsewhere = ({
  root,
  functionsDir,
  own,
}: {
  root: string;
  functionsDir: string;
  own: string;
}): CodegenError =>
  new CodegenError({
    code: "CONVEX_ELSEWHERE",
    message: `${root} has no Convex functions; it depends on a package that has them, in ${functionsDir}.`,
    hint:
      "To add auth to those functions and to this front end, run `npx kitcn add auth --yes` in this folder. " +
      `For a separate backend: mkdir ${own}, then run the command again. Nothing was written.`,
  });

export const noRoomForLib = (): CodegenError =>
  new CodegenError({
    code: "NO_ROOM_FOR_LIB",
    message:
      "--crpc writes lib/crpc.ts beside the functions directory, which is the app's folder itself.",
    hint: 'Move the functions into a folder and name it in convex.json ("functions": "convex/"), or leave --crpc out. Nothing was written.',
  });

/** `command`: installs zod 4. */
export const unsupportedZod = ({ command }: { command: string }): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_ZOD",
    message: "Procedures check their input with zod 4, and this app has zod 3.",
    hint: `Install zod 4 (${command}), or leave --crpc out. Nothing was written.`,
  });

export const notInitialized = ({ functionsDir }: { functionsDir: string }): CodegenError =>
  new CodegenError({
    code: "NOT_INITIALIZED",
    message: `${functionsDir}/ has no functions: --preset convex needs a Convex app that is initialized.`,
    hint: "Run `npx convex dev --once` or `npx kitcn init --yes`, then the command again. Nothing was written.",
  });

export const otherPreset = ({ schema }: { schema: string }): CodegenError =>
  new CodegenError({
    code: "OTHER_PRESET",
    message: `${schema} has kitcn's auth tables already, so --preset convex does not put them into authSchema.ts.`,
    hint: "Run `npx kitcn add auth --schema --yes` to refresh them there. Nothing was written.",
  });

// --- internal ---

const BY_HAND =
  "kitcn init adopts Next App Router, Vite with React, TanStack Start, SvelteKit, Nuxt, SolidStart, Expo and plain Convex apps. By hand: " +
  "`npm install convex`, then `npx kitcn add auth --yes`, which prints the lines to write in the front end. " +
  "For a new app: npx kitcn init my-app -t next|vite|start --yes";

function notEmpty(path: string, entry: string): string {
  return `${path} is not empty: it has ${entry}.`;
}
