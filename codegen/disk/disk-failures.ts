// What the operating system says when a file cannot be used, as a sentence with what to do.
// Only tells; whoever touched the disk lets the error pass.
import type { CodegenError } from "../errors.js";
import { diskFailed } from "../errors/cli.js";

/**
 * An error of `node:fs` or of starting a program, as one of ours; undefined for any other.
 *
 * @example
 * asDiskFailure(error)?.message; // "convex cannot be read or written: permission denied."
 */
export function asDiskFailure(error: unknown): CodegenError | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  const reason = REASONS.get(String(error.code));
  if (reason === undefined) return undefined;
  // A write to a full disk names no file.
  const path = "path" in error && typeof error.path === "string" ? error.path : "A file";
  return diskFailed({ path, reason, cause: error });
}

/** In words, what an error code means; undefined if it is not a file-system error. */
export function diskReason(code: string): string | undefined {
  return REASONS.get(code);
}

// --- internal ---

const REASONS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
  ["ENAMETOOLONG", "the path is too long"],
  ["ELOOP", "its symbolic links lead in a circle"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a folder was expected"],
  ["EIO", "the disk failed"],
]);
