// The answer over HTTP to a write that was refused. Without it, Better Auth would answer with an empty 500, or with a
// failure of its own. Must not catch: calls of auth.api get the error itself.
import type { AdapterStores } from "../../adapter/adapter.js";
import { KitcnError } from "../../errors/error.js";
import type { RequestRun } from "../../request/run.js";
import { notingErrors } from "../../store/map-store.js";

/** The status of errors that are the app's own answer, whatever Better Auth makes of them. */
const STATUS: Readonly<Record<string, number>> = { TRIGGER_CANCELLED: 422 };

/** And of those that Better Auth mostly answers by itself; they take the place of an empty 500 only. */
const STATUS_IF_EMPTY: Readonly<Record<string, number>> = {
  UNIQUE_VIOLATION: 409,
  RESTRICTED: 409,
  FORCED_ID: 500,
};

type Handler = (request: Request) => Promise<Response>;

/** Stores that remember such an error, and what makes an answer of it. */
export function answeringErrors(
  stores: AdapterStores,
  run: Pick<RequestRun, "markFailed"> | undefined,
): {
  readonly stores: AdapterStores;
  readonly answering: (handler: Handler) => Handler;
} {
  let refused: KitcnError | undefined;
  let unanswered: KitcnError | undefined;
  const note = (error: unknown) => {
    if (!(error instanceof KitcnError)) return;
    if (error.code in STATUS) refused = error;
    if (error.code in STATUS_IF_EMPTY) unanswered = error;
  };
  return {
    stores: {
      app: notingErrors(stores.app, note),
      component: notingErrors(stores.component, note),
    },
    answering: (handler) => async (request) => {
      refused = unanswered = undefined;
      const response = await handler(request);
      if (refused && response.status >= 400) return answerOf(refused, STATUS);
      if (!unanswered || response.status < 500 || response.body) return response;
      // Still a failure: nothing is kept.
      run?.markFailed(unanswered);
      return answerOf(unanswered, STATUS_IF_EMPTY);
    },
  };
}

// --- internal ---

function answerOf({ code, hint, data }: KitcnError, statuses: typeof STATUS): Response {
  return Response.json({ code, message: data.message, hint }, { status: statuses[code] ?? 500 });
}
