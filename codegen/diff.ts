// Unified diffs of planned changes. Pure; lines are compared by Myers' greedy algorithm.
import { relative } from "node:path";
import type { FileChange } from "./types.js";

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
    .filter((change) => change.before !== change.after)
    .map((change) => printFileDiff(change, relative(root, change.path).replaceAll("\\", "/")))
    .join("");
}

// --- internal ---

type Line = { readonly kind: " " | "-" | "+"; readonly text: string };

function printFileDiff({ before, after }: FileChange, name: string): string {
  const head = `--- ${before === undefined ? "/dev/null" : `a/${name}`}\n+++ b/${name}\n`;
  const lines = diffLines(splitLines(before ?? ""), splitLines(after));
  return (
    head +
    hunksOf(lines)
      .map((hunk) => printHunk(lines, hunk))
      .join("")
  );
}

function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const same = (text: string): Line => ({ kind: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...shortestEdit(
      before.slice(start, before.length - end),
      after.slice(start, after.length - end),
    ),
    ...before.slice(before.length - end).map(same),
  ];
}

/** Myers: the furthest point on each diagonal for a growing number of edits, then back along the trace. */
function shortestEdit(a: readonly string[], b: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= a.length + b.length; edits += 1) {
    trace.push(new Map(furthest));
    for (let k = -edits; k <= edits; k += 2) {
      let x = stepFrom(furthest, k, edits);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest = furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
  }
  return [];
}

function stepFrom(furthest: ReadonlyMap<number, number>, k: number, edits: number): number {
  const down = furthest.get(k + 1) ?? -1;
  const right = furthest.get(k - 1) ?? -1;
  return k === -edits || (k !== edits && right < down) ? down : right + 1;
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  a: readonly string[],
  b: readonly string[],
): Line[] {
  const lines: Line[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const k = x - y;
    const down = furthest.get(k + 1) ?? -1;
    const right = furthest.get(k - 1) ?? -1;
    const previousK = k === -edits || (k !== edits && right < down) ? k + 1 : k - 1;
    const previousX = furthest.get(previousK) ?? 0;
    const previousY = previousX - previousK;
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: " ", text: a[x] ?? "" });
    }
    if (edits === 0) break;
    if (x === previousX) lines.push({ kind: "+", text: b[--y] ?? "" });
    else lines.push({ kind: "-", text: a[--x] ?? "" });
  }
  return lines.reverse();
}

/** Ranges of line numbers: each change with its context, joined where they touch. */
function hunksOf(lines: readonly Line[]): { from: number; to: number }[] {
  const hunks: { from: number; to: number }[] = [];
  lines.forEach((line, at) => {
    if (line.kind === " ") return;
    const from = Math.max(0, at - CONTEXT_LINES);
    const to = Math.min(lines.length, at + CONTEXT_LINES + 1);
    const last = hunks.at(-1);
    if (last && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  });
  return hunks;
}

function printHunk(lines: readonly Line[], { from, to }: { from: number; to: number }): string {
  const count = (range: readonly Line[], kind: "-" | "+") =>
    range.filter((line) => line.kind === " " || line.kind === kind).length;
  const before = lines.slice(0, from);
  const body = lines.slice(from, to);
  const side = (kind: "-" | "+") => {
    const length = count(body, kind);
    const first = count(before, kind) + (length === 0 ? 0 : 1);
    return length === 1 ? `${kind}${first}` : `${kind}${first},${length}`;
  };
  const text = body.map((line) => `${line.kind}${line.text}\n`).join("");
  return `@@ ${side("-")} ${side("+")} @@\n${text}`;
}
