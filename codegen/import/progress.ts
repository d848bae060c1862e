// Says how far long work is: a line on stderr after the first second, then one a second at most.
import type { Ui } from "../terminal/ui.js";

export type Progress = (done: number, total?: number) => void;

/** Shows work that is counted. */
export function createProgress(ui: Pick<Ui, "show">, title: string, now = Date.now): Progress {
  let last = now();
  return (done, total) => {
    const at = now();
    if (at - last < INTERVAL_MS) return;
    last = at;
    const of = total === undefined ? "" : ` of ${total} (${Math.floor((100 * done) / total)} %)`;
    ui.show(`${title}: ${done}${of} ...\n`);
  };
}

// --- internal ---

const INTERVAL_MS = 1000;
