// The log of one function run, as Convex keeps it: so many lines, none of them too long, with the lines of the functions
// that it called. Must not know functions.
import { MAX_TEXT } from "./guest/console.js";

export type LogLines = {
  readonly log: (level: string, text: string) => void;
  /** Adds the lines of a function that this one called. */
  readonly addAll: (lines: readonly string[]) => void;
  readonly all: () => string[];
};

/** `onLine` gets each line whole, also those that the log leaves out. */
export function createLogLines(onLine: (line: string) => void): LogLines {
  const lines: string[] = [];
  let isFull = false;
  const add = (line: string) => {
    if (isFull) return;
    isFull = lines.length === MAX_LINES - 1;
    lines.push(isFull ? OVERFLOW : line);
  };
  return {
    log: (level, text) => {
      const label = `[${level.toUpperCase()}] `;
      onLine(label + text);
      add(label + (text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT) + CUT));
    },
    addAll: (called) => called.forEach(add),
    all: () => [...lines],
  };
}

// --- internal ---

const MAX_LINES = 256;
const OVERFLOW = `[ERROR] Log overflow (maximum ${MAX_LINES}). Remaining log lines omitted.`;
const CUT = " (truncated due to length)";
