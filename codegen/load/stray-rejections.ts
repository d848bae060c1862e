// Promises that user code left unawaited and that fail while it is loaded: one named error, not a crash.

/** Watches until `stop` is called. */
export type RejectionWatch = {
  /** Throws the first stray failure there was so far. */
  readonly settle: () => Promise<void>;
  readonly stop: () => void;
};

/** Starts watching the process for unhandled rejections. */
export function watchRejections(): RejectionWatch {
  const strays: unknown[] = [];
  const listener = (reason: unknown) => void strays.push(reason);
  process.on("unhandledRejection", listener);
  return {
    async settle() {
      // Node reports a rejection only after the microtasks of its turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (strays.length > 0) throw strays[0];
    },
    stop: () => void process.off("unhandledRejection", listener),
  };
}
