// Unified diffs of planned changes, as patches that git and patch accept. Pure; lines are compared by the library `diff`.
import { structuredPatch } from "diff";
import { relative } from "node:path";
import type { FileChange } from "../types.js";

const CONTEXT_LINES = 3;

/**
 * The changes as one unified diff, with paths relative to `root`.
 *
 * @example
 * process.stdout.write(printDiff(outcome.changes, { root: project.root }));
 */
export function printDiff(
  changes: readonly FileChange[],
  { root }: { readonly root: string },
): string {
  return changes
    .filter(({ before, after, isRemoved }) => isRemoved ?? before !== after)
    .map((change) => printFileDiff(change, relative(root, change.path).replaceAll("\\", "/")))
    .join("");
}

// --- internal ---

type Hunk = ReturnType<typeof structuredPatch>["hunks"][number];

function printFileDiff({ before, after, isRemoved }: FileChange, name: string): string {
  const from = before === undefined ? "/dev/null" : `a/${name}`;
  const to = isRemoved ? "/dev/null" : `b/${name}`;
  const options = { context: CONTEXT_LINES };
  const { hunks } = structuredPatch(from, to, before ?? "", after, undefined, undefined, options);
  return `--- ${from}\n+++ ${to}\n${hunks.map(printHunk).join("")}`;
}

function printHunk({ oldStart, oldLines, newStart, newLines, lines }: Hunk): string {
  const body = lines.map((line) => `${line}\n`).join("");
  return `@@ -${printRange(oldStart, oldLines)} +${printRange(newStart, newLines)} @@\n${body}`;
}

/** As git prints one: a single line without its number, and an empty range after the line before it. */
function printRange(start: number, length: number): string {
  if (length === 1) return String(start);
  return `${length === 0 ? start - 1 : start},${length}`;
}
