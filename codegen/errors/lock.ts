// What kitcn says about plugins.lock.json, its own list of what it wrote.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

export const lockConflict = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "LOCK_CONFLICT",
    message: `${place} has an unresolved merge conflict.`,
    hint: "Keep either side (the next run completes it), remove the markers, and run the command again.",
  });

export const lockTooNew = ({
  place,
  version,
  own,
}: {
  place: string;
  version: number;
  own: number;
}): CodegenError =>
  new CodegenError({
    code: "LOCK_TOO_NEW",
    message: `${place} has version ${version}; this kitcn writes version ${own}.`,
    hint: "Update kitcn to its newest version: `npm install kitcn@latest`, or the same with your package manager.",
  });

export const lockNotJson = ({ place, cause }: { place: string; cause: unknown }): CodegenError =>
  new CodegenError({
    code: "LOCK_CORRUPT",
    message: `${place} is not valid JSON.`,
    hint: RESTORE,
    cause,
  });

/** `key`: the keys that lead there, with dots between them. */
export const lockCorrupt = ({
  place,
  key,
  reason,
  cause,
}: {
  place: string;
  key: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "LOCK_CORRUPT",
    message: `${place} is broken at ${key}: ${reason}.`,
    hint: RESTORE,
    cause,
  });

// --- internal ---

const RESTORE =
  "Restore the file from version control. Or delete it and run `npx kitcn add auth --schema --yes`, with `--placement component` or `--placement app` if the tables are there: tables exactly as kitcn writes them are its own again, and others count as yours. Nothing was written.";
