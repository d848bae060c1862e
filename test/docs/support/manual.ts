// docs/manual.md as files: what each of its sections says to write, and where.
// Reads the document; writes nothing.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadBlocks } from "./markdown.js";

const DOCUMENT = "docs/manual.md";

/** The files of a section, texts by path. */
export function loadSection(section: string): Record<string, string> {
  const root = resolve(".");
  const lines = readFileSync(join(root, DOCUMENT), "utf8").split("\n");
  const from = lines.indexOf(`## ${section}`) + 1;
  if (from === 0) throw new Error(`${DOCUMENT} has no section "${section}"`);
  const next = lines.findIndex((line, at) => at >= from && line.startsWith("## "));
  const to = next === -1 ? lines.length : next;
  const blocks = loadBlocks(root, DOCUMENT).filter(({ line }) => line > from && line <= to);
  return Object.fromEntries(blocks.flatMap(({ text }) => fileOf(text)));
}

// --- internal ---

/** A block that names a file in its first line is that file. */
function fileOf(text: string): [path: string, text: string][] {
  const path = /^(?:\/\/|#) ([\w./[\]$-]+)$/.exec(text.split("\n", 1)[0] ?? "")?.[1];
  return path === undefined ? [] : [[path, text]];
}
