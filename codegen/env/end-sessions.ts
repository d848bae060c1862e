// Ends the sessions of a deployment, in batches: each is one transaction of its own, so that an interruption keeps what
// is done and the next run goes on. Starts the convex CLI; prints nothing.
import { CodegenError } from "../errors.js";
import { sessionsFunctionMissing, sessionsNotEnded, sessionsUncounted } from "../errors/keys.js";
import type { ConvexCli } from "./convex-cli.js";

export type EndedSessions = {
  readonly ended: number;
  /** True where the app keeps sessions in `secondaryStorage`, which this cannot empty. */
  readonly elsewhere: boolean;
};

/**
 * Ends every session that began before the first of the calls.
 *
 * @throws CodegenError `SESSIONS_NOT_ENDED`
 */
export async function runEndSessions(
  cli: Pick<ConvexCli, "run">,
  { onStep }: { readonly onStep: (title: string) => void },
): Promise<EndedSessions> {
  let total = 0;
  let limit = BATCH;
  let before: number | undefined;
  for (;;) {
    onStep(`end the sessions (${total} so far)`);
    try {
      const args = { limit, ...(before !== undefined && { before }) };
      const batch = read(await cli.run(FUNCTION, args));
      before = batch.before;
      total += batch.ended;
      if (batch.ended < limit) return { ended: total, elsewhere: batch.elsewhere };
    } catch (error) {
      if (!(error instanceof CodegenError)) throw error;
      // Triggers read and write in the same transaction: a smaller one may fit.
      if (limit === 1 || !TOO_MUCH.test(error.message)) throw notEnded(error, total);
      limit = Math.ceil(limit / 10);
    }
  }
}

// --- internal ---

const FUNCTION = "generated/auth:endSessions";

/** Rows a transaction: well below the 16,000 documents that Convex lets one write. */
const BATCH = 1000;

const TOO_MUCH = /too many|too much|too large|TOO_MANY|limit|took too long|timed out/i;

function read(value: unknown): EndedSessions & { readonly before: number } {
  const { ended, before, elsewhere } = (value ?? {}) as Readonly<Record<string, unknown>>; // checked below
  if (typeof ended === "number" && typeof before === "number")
    return { ended, before, elsewhere: elsewhere === true };
  throw sessionsUncounted({ name: FUNCTION });
}

function notEnded(cause: CodegenError, ended: number): CodegenError {
  const said = { ended, reason: cause.message, cause };
  return /Could not find (public )?function/.test(cause.message)
    ? sessionsFunctionMissing(said)
    : sessionsNotEnded({ ...said, fix: cause.hint });
}
