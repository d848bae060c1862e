// The text of one file of the app, for whoever needs nothing else of the disk. Reads only.
import { readFileSync } from "node:fs";
import { unreadableFile } from "../errors/disk.js";
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
    throw unreadableFile({ path, reason: diskReason(code) ?? String(cause), cause });
  }
}
