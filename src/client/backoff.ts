// How long to wait between attempts, and a sleep that can be ended early.
// Must not know what is attempted.
import { onForeground, onOnline } from "./app-focus.js";

const FIRST_DELAY_MS = 500;

/** No wait is longer, so that a client is back soon after the network is. */
export const MAX_DELAY_MS = 30_000;

/**
 * The wait before retry number `attempt` (from 0), in ms: it doubles up to 30 s, and is shortened by up
 * to half at random, so that clients that failed together do not return together.
 */
export function retryDelay(attempt: number): number {
  const full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return full * (0.5 + Math.random() / 2);
}

/** Waits before retry number `attempt`; less when the network or a phone's user comes back, or the signal aborts. */
export async function waitForRetry(attempt: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const early = new AbortController();
  const end = () => early.abort();
  const leaveNetwork = onOnline(end);
  const leaveForeground = onForeground(end);
  signal.addEventListener("abort", end);
  try {
    await sleep(retryDelay(attempt), early.signal);
  } finally {
    leaveNetwork();
    leaveForeground();
    signal.removeEventListener("abort", end);
  }
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
