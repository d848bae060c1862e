// Triggers of the app for tables of a component: what goes along with a write, and what comes back.
// The component calls the app by function handle, in the same transaction. Plain data crosses, nothing else.
// Bundled by the component: must not know Better Auth.
import type { FunctionHandle } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { isKitcnError, KitcnError } from "../errors.js";
import { definedColumns } from "../store/rows.js";
import type { TriggerState } from "./context.js";
import type { LooseTriggers } from "./dispatch.js";
import {
  reviveError,
  type AfterWrite,
  type BeforeVerdict,
  type BeforeWrite,
  type WriteHooks,
  type WriteOperation,
  type WriteTarget,
} from "./hooks.js";

/** What a write into a component carries: where the app's triggers are, and which steps they wait for. */
export type TriggerRoute = {
  /** Of an internal mutation of the app that takes `TriggerCall`. */
  readonly handle: string;
  readonly steps: { readonly [model: string]: TriggerSteps };
  readonly depth: number;
  readonly crossings: number;
};

export type TriggerSteps = {
  readonly before: readonly WriteOperation[];
  /** After triggers and change triggers, which run in one call. */
  readonly after: readonly WriteOperation[];
};

/** The argument of the app's mutation. */
export type TriggerCall = Pick<TriggerRoute, "depth" | "crossings"> &
  (
    | { readonly step: "before"; readonly write: BeforeWrite }
    | { readonly step: "after"; readonly write: AfterWrite }
  );

/** What it returns: of `before` the verdict, of `after` null. */
export type TriggerAnswer = Exclude<BeforeVerdict, void | undefined> | null;

/** A crossing takes two nested calls, and Convex allows eight of them inside each other. */
export const MAX_TRIGGER_CROSSINGS = 3;

/** The steps that triggers of a model wait for; undefined where there are none. */
export function stepsOf(triggers: LooseTriggers | undefined): TriggerSteps | undefined {
  if (!triggers) return undefined;
  const before = OPERATIONS.filter((operation) => triggers[operation]?.before);
  const after = OPERATIONS.filter((operation) => triggers.change ?? triggers[operation]?.after);
  return before.length + after.length > 0 ? { before, after } : undefined;
}

/** A route for these triggers' state. @throws KitcnError `TRIGGER_RECURSION` */
export function assertCrossable({ crossings }: TriggerState): void {
  if (crossings < MAX_TRIGGER_CROSSINGS) return;
  throw new KitcnError({
    code: "TRIGGER_RECURSION",
    message: `Triggers on tables of the component wrote into each other ${MAX_TRIGGER_CROSSINGS} levels deep, as deep as Convex nests calls.`,
    hint: "Write only where something changes, or through withoutTriggers(ctx).",
  });
}

/** The component's side: hooks that call the app. */
export function routedHooks(
  ctx: { readonly runMutation: RunHandle },
  { handle, steps, ...state }: TriggerRoute,
): WriteHooks {
  const waits = (step: keyof TriggerSteps, { model, operation }: Waiting) =>
    steps[model]?.[step].includes(operation) === true;
  const call = async (args: TriggerCall): Promise<TriggerAnswer> => {
    try {
      // Made by createFunctionHandle, and answered by triggerAnswer.
      return (await ctx.runMutation(handle as TriggerHandle, args)) as TriggerAnswer;
    } catch (error) {
      throw crossedError(error);
    }
  };
  return {
    concerns: (write) => waits("before", write) || waits("after", write),
    before: async (write) =>
      waits("before", write)
        ? ((await call({ step: "before", write, ...state })) ?? undefined)
        : undefined,
    // The app runs change after after.
    after: async (write) => {
      if (waits("after", write)) await call({ step: "after", write, ...state });
    },
  };
}

/** The app's side: one step of the triggers behind `hooks`. */
export async function answerTriggerCall(
  hooks: WriteHooks | undefined,
  call: TriggerCall,
): Promise<TriggerAnswer> {
  if (call.step === "before") {
    const verdict = await hooks?.before?.(call.write);
    // Undefined has no place in what crosses.
    return verdict ? { data: definedColumns(verdict.data) } : (verdict ?? null);
  }
  await hooks?.after?.(call.write);
  await hooks?.change?.(call.write);
  return null;
}

/** The error of a trigger, as the trigger threw it, where this is one that crossed; else undefined. */
export function triggerErrorOf(error: unknown): Error | undefined {
  if (!(error instanceof ConvexError) || !isCrossed(error.data)) return undefined;
  const { message, thrown } = error.data;
  if (thrown === undefined) return new Error(message);
  const original = new ConvexError(thrown);
  return isKitcnError(original) ? reviveError(original.data) : original;
}

// --- internal ---

type Waiting = WriteTarget & { readonly operation: WriteOperation };
type TriggerHandle = FunctionHandle<"mutation", TriggerCall, TriggerAnswer>;
type RunHandle = (handle: TriggerHandle, args: TriggerCall) => Promise<unknown>;

const OPERATIONS = ["create", "update", "delete"] as const;

/** Tells the error of a trigger from the store's own on the way back. */
type Crossed = { readonly kitcnTrigger: true; readonly message: string; readonly thrown?: Value };

function crossedError(error: unknown): ConvexError<Crossed> {
  const message = error instanceof Error ? error.message : String(error);
  return new ConvexError<Crossed>({
    kitcnTrigger: true,
    message,
    ...(error instanceof ConvexError && { thrown: error.data as Value }), // what a ConvexError may carry
  });
}

function isCrossed(data: unknown): data is Crossed {
  return typeof data === "object" && data !== null && "kitcnTrigger" in data;
}
