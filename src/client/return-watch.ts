// Notices, at most every half minute, that the user came back.
// Must not know what is done about it.
import { onReturn } from "./app-focus.js";

/** Between two calls, in ms. */
const INTERVAL_MS = 30_000;

/**
 * Calls `run` when the user comes back to the page or the app, at most once in 30 s and not within the first, until
 * the returned function is called.
 */
export function watchReturn(run: () => void): () => void {
  let earliest = Date.now() + INTERVAL_MS;
  return onReturn(() => {
    if (Date.now() < earliest) return;
    earliest = Date.now() + INTERVAL_MS;
    run();
  });
}
