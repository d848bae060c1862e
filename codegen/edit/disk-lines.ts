// Which line of one text is a line of another: a run edits modules before it writes them, and a report names the lines
// of the file that its reader has open. Pure; lines are compared by the library `diff`.
import { diffArrays } from "diff";

/** A line of the other text, counted from 1. */
export type MappedLine = {
  readonly line: number;
  /** False where the other text has nothing like it: then it is the line before which this one was put. */
  readonly isThere: boolean;
};

/**
 * Finds a line of `from` in `to`. An edited line is the most similar one of those that the edit replaced.
 *
 * @param line counted from 1
 * @example
 * mapLine({ from: "b\n", to: "a\nb\n", line: 1 }); // { line: 2, isThere: true }
 */
export function mapLine(input: {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}): MappedLine {
  const [from, to] = [linesOf(input.from), linesOf(input.to)];
  const at = input.line - 1;
  let [here, there] = [0, 0];
  const parts = diffArrays(from, to);
  for (let part = 0; part < parts.length; part++) {
    const { value, added, removed } = parts[part]!; // within its length
    if (added) {
      there += value.length;
      continue;
    }
    if (at >= here + value.length) {
      here += value.length;
      if (!removed) there += value.length;
      continue;
    }
    if (!removed) return { line: there + (at - here) + 1, isThere: true };
    // What an edit adds comes before or after what it removes.
    const [before, after] = [parts[part - 1], parts[part + 1]];
    const first = before?.added ? there - before.value.length : there;
    const replaced = [...(before?.added ? before.value : []), ...(after?.added ? after.value : [])];
    const similar = mostSimilar(from[at] ?? "", replaced);
    if (similar !== undefined) return { line: first + similar + 1, isThere: true };
    return { line: Math.min(first + 1, Math.max(1, to.length)), isThere: false };
  }
  return { line: Math.max(1, to.length), isThere: false };
}

// --- internal ---

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

/** Of some lines, the one that shares the most words with a line; undefined where none shares one. */
function mostSimilar(line: string, lines: readonly string[]): number | undefined {
  const words = wordsOf(line);
  let best: { readonly at: number; readonly score: number } | undefined;
  lines.forEach((one, at) => {
    const others = wordsOf(one);
    const shared = [...words].filter((word) => others.has(word)).length;
    const score = shared / Math.max(words.size, others.size);
    if (shared > 0 && score > (best?.score ?? 0)) best = { at, score };
  });
  return best?.at;
}

/** Words that say which line it is: those of the language's own are on every second one. */
function wordsOf(line: string): Set<string> {
  return new Set((line.match(/[\w$]+/g) ?? []).filter((word) => !COMMON.has(word)));
}

const COMMON: ReadonlySet<string> = new Set([
  ...["import", "from", "type", "export", "default", "const", "let", "return", "async", "await"],
  ...["function", "if", "new", "true", "false"],
]);
