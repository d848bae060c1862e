// The text of one file of the app, for whoever needs nothing else of the disk. Reads only.
import { readFileSync } from "node:fs";
import { CodegenError } from "../errors.js";
import { diskReason } from "./disk-failures.js";

/**
 * The text of a file; undefined where there is none.
 *
 * @throws CodegenError `UNREADABLE_FILE`
 */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CodegenError({
      code: "UNREADABLE_FILE",
      message: `${path} cannot be read: ${diskReason(code) ?? String(cause)}.`,
      hint: "Put a file in its place, or change its permissions, then run the command again. Nothing was written.",
      cause,
    });
  }
}
