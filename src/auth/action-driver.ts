// What the HTTP action does for its runs: calls them, answers their questions, sends what waited for the commit.
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { callDeferred } from "../request/callbacks.js";
import type { Driver, RequestCall } from "../request/drive.js";
import { loadResponse, toRequest } from "../request/message.js";
import type { Answer, Outcome, Question } from "../request/run.js";
import { againOnConflict } from "../store/conflicts.js";
import { answerPassword } from "./passwords.js";
import { internalReference } from "./references.js";
import { isSingleWrite } from "./single-write.js";
import type { AuthOptions } from "./types.js";

export type ActionDriverInput<DataModel extends GenericDataModel> = {
  readonly ctx: GenericActionCtx<DataModel>;
  readonly module: string;
  /** The definition's options for this action, built on first use. */
  readonly options: () => AuthOptions | Promise<AuthOptions>;
  /** Better Auth's context for this action, built on first use. */
  readonly context: () => Promise<unknown>;
  readonly serveInAction: (request: Request) => Promise<Response>;
};

export function actionDriver<DataModel extends GenericDataModel>({
  ctx,
  module,
  options,
  context: authContext,
  serveInAction,
}: ActionDriverInput<DataModel>): Driver {
  return {
    serveInAction,
    isForAction: (message) => isSingleWrite(message, options),
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
    answer: (question) => answer(question, options),
    callBack: async (callback, request) => {
      try {
        await callDeferred(await options(), { callback, scope: { request, context: authContext } });
      } catch (error) {
        // As in Better Auth: what was committed stays, a failed email must not look like a failed sign-up.
        console.error(`${callback.path.join(".")} failed`, error);
      }
    },
  };
}

// --- internal ---

type Args = { call: RequestCall };

async function answer(
  question: Question,
  options: ActionDriverInput<GenericDataModel>["options"],
): Promise<Answer> {
  try {
    switch (question.kind) {
      case "hashPassword":
      case "verifyPassword":
        return await answerPassword(question, options);
      case "fetch":
        return {
          kind: "response",
          response: await loadResponse(await fetch(toRequest(question.request))),
        };
    }
  } catch (error) {
    return { kind: "failure", message: error instanceof Error ? error.message : String(error) };
  }
}
