// Reads a .env file whose variables a deployment gets. Refuses what cannot be sent, before anything is: the convex
// CLI hangs on a name that Convex refuses, and a broken line takes others along.
import { readTextFile } from "../disk/read-text.js";
import { BAD_LINE_REASONS, badEnvLines } from "../errors/env.js";
import { parseEnvFile } from "./env-file.js";
import { findBadLines, type BadLine } from "./env-lines.js";

/**
 * The values of a .env file; none where there is no file.
 *
 * @param name how messages name the file
 * @throws CodegenError `ENV_FILE_INVALID` with the lines, `UNREADABLE_FILE`
 */
export function loadVariables(path: string, name: string): Record<string, string> {
  const text = readTextFile(path) ?? "";
  const lines = findBadLines(text).map((one) => placed(one, name));
  if (lines.length > 0) throw badEnvLines({ file: name, lines });
  return parseEnvFile(text);
}

// --- internal ---

function placed({ line, problem, name = "" }: BadLine, file: string): string {
  return `${file}:${line}: ${BAD_LINE_REASONS[problem]}${problem === "bad-name" && name ? ` ${name}` : ""}`;
}
