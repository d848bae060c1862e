// Notices that the user came back to the page.
// Must not know what is done about it.

/** Between two calls, in ms. */
const INTERVAL_MS = 30_000;

/**
 * Calls `run` when the page is looked at again, at most once in 30 s and not within the first, until the
 * returned function is called.
 */
export function watchReturn(run: () => void): () => void {
  // A server and React Native have no document.
  if (typeof document === "undefined") return () => {};
  let earliest = Date.now() + INTERVAL_MS;
  const onChange = () => {
    if (document.visibilityState !== "visible" || Date.now() < earliest) return;
    earliest = Date.now() + INTERVAL_MS;
    run();
  };
  document.addEventListener("visibilitychange", onChange);
  return () => document.removeEventListener("visibilitychange", onChange);
}
