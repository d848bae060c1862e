// Drives requests over handlers written in a test, with "transactions" that keep what was written only if they
// commit. Must not know Better Auth.
import { callDeferred } from "../../../src/auth/outbox.js";
import type { Callback } from "../../../src/request/callbacks.js";
import { driveRequest, rolledBack, type Driver } from "../../../src/request/drive.js";
import { withinAction, withinRun } from "../../../src/request/effects.js";
import { isEffect, type Answer, type Question } from "../../../src/request/journal.js";
import { loadResponse, toRequest } from "../../../src/request/message.js";
import { runHandler, type RequestRun } from "../../../src/request/run.js";

export type Handler = (input: {
  /** undefined where the action serves the request. */
  readonly run: RequestRun | undefined;
  readonly write: (row: string) => void;
  readonly request: Request;
}) => Promise<Response>;

/** Runs that Convex would have ended by now. */
const RUN_LIMIT_MS = 5000;

export function harness(
  handler: Handler,
  {
    answer = () => textAnswer("hashed"),
    find = () => undefined,
  }: {
    answer?: (question: Question) => Answer | Promise<Answer>;
    find?: (path: readonly string[]) => Callback | undefined;
  } = {},
) {
  const seen = {
    runs: [] as string[],
    writes: [] as string[],
    asked: [] as Question[],
    outbox: [] as string[],
    thrown: [] as unknown[],
    inAction: 0,
  };
  const driver: Driver = {
    isForAction: () => false,
    tryInAction: () => Promise.resolve(undefined),
    call: async (context, { request, key, ...input }) => {
      seen.runs.push(context);
      const pending: string[] = [];
      const { outcome, run, outbox } = await withinLimit(
        runHandler({
          context,
          ...input,
          settle: () => new Promise((resolve) => setTimeout(resolve, 1)),
          handler: (current) =>
            withinRun(current, async () => {
              const write = (row: string) => {
                current.markDirty();
                current.noteCreated();
                pending.push(row);
              };
              return loadResponse(
                await handler({ run: current, write, request: toRequest(request) }),
              );
            }),
        }),
      );
      const keepsWrites = outcome.kind === "response" && !run.mustRollBack();
      if (run.isDirty() && !keepsWrites) {
        if (!key) throw new Error("a query wrote");
        const error = await rolledBack(outcome, key);
        seen.thrown.push(error);
        throw error;
      }
      seen.writes.push(...pending);
      seen.outbox.push(...outbox.map(({ path }) => path.join(".")));
      return outcome;
    },
    answer: async (question) => {
      seen.asked.push(question);
      return answer(question);
    },
    callHook: (callback, played) =>
      withinAction({ path: "/", ...played, replay: undefined, noteFailure: () => {} }, () =>
        callDeferred({ callback, find, context: async () => ({}) }),
      ),
    serveInAction: async (request, played) => {
      seen.inAction++;
      const write = (row: string) => void seen.writes.push(row);
      return withinAction({ path: "/", ...played, noteFailure: () => {} }, () =>
        handler({ run: undefined, write, request }),
      );
    },
  };
  return {
    seen,
    effects: () => seen.asked.filter(isEffect).length,
    drive: (method = "POST") => driveRequest(new Request("https://x.test/", { method }), driver),
  };
}

export function textAnswer(text: string): Answer {
  return { kind: "text", text };
}

export function responseAnswer(text: string): Answer {
  const body = new TextEncoder().encode(text).buffer;
  return { kind: "response", response: { status: 200, headers: [], body } };
}

// --- internal ---

function withinLimit<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error("a run did not end")), RUN_LIMIT_MS).unref();
  });
  return Promise.race([work, late]);
}
