// What a caller over HTTP is told of a write that was refused on purpose, where Better Auth would make an empty 500 or
// a failure of its own of it. Must not catch: calls of auth.api get the error itself.
import type { AdapterStores } from "../../adapter/adapter.js";
import { KitcnError } from "../../errors/error.js";
import { notingErrors } from "../../store/map-store.js";

/** The status of errors that are the app's own answer. */
const STATUS: Readonly<Record<string, number>> = { TRIGGER_CANCELLED: 422 };

type Handler = (request: Request) => Promise<Response>;

/** Stores that remember such an error, and what makes an answer of it. */
export function answeringErrors(stores: AdapterStores): {
  readonly stores: AdapterStores;
  readonly answering: (handler: Handler) => Handler;
} {
  let refused: KitcnError | undefined;
  const note = (error: unknown) => {
    if (error instanceof KitcnError && error.code in STATUS) refused = error;
  };
  return {
    stores: {
      app: notingErrors(stores.app, note),
      component: notingErrors(stores.component, note),
    },
    answering: (handler) => async (request) => {
      refused = undefined;
      const response = await handler(request);
      return refused && response.status >= 400 ? answerOf(refused) : response;
    },
  };
}

// --- internal ---

function answerOf({ code, hint, data }: KitcnError): Response {
  return Response.json({ code, message: data.message, hint }, { status: STATUS[code] ?? 500 });
}
