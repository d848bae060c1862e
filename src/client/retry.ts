// Plans one retry at a time, each later than the one before.
// Must not know what is retried.
import { retryDelay } from "./backoff.js";

export type Retry = {
  /** Plans the next run, unless one is planned. */
  plan(): void;
  /** Forgets a planned run and the failures before it. */
  reset(): void;
};

/** A planner for `run`. */
export function createRetry(run: () => void): Retry {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    plan() {
      timer ??= setTimeout(() => {
        timer = undefined;
        run();
      }, retryDelay(attempt++));
    },
    reset() {
      attempt = 0;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
