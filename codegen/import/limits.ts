// What a batch does that is too much for one function run: it comes again, smaller. Pure, but for the call.
import { CodegenError } from "../errors.js";

/** True for an error that a smaller batch may not meet. */
export function isTooMuch(error: unknown): boolean {
  return error instanceof CodegenError && TOO_MUCH.test(error.message);
}

/** Calls with a quarter of the limit as long as the deployment says that a batch is too much. */
export function withinLimits<Page>(
  limit: number,
  call: (limit: number) => Promise<Page>,
): () => Promise<Page> {
  let current = limit;
  return async () => {
    for (;;) {
      try {
        return await call(current);
      } catch (error) {
        if (current === 1 || !isTooMuch(error)) throw error;
        current = Math.ceil(current / 4);
      }
    }
  };
}

// --- internal ---

const TOO_MUCH = /too many|too much|too large|TOO_MANY|limit|took too long|timed out/i;
