// Gives auth.ts a context that reports what a run cannot undo or do.
// Must not import better-auth.
import {
  createFunctionHandle,
  type FunctionReference,
  type FunctionVisibility,
  type GenericActionCtx,
  type GenericDataModel,
} from "convex/server";
import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { toError } from "../request/answers.js";
import type { ActionArgs, Answer, Question } from "../request/journal.js";
import type { RequestRun } from "../request/run.js";
import { answerOf, currentScope, leaveToRuns } from "../request/scope.js";
import type { DbCtx } from "./context.js";
import type { AuthCtx } from "./types.js";

/**
 * The context that the definition sees inside a run: the same one, except that the run learns when user
 * code may have written, and moves on when user code wants what this kind of function lacks.
 */
export function contextOfRun<DataModel extends GenericDataModel>(
  ctx: DbCtx<DataModel>,
  run: RequestRun,
): AuthCtx<DataModel> {
  const reporting = new Proxy(ctx, {
    get(target, name, receiver) {
      if (name === "runAction") return askedRunAction;
      if (WRITERS.has(name) && run.context === "mutation") {
        run.markDirty();
        run.markShared();
        const scope = currentScope();
        if (scope?.kind === "run" && scope.hook && DATABASES.has(name)) run.noteDb(scope.hook);
      }
      if (WRITERS.has(name) && !(name in target)) return missing(run, "mutation", String(name));
      if (ACTION_ONLY.has(name)) return missing(run, "action", String(name));
      if (name === "storage") return storageOf(target.storage, run);
      return Reflect.get(target, name, receiver) as unknown;
    },
    has: (target, name) => name === "runAction" || name in target,
  });
  behind.set(reporting, ctx);
  return reporting;
}

/** The context behind that of a run, for stores: what they and triggers do with ctx.db is not reported to the run. */
export function behindRun<Ctx extends object>(ctx: Ctx): Ctx {
  return (behind.get(ctx) as Ctx | undefined) ?? ctx; // of the same type: contextOfRun was given it
}

/** The context that the definition sees in an action: what the runs of the request have run is not run again. */
export function contextOfAction<DataModel extends GenericDataModel>(
  ctx: GenericActionCtx<DataModel>,
): GenericActionCtx<DataModel> {
  const runAction = async (reference: AnyAction, args?: ActionArgs): Promise<unknown> => {
    const perform = async (): Promise<Answer> => ({
      kind: "value",
      // Any action's result is a value of Convex.
      value: (await ctx.runAction(reference, args)) as Value,
    });
    const scope = currentScope();
    const isReplayed = scope?.kind === "action" && !scope.journal.isEmpty();
    return valueOf(
      isReplayed ? await answerOf(await questionOf(reference, args), perform) : await perform(),
    );
  };
  // The same function, with the types of any action instead of the given one's.
  const own = { ...ctx, runAction: runAction as typeof ctx.runAction };
  return new Proxy(own, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver) as unknown;
      if (name !== "runAction" && !WRITERS.has(name)) return value;
      if (value !== undefined) return leavingFirst(value);
      const leave = leaveToRuns();
      if (leave) return endless(leave);
      if (DATABASES.has(name) && currentScope()?.kind === "action") console.warn(NO_DATABASE);
      return value;
    },
  });
}

// --- internal ---

const behind = new WeakMap<object, object>();

type AnyAction = FunctionReference<"action", FunctionVisibility>;

const WRITERS = new Set<string | symbol>(["db", "orm", "scheduler", "runMutation", "storage"]);
const DATABASES = new Set<string | symbol>(["db", "orm"]);
const ACTION_ONLY = new Set<string | symbol>(["vectorSearch"]);
const NO_DATABASE =
  "auth.ts reads ctx.db or ctx.orm in a request that an action serves, where both are undefined. Use ctx.runQuery and ctx.runMutation, which work everywhere.";
const FILES = new Set<string | symbol>(["store", "get", "generateUploadUrl", "delete"]);

/** `ctx.runAction` in a run: the action that serves the request runs it, once. */
async function askedRunAction(reference: AnyAction, args?: ActionArgs): Promise<unknown> {
  const scope = currentScope();
  const question = await questionOf(reference, args);
  if (scope?.kind !== "run") throw new Error("ctx.runAction was called outside of its request.");
  return valueOf(await scope.run.ask(question, scope.hook));
}

/** With the arguments as they come back from the action: without members that are undefined. */
async function questionOf(reference: AnyAction, given: ActionArgs = {}): Promise<Question> {
  const args = jsonToConvex(convexToJson(given)) as ActionArgs; // of an object, an object
  return { kind: "runAction", handle: await createFunctionHandle(reference), args };
}

function valueOf(answer: Answer): Value {
  if (answer.kind === "value") return answer.value;
  throw toError(answer);
}

function missing(run: RequestRun, to: "mutation" | "action", name: string): unknown {
  return endless(() => run.escalate(to, `auth.ts uses ctx.${name}`));
}

/** A query's storage writes nothing, and that of a mutation stores and reads files in newer releases of Convex only. */
function storageOf(storage: object, run: RequestRun): unknown {
  const to = run.context === "query" ? "mutation" : "action";
  return new Proxy(storage, {
    get: (target, name, receiver) =>
      FILES.has(name) && !(name in target)
        ? missing(run, to, `storage.${String(name)}`)
        : (Reflect.get(target, name, receiver) as unknown),
  });
}

/** The same part of a context; a call of it leaves the request to its runs, also if auth.ts took it out long before. */
function leavingFirst(part: unknown): unknown {
  if ((typeof part !== "object" && typeof part !== "function") || part === null) return part;
  return new Proxy(part, {
    get: (target, name) => leavingFirst(Reflect.get(target, name)),
    apply: (target, self, args: unknown[]) =>
      leaveToRuns()?.() ?? Reflect.apply(target as () => unknown, self, args),
  });
}

/** A function and an object with any member: the first call moves on, and nothing that waits for it goes on. */
function endless(moveOn: () => Promise<never>): unknown {
  const self: unknown = new Proxy(() => {}, {
    get: () => self,
    apply: () => {
      void moveOn();
      return self;
    },
  });
  return self;
}
