// The HTTP action's side of a request: starts runs in a query or a mutation, answers what they ask,
// and hands over to the action itself where no single transaction can serve the request.
// Every write of a served request is in one mutation: killed at any moment, it is there whole or not at all.
import { ConvexError, type Value } from "convex/values";
import { KitcnError } from "../errors.js";
import { loadRequest, toRequest, toResponse, type RequestMessage } from "./message.js";
import {
  isSameQuestion,
  type Answer,
  type Answered,
  type DeferredCallback,
  type Outcome,
  type Question,
} from "./run.js";

export type RequestCall = { request: RequestMessage; answered: Answered[] };

export type Driver = {
  /** True for a request that the action had better serve itself. */
  readonly isForAction: (request: RequestMessage) => boolean | Promise<boolean>;
  /** Runs the request in a query or a mutation. May throw what `rolledBack` made. */
  readonly call: (context: "query" | "mutation", call: RequestCall) => Promise<Outcome>;
  readonly answer: (question: Question) => Promise<Answer>;
  /** Runs a callback that waited for the commit. */
  readonly callBack: (callback: DeferredCallback, request: Request) => Promise<void>;
  /** Serves the request in the action, one store call after the other. */
  readonly serveInAction: (request: Request) => Promise<Response>;
};

/** A document takes 1 MiB, so nothing of such a body could be kept; Convex would fail on it. */
const MAX_BODY_BYTES = 1_000_000;

/** Far more than any flow asks for; a run that never settles must not loop for ever. */
const MAX_RUNS = 24;

/**
 * Serves one request, in a query where it only reads, else in one mutation, else in the action.
 *
 * @throws whatever the handler throws; KitcnError `REQUEST_NEVER_SETTLES`
 */
export async function driveRequest(request: Request, driver: Driver): Promise<Response> {
  const message = await loadRequest(request);
  if ((message.body?.byteLength ?? 0) > MAX_BODY_BYTES) return tooLarge();
  if (await driver.isForAction(message)) return driver.serveInAction(toRequest(message));
  const answered: Answered[] = [];
  let context: "query" | "mutation" = isRead(message) ? "query" : "mutation";
  let unconfirmed: Question | undefined;

  for (let run = 0; run < MAX_RUNS; run++) {
    const outcome = await outcomeOf(driver.call(context, { request: message, answered }));
    if (outcome.kind === "response") return finish({ outcome, message, driver });
    if (outcome.kind === "escalate") {
      if (outcome.to === "action") return driver.serveInAction(toRequest(message));
      context = "mutation";
      continue;
    }
    const { question } = outcome;
    if (!isPure(question) && !(unconfirmed && isSameQuestion(unconfirmed, question))) {
      // An effect is only performed once two runs asked for the very same thing: a request that carries
      // an id or a token of a rolled-back run would tell the outside of rows that do not exist.
      if (unconfirmed) return driver.serveInAction(toRequest(message));
      unconfirmed = question;
      continue;
    }
    unconfirmed = undefined;
    // What an older run asked beyond this point is void.
    answered.length = outcome.at;
    answered.push({ question, answer: await driver.answer(question) });
  }
  throw new KitcnError({
    code: "REQUEST_NEVER_SETTLES",
    message: `${message.method} ${new URL(message.url).pathname} asked for something new in each of ${MAX_RUNS} runs.`,
    hint: "A hook or callback in auth.ts is not deterministic; move what it fetches into an action.",
  });
}

/** The error by which a mutation reports an outcome and undoes its writes. */
export function rolledBack(outcome: Outcome): ConvexError<Value> {
  return new ConvexError({ kitcnOutcome: outcome as unknown as Value }); // Outcome is plain data, but interfaces have no index signature
}

// --- internal ---

/** As Better Auth's own errors. */
function tooLarge(): Response {
  const message = `The request's body has more than ${MAX_BODY_BYTES} bytes.`;
  return Response.json({ code: "PAYLOAD_TOO_LARGE", message }, { status: 413 });
}

async function outcomeOf(call: Promise<Outcome>): Promise<Outcome> {
  try {
    return await call;
  } catch (error) {
    const data: unknown = error instanceof ConvexError ? error.data : undefined;
    if (typeof data === "object" && data !== null && "kitcnOutcome" in data) {
      return data.kitcnOutcome as Outcome; // made by rolledBack, the only writer of this member
    }
    throw error;
  }
}

async function finish({
  outcome,
  message,
  driver,
}: {
  outcome: Extract<Outcome, { kind: "response" }>;
  message: RequestMessage;
  driver: Driver;
}): Promise<Response> {
  for (const callback of outcome.callbacks) await driver.callBack(callback, toRequest(message));
  if (outcome.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, outcome.delayMs));
  return toResponse(outcome.response);
}

function isRead({ method }: RequestMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** Asking it twice does no harm. */
function isPure(question: Question): boolean {
  return question.kind !== "fetch";
}
