// Collects the garbage of a thread between two runs. Must not run while a function does: its CPU time is counted.
//
// A run leaves a context of 12 MB behind. Its old half keeps its young half alive, so when V8 looks at young objects
// alone it copies what nobody can reach, which took a quarter of the CPU time of a request. Once the young space holds
// a few contexts, the whole heap is marked instead: what lives is little.
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Half of what threads.ts lets the young space hold. */
const ENOUGH_BYTES = 32 * 1024 * 1024;

/** A function that collects, where there is enough. */
export function createCollector(): () => void {
  const collect = findCollect();
  return () => {
    if (youngBytes() > ENOUGH_BYTES) collect();
  };
}

/** Whether a context was made while a thread looked for `gc`, which Convex has not. */
export function hasCollect(context: object): boolean {
  return "gc" in context;
}

// --- internal ---

/** The flag is one of the process: another thread may switch it off at any time. */
function findCollect(): () => void {
  for (;;) {
    setFlagsFromString("--expose-gc");
    const found: unknown = runInNewContext("globalThis.gc");
    setFlagsFromString("--no-expose-gc");
    if (typeof found === "function") return found as () => void; // V8's own
  }
}

function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return young?.space_used_size ?? 0;
}
