// Builds ordinary Convex functions out of procedures: zod schemas become Convex validators and run again in full.
// Own code over convex-helpers' converters: its zod builders keep only an object's shape, so `.refine` on the
// object would be dropped, and they run the schema before any middleware.
import type {
  FunctionVisibility,
  RegisteredAction,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import type { GenericValidator, PropertyValidators } from "convex/values";
import { zodOutputToConvex, zodToConvexFields } from "convex-helpers/server/zod4";
import type { z } from "zod";
import {
  runProcedure,
  type Handler,
  type Middleware,
  type Overwrite,
  type Simplify,
  type Step,
} from "./procedure.js";

export type FunctionKind = "query" | "mutation" | "action";

/** A Convex function builder, as `_generated/server` exports them. Any that gives `Ctx` will do. */
export type FunctionBuilder<Ctx extends object> = (definition: {
  args: PropertyValidators;
  returns?: GenericValidator;
  handler: (ctx: Ctx, args: Record<string, unknown>) => Promise<unknown>;
}) => unknown;

type Registered<Kind extends FunctionKind, V extends FunctionVisibility, Args extends object, R> = {
  query: RegisteredQuery<V, Simplify<Args>, R>;
  mutation: RegisteredMutation<V, Simplify<Args>, R>;
  action: RegisteredAction<V, Simplify<Args>, R>;
}[Kind];

/** What a handler may return: anything, or what the output schema takes in. */
export type HandlerReturn<Out extends z.ZodType | null> = Out extends z.ZodType
  ? z.input<Out>
  : unknown;

/** What the caller gets. */
export type FinalReturn<Out extends z.ZodType | null, R> = Out extends z.ZodType
  ? z.output<Out>
  : Awaited<R>;

/** A procedure under construction. Each method returns a new one; `query`, `mutation` or `action` ends it. */
export type Procedure<
  Kind extends FunctionKind,
  V extends FunctionVisibility,
  Ctx extends object,
  Args extends object,
  Input extends object,
  Out extends z.ZodType | null,
> = {
  /** The same, callable from other functions only. */
  internal(): Procedure<Kind, "internal", Ctx, Args, Input, Out>;
  /** Declares arguments. Several calls add up. */
  input<S extends z.ZodObject>(
    schema: S,
  ): Procedure<Kind, V, Ctx, Args & z.input<S>, Input & z.output<S>, Out>;
  /** Declares, checks and strips the return value. */
  output<S extends z.ZodType>(schema: S): Procedure<Kind, V, Ctx, Args, Input, S>;
  /** Adds a middleware; it sees the ctx and input of what was declared before it. */
  use<Added extends object>(
    middleware: Middleware<Ctx, Added, Simplify<Input>>,
  ): Procedure<Kind, V, Overwrite<Ctx, Added>, Args, Input, Out>;
} & {
  [K in Kind]: <R extends HandlerReturn<Out>>(
    handler: (options: { ctx: Ctx; input: Simplify<Input> }) => R | Promise<R>,
  ) => Registered<K, V, Args, Promise<FinalReturn<Out, R>>>;
};

export type ProcedureState = {
  readonly kind: FunctionKind;
  readonly visibility: FunctionVisibility;
  readonly steps: readonly Step[];
  readonly output: z.ZodType | null;
  /** Finds the Convex builder; throws where the app gave none. */
  readonly builderOf: (
    kind: FunctionKind,
    visibility: FunctionVisibility,
  ) => FunctionBuilder<object>;
};

/** A procedure without its types; `initCRPC` states them. */
export function createProcedure(state: ProcedureState): object {
  const extend = (change: Partial<ProcedureState>) => createProcedure({ ...state, ...change });
  return {
    internal: () => extend({ visibility: "internal" }),
    input: (schema: z.ZodObject) =>
      extend({ steps: [...state.steps, { kind: "input", schema } as const] }),
    output: (schema: z.ZodType) => extend({ output: schema }),
    use: (middleware: Middleware<object, object>) =>
      extend({ steps: [...state.steps, { kind: "use", middleware } as const] }),
    [state.kind]: (handler: Handler) => registerFunction(state, handler),
  };
}

// --- internal ---

function registerFunction(
  { kind, visibility, steps, output, builderOf }: ProcedureState,
  handler: Handler,
): unknown {
  return builderOf(
    kind,
    visibility,
  )({
    args: argsValidators(steps),
    ...(output && { returns: zodOutputToConvex(output) }),
    handler: (ctx, args) => runProcedure({ steps, output, ctx, loadInput: () => args, handler }),
  });
}

function argsValidators(steps: readonly Step[]): PropertyValidators {
  const validators: PropertyValidators = {};
  for (const step of steps)
    if (step.kind === "input") Object.assign(validators, zodToConvexFields(step.schema.shape));
  return validators;
}
