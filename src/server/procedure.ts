// The steps of a procedure: input schemas and middleware, run in the order they were declared.
// Must not know Convex functions or HTTP: procedures of both kinds run through here.
import type { z } from "zod";
import { middlewareWithoutResult } from "../errors/server.js";
import { CRPCError, toClientError, type CRPCIssue } from "./error.js";

/** `T` with the members of `U` put over it. */
export type Overwrite<T, U> = Omit<T, keyof U> & U;

/** The same type, shown flat. */
export type Simplify<T> = { [Key in keyof T]: T[Key] } & {};

/** An object of which nothing is known to be there. */
export type NoFields = Record<never, never>;

/** What `next` resolves with: what was added to ctx, and what the rest of the procedure returned. */
export type MiddlewareResult<Added extends object> = {
  readonly ctx: Added;
  readonly value: unknown;
};

/** Runs the rest of the procedure, with more on its ctx. */
export type Next = {
  (): Promise<MiddlewareResult<NoFields>>;
  <Added extends object>(options: { ctx: Added }): Promise<MiddlewareResult<Added>>;
};

/**
 * A step around the rest of a procedure. It returns what `next` resolved with, or throws.
 *
 * @example
 * import type { Auth } from "convex/server";
 * import { getAuthUserId } from "kitcn/auth";
 * import { CRPCError, type Middleware } from "kitcn/server";
 *
 * export const authed: Middleware<{ auth: Auth }, { userId: string }> = async ({ ctx, next }) => {
 *   const userId = await getAuthUserId(ctx);
 *   if (!userId) throw new CRPCError({ code: "UNAUTHORIZED" });
 *   return next({ ctx: { userId } });
 * };
 */
export type Middleware<
  Ctx extends object,
  Added extends object,
  Input extends object = object,
> = (options: { ctx: Ctx; input: Input; next: Next }) => Promise<MiddlewareResult<Added>>;

/** A step without its types; they are checked where it is declared. */
export type Step =
  | { readonly kind: "input"; readonly schema: z.ZodObject }
  | { readonly kind: "use"; readonly middleware: Middleware<object, object> };

export type Handler = (options: { ctx: object; input: object }) => unknown;

/**
 * Runs the steps and then the handler.
 *
 * @throws CRPCError `BAD_REQUEST` with `issues` where a schema refuses the input
 */
export async function runProcedure({
  steps,
  output,
  ctx,
  loadInput,
  handler,
}: {
  steps: readonly Step[];
  output: z.ZodType | null;
  ctx: object;
  /** The raw input; called only by an input step, so that what stands before it runs first. */
  loadInput: () => Promise<object> | object;
  handler: Handler;
}): Promise<unknown> {
  const runFrom = async (
    index: number,
    state: { ctx: object; input: object },
  ): Promise<unknown> => {
    const step = steps[index];
    if (!step) return parseOutput(output, await handler(state));
    if (step.kind === "input") {
      const parsed = await parseInput(step.schema, ownPart(step.schema, steps, await loadInput()));
      return runFrom(index + 1, { ctx: state.ctx, input: { ...state.input, ...parsed } });
    }
    const next = async <Added extends object>(options?: { ctx: Added }) => ({
      // Without options nothing is added, which is what that overload of Next promises.
      ctx: options?.ctx ?? ({} as Added),
      value: await runFrom(index + 1, { ...state, ctx: { ...state.ctx, ...options?.ctx } }),
    });
    const result: unknown = await step.middleware({ ...state, next });
    if (!isResult(result)) throw middlewareWithoutResult();
    return result.value;
  };
  try {
    return await runFrom(0, { ctx, input: {} });
  } catch (error) {
    throw toClientError(error);
  }
}

/** A wrong output is the developer's error: it stays a plain error, whose text Convex withholds. */
export async function parseOutput(schema: z.ZodType | null, value: unknown): Promise<unknown> {
  if (!schema) return value;
  return await schema.parseAsync(value === undefined ? null : value);
}

// --- internal ---

async function parseInput(schema: z.ZodObject, value: object): Promise<object> {
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }): CRPCIssue => ({
    path: path.map((part) => (typeof part === "number" ? part : String(part))),
    message,
  }));
  const text = issues.map(({ path, message }) =>
    [path.join("."), message].filter(Boolean).join(": "),
  );
  throw new CRPCError({
    code: "BAD_REQUEST",
    message: `Invalid input. ${text.join("; ")}`,
    issues,
    cause: parsed.error,
  });
}

/** The input without what only other schemas of this procedure know, so that strict schemas combine. */
function ownPart(schema: z.ZodObject, steps: readonly Step[], input: object): object {
  const foreign = new Set<string>();
  for (const step of steps)
    if (step.kind === "input" && step.schema !== schema)
      for (const key of Object.keys(step.schema.shape))
        if (!(key in schema.shape)) foreign.add(key);
  return Object.fromEntries(Object.entries(input).filter(([key]) => !foreign.has(key)));
}

function isResult(value: unknown): value is MiddlewareResult<object> {
  return typeof value === "object" && value !== null && "ctx" in value && "value" in value;
}
