// What the HTTP action does for its runs: calls them, performs what they ask, runs the hooks that were put off.
import type { FunctionHandle, GenericActionCtx, GenericDataModel } from "convex/server";
import type { Value } from "convex/values";
import { errorText } from "../../error-text.js";
import { failureOf, fetchArguments, loadAnswer } from "../../request/answers.js";
import type { Driver, RequestCall } from "../../request/drive.js";
import type { withinAction } from "../../request/effects.js";
import { failureResponse } from "../../request/failures.js";
import type { ActionArgs, Answer, LimitVerdict, Question } from "../../request/journal.js";
import { never } from "../../request/never.js";
import type { DeferredCallback, Outcome } from "../../request/run.js";
import { againOnConflict } from "../../store/conflicts.js";
import type { ReadQuestion } from "../long-reads.js";
import { answerPassword } from "../passwords/passwords.js";
import type { LimitQuestion } from "../limits/rate-limit.js";
import { internalReference } from "../references.js";
import { isInCookie } from "./in-cookie.js";
import type { AuthOptions } from "../types.js";

export type ActionDriverInput<DataModel extends GenericDataModel> = {
  readonly ctx: GenericActionCtx<DataModel>;
  readonly module: string;
  /** The definition's options for this action, built on first use. */
  readonly options: () => AuthOptions | Promise<AuthOptions>;
  /** Calls a callback of the options that was deferred. */
  readonly callDeferred: (callback: DeferredCallback) => Promise<void>;
  readonly serveInAction: (request: Request) => Promise<Response>;
  /** Takes a try from a rate limit of the options, in a transaction of its own. */
  readonly takeLimit: (limit: LimitQuestion) => Promise<LimitVerdict>;
  /** Does a read in pages. */
  readonly readLong: (question: ReadQuestion) => Promise<Answer>;
};

export function actionDriver<DataModel extends GenericDataModel>({
  ctx,
  module,
  options,
  callDeferred,
  serveInAction,
  takeLimit,
  readLong,
}: ActionDriverInput<DataModel>): Driver {
  const serve = async (request: Request, played: Played): Promise<Response> => {
    let failure: unknown;
    const noteFailure = (error: unknown) => void (failure ??= error);
    const path = new URL(request.url).pathname;
    const { withinAction } = await loadEffects();
    const response = await withinAction({ ...played, path, noteFailure }, () =>
      serveInAction(request),
    );
    if (failure === undefined) return response;
    console.error(errorText(failure));
    return failureResponse(failure);
  };
  return {
    serveInAction: serve,
    tryInAction: (request, replay) =>
      new Promise<Response | undefined>((resolve, reject) => {
        const giveUp = () => {
          resolve(undefined);
          return never();
        };
        serve(request, { journal: [], replay, giveUp }).then(resolve, reject);
      }),
    isForAction: (message) => isInCookie(message, options),
    call: (context, call) =>
      context === "query"
        ? ctx.runQuery(internalReference<"query", Args, Outcome>(`${module}:authRequestQuery`), {
            call,
          })
        : againOnConflict(() =>
            ctx.runMutation(internalReference<"mutation", Args, Outcome>(`${module}:authRequest`), {
              call,
            }),
          ),
    answer: (question, signal) => perform(question, { ctx, options, takeLimit, readLong, signal }),
    callHook: async (hook, played) => {
      const scope = { ...played, replay: undefined, path: "", noteFailure: () => {} };
      try {
        const { withinAction } = await loadEffects();
        await withinAction(scope, () => callDeferred(hook));
      } catch (error) {
        // As in Better Auth: what was committed stays, a failed hook must not look like a failed sign-up.
        console.error(errorText(error));
      }
    },
  };
}

// --- internal ---

/** Only what serves in the action needs it: http.ts does not evaluate it for every request. */
const loadEffects = () => import("../../request/effects.js");

type Args = { call: RequestCall };

type Played = Omit<Parameters<typeof withinAction>[0], "path" | "noteFailure">;

async function perform<DataModel extends GenericDataModel>(
  question: Question,
  {
    ctx,
    options,
    takeLimit,
    readLong,
    signal,
  }: Pick<ActionDriverInput<DataModel>, "ctx" | "options" | "takeLimit" | "readLong"> & {
    readonly signal: AbortSignal | undefined;
  },
): Promise<Answer> {
  try {
    switch (question.kind) {
      case "hashPassword":
      case "verifyPassword":
        return await answerPassword(question, options);
      case "init":
        return { kind: "flag", flag: true };
      case "limit":
        return { kind: "verdict", verdict: await takeLimit(question) };
      case "read":
        return await readLong(question);
      case "runAction": {
        const handle = question.handle as ActionHandle; // made by createFunctionHandle in a run
        return { kind: "value", value: (await ctx.runAction(handle, question.args)) ?? null };
      }
      case "crypto": {
        const { answerCrypto } = await import("../../request/signatures.js");
        return await answerCrypto(question);
      }
      case "fetch":
        return await loadAnswer(() => fetch(...fetchArguments(question, signal)));
    }
  } catch (error) {
    return failureOf(error);
  }
}

type ActionHandle = FunctionHandle<"action", ActionArgs, Value>;
