// The query's or mutation's side of a request: one run of Better Auth's handler over ctx.db.
// Whatever it does is one transaction.
import type { GenericDataModel } from "convex/server";
import { errorText } from "../../error-text.js";
import { noRequestKey } from "../../errors/auth.js";
import { isRead, rolledBack, type RequestCall } from "../../request/drive.js";
import { withinRun } from "../../request/effects.js";
import { failureResponse, isRefusedImport } from "../../request/failures.js";
import { loadResponse, toRequest } from "../../request/message.js";
import {
  runHandler,
  type DeferredCallback,
  type Outcome,
  type RequestRun,
} from "../../request/run.js";
import { isMutationCtx, type DbCtx } from "../context.js";

/**
 * Runs a request once.
 *
 * @throws the outcome itself (see `rolledBack`) where the transaction must not commit
 */
export async function serveRequest<DataModel extends GenericDataModel>({
  ctx,
  call,
  handlerOf,
  schedule,
}: {
  ctx: DbCtx<DataModel>;
  call: RequestCall;
  /** Better Auth's handler for one run. */
  handlerOf: (run: RequestRun) => (request: Request) => Promise<Response>;
  /** Schedules what waits for the commit of this mutation. */
  schedule: (callbacks: readonly DeferredCallback[]) => Promise<void>;
}): Promise<Outcome> {
  const { journal, memory, putOff, replay } = call;
  const { outcome, run, outbox } = await runHandler({
    context: isMutationCtx(ctx) ? "mutation" : "query",
    path: new URL(call.request.url).pathname,
    isRead: isRead(call.request),
    ...{ journal, memory, putOff, replay },
    // A syscall that costs nothing: Convex runs everything else that is ready before it answers.
    settle: () => ctx.auth.getUserIdentity().catch(() => null),
    handler: (current) =>
      withinRun(current, async () => {
        const response = await handlerOf(current)(toRequest(call.request));
        if (looksIncomplete(response)) await current.checkMissing();
        if (current.context === "query" && current.commitWork().length > 0)
          return current.escalate("mutation", "what a plugin fetched is kept");
        const failure = current.failure() ?? lostWrites(current, response);
        if (isRefusedImport(failure)) return current.escalate("action", "import() is refused here");
        if (failure === undefined) return loadResponse(response);
        console.error(errorText(failure));
        return loadResponse(failureResponse(failure));
      }),
  });
  // What was taken from rate limits stays, unless something else has to be undone. A refusal keeps its writes, such as
  // a used token; what failed keeps none.
  const isAnswer = outcome.kind === "response";
  const keepsWrites = isAnswer && outcome.response.status < 500 && !run.mustRollBack();
  if (keepsWrites) {
    if (run.context === "mutation") for (const work of run.commitWork()) await work();
    await schedule(outbox);
    return outcome;
  }
  // Hooks that wait for the commit wait in vain.
  const end = isAnswer ? { ...outcome, hooks: [] } : outcome;
  if (run.isDirty()) throw await rolledBack(end, keyOf(call));
  return end;
}

// --- internal ---

/** As if something were missing: a model, a provider, the context of a plugin. A path without a route has no body. */
function looksIncomplete({ status, headers, body }: Response): boolean {
  if (status === 404) return body !== null;
  return status >= 500 || isErrorRedirect(headers);
}

/** Code that catches the error of a trigger answers as if all were saved, and nothing is. */
function lostWrites(run: RequestRun, { status, headers }: Response): unknown {
  const isSuccess = status < 400 && !isErrorRedirect(headers);
  return isSuccess && run.mustRollBack() ? run.failedBy() : undefined;
}

function isErrorRedirect(headers: Headers): boolean {
  return /[?&]error=/.test(headers.get("location") ?? "");
}

function keyOf({ key }: RequestCall): ArrayBuffer {
  if (key) return key;
  throw noRequestKey();
}
