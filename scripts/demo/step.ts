// Prints one line a step: what it does, then how it ended and how long it took.

/**
 * Runs `work` under a title. What it returns is the step's result; `{ result, detail }` also prints a detail.
 */
export async function step<T>(
  title: string,
  work: () => Promise<T | { result: T; detail: string }>,
): Promise<T> {
  const started = performance.now();
  process.stdout.write(`- ${title} ... `);
  try {
    const outcome = await work();
    const { result, detail } = isDetailed(outcome) ? outcome : { result: outcome, detail: "" };
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`ok (${seconds} s)${detail ? `: ${detail}` : ""}`);
    return result;
  } catch (error) {
    console.log("FAILED");
    throw error;
  }
}

// --- internal ---

function isDetailed<T>(
  outcome: T | { result: T; detail: string },
): outcome is { result: T; detail: string } {
  return (
    typeof outcome === "object" && outcome !== null && "result" in outcome && "detail" in outcome
  );
}
