// How Node runs the stand-in: options of V8, by its release. Decides; starts nothing.
import { YOUNG_HEAP_MB } from "./threads.js";

/**
 * Each run leaves a context of 12 MB behind, with Better Auth in it, and V8 looked for garbage for half of the time. It
 * may fill the heap of a function before it looks, keeps young what a few runs make (see garbage.ts), and looks in the
 * thread of the function, at once: what lives is little.
 *
 * What V8 optimizes for one context is lost with it. Up to Node 20 it waits nine times as long before it does, which takes
 * a fifth off the CPU time of a request and half off the memory; hashing a password takes what it took. Node 22 refuses to
 * start with that option.
 */
export function nodeFlags(v8 = process.versions.v8): string[] {
  return [
    ...["--no-warnings", "--heap-growing-percent=300", "--single-threaded-gc"],
    ...["--no-incremental-marking", `--min-semi-space-size=${YOUNG_HEAP_MB / 3}`],
    ...(Number.parseInt(v8, 10) < 12 ? ["--interrupt-budget=600000"] : []),
  ];
}
