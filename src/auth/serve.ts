// The query's or mutation's side of a request: one run of Better Auth's handler over ctx.db.
// Whatever it does is one transaction.
import type { GenericDataModel } from "convex/server";
import { rolledBack, type RequestCall } from "../request/drive.js";
import { withinRun } from "../request/effects.js";
import { loadResponse, toRequest } from "../request/message.js";
import { runHandler, type Outcome, type RequestRun } from "../request/run.js";
import { isMutationCtx, type DbCtx } from "./context.js";

/**
 * Runs a request once.
 *
 * @throws the outcome itself (see `rolledBack`) where the transaction must not commit
 */
export async function serveRequest<DataModel extends GenericDataModel>({
  ctx,
  call,
  handlerOf,
}: {
  ctx: DbCtx<DataModel>;
  call: RequestCall;
  /** Better Auth's handler for one run. */
  handlerOf: (run: RequestRun) => (request: Request) => Promise<Response>;
}): Promise<Outcome> {
  const { outcome, run } = await runHandler({
    context: isMutationCtx(ctx) ? "mutation" : "query",
    answered: call.answered,
    handler: (current) =>
      withinRun(current, async () =>
        loadResponse(await handlerOf(current)(toRequest(call.request))),
      ),
  });
  const keepsWrites = outcome.kind === "response" && !run.mustRollBack();
  if (run.isDirty() && !keepsWrites) throw rolledBack(outcome);
  return outcome;
}
