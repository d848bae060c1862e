// What kitcn says about files and folders: the app's own, and a write that cannot be done or finished.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import { first } from "./words.js";

// The app's folder.

export const noSuchFolder = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_SUCH_FOLDER",
    message: `${path} is not a folder.`,
    hint: "Give --cwd the folder of your app.",
    exitCode: 2,
  });

export const notAnApp = ({ folder }: { folder: string }): CodegenError =>
  new CodegenError({
    code: "NOT_AN_APP",
    message: `There is no package.json in ${folder} or above it.`,
    hint:
      "Run the command inside your Convex app, or name it with --cwd <dir>. " +
      "For a new app: npx kitcn init my-app -t next|vite|start --yes",
  });

export const noConvex = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_CONVEX",
    message: `${path} does not depend on convex.`,
    hint: "Run the command in a Convex app. To make this one: npx kitcn init --yes",
  });

/** `folders`: packages below that depend on convex; at least one. */
export const convexBelow = ({
  path,
  folders,
}: {
  path: string;
  folders: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "NO_CONVEX",
    message: `${path} does not depend on convex.`,
    hint: `Run the command in ${folders.join(" or ")}: cd ${first(folders)}`,
  });

export const functionsDirIsFile = ({
  path,
  config,
}: {
  path: string;
  config: string;
}): CodegenError =>
  new CodegenError({
    code: "NO_FUNCTIONS_DIR",
    message: `${path} is a file, but the functions directory must be a folder.`,
    hint: `Correct "functions" in ${config}, or move the file away. Nothing was written.`,
  });

export const functionsNotPath = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "INVALID_CONVEX_JSON",
    message: `"functions" in ${path} is not a path.`,
    hint: 'Write the functions directory relative to convex.json, for example "functions": "convex/functions".',
  });

// Files that cannot be read.

export const convexJsonInvalid = (input: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError => notJson("INVALID_CONVEX_JSON", input);

export const convexJsonNotObject = ({ path }: { path: string }): CodegenError =>
  notObject("INVALID_CONVEX_JSON", path);

export const packageJsonInvalid = (input: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError => notJson("INVALID_PACKAGE_JSON", input);

export const packageJsonNotObject = ({ path }: { path: string }): CodegenError =>
  notObject("INVALID_PACKAGE_JSON", path);

export const unreadableFile = ({
  path,
  reason,
  cause,
}: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "UNREADABLE_FILE",
    message: `${path} cannot be read: ${reason}.`,
    hint: "Put a file in its place, or change its permissions, then run the command again. Nothing was written.",
    cause,
  });

// Writes.

export const fileChanged = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "FILE_CHANGED",
    message: `${path} changed while kitcn was running.`,
    hint: "Run the command again. Nothing was written.",
  });

export const folderIsFile = ({ path, file }: { path: string; file: string }): CodegenError =>
  new CodegenError({
    code: "NOT_WRITABLE",
    message: `${path} cannot be written: ${file} is not a folder.`,
    hint: "Move that file away, then run the command again. Nothing was written.",
  });

export const behindLink = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NOT_WRITABLE",
    message: `kitcn does not delete ${path}: it is behind a symbolic link, and may belong to another app.`,
    hint: "Remove the link, or put the file itself in its place, then run the command again. Nothing was written.",
  });

export const notWritable = ({ path, cause }: { path: string; cause: unknown }): CodegenError =>
  new CodegenError({
    code: "NOT_WRITABLE",
    message: `${path} cannot be written.`,
    hint: "Change its permissions, then run the command again. Nothing was written.",
    cause,
  });

/** `pid`: the other process, where it is known. */
export const writeBusy = ({
  pid,
  staging,
}: {
  pid: number | undefined;
  staging: string;
}): CodegenError =>
  new CodegenError({
    code: "WRITE_BUSY",
    message: `Another kitcn${pid === undefined ? "" : ` (process ${pid})`} is writing to this app.`,
    hint: `Wait until it ends. If no other kitcn is running, delete ${staging}.`,
  });

export const recoveryConflict = ({
  path,
  staging,
}: {
  path: string;
  staging: string;
}): CodegenError =>
  new CodegenError({
    code: "RECOVERY_CONFLICT",
    message: `${path} was edited after an earlier run of kitcn was interrupted, before it could finish.`,
    hint: `Keep your version: delete ${staging} and run the command again.`,
  });

/** `reason` goes on after "cannot be finished:". */
export const recoveryRefused = ({
  path,
  reason,
  staging,
}: {
  path: string;
  reason: string;
  staging: string;
}): CodegenError =>
  new CodegenError({
    code: "RECOVERY_REFUSED",
    message: `${path} cannot be finished: ${reason}.`,
    hint: `Delete the folder ${staging} and run the command again. If you did not interrupt kitcn here, it came with the files of this app, and somebody else wrote it. Nothing was written.`,
  });

// --- internal ---

const FIX_FILE = "Fix the file, then run the command again. Nothing was written.";

function notJson(
  code: "INVALID_CONVEX_JSON" | "INVALID_PACKAGE_JSON",
  { path, reason, cause }: { path: string; reason: string; cause: unknown },
): CodegenError {
  const message = `${path} is not valid JSON: ${reason}`;
  return new CodegenError({ code, message, hint: FIX_FILE, cause });
}

function notObject(
  code: "INVALID_CONVEX_JSON" | "INVALID_PACKAGE_JSON",
  path: string,
): CodegenError {
  return new CodegenError({ code, message: `${path} is not a JSON object.`, hint: FIX_FILE });
}
