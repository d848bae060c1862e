// The text of one file of the app, for whoever needs nothing else of the disk. Reads only.
import { readFileSync } from "node:fs";
import { CodegenError } from "./errors.js";

/**
 * The text of a file; undefined where there is none.
 *
 * @throws CodegenError `UNREADABLE_FILE`
 */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (reason === "ENOENT" || reason === "ENOTDIR") return undefined;
    throw new CodegenError({
      code: "UNREADABLE_FILE",
      message: `${path} cannot be read: ${reason === "EISDIR" ? "it is a folder" : String(cause)}.`,
      hint: "Put a file in its place, or change its permissions, then run the command again. Nothing was written.",
      cause,
    });
  }
}
