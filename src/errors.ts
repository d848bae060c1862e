// The one error the runtime throws. Its data survives Convex boundaries, where class identity does not.
// Must stay free of better-auth, zod and node: imports: the component bundles it.
import { ConvexError } from "convex/values";
import type { KitcnErrorCode } from "../generated/error-codes.js";

export type { KitcnErrorCode };

/** What every kitcn runtime error carries. `message` says what failed, `hint` what to do next. */
export type KitcnErrorData = {
  readonly kitcn: true;
  readonly code: KitcnErrorCode;
  readonly message: string;
  readonly hint: string;
};

/**
 * An error of kitcn's runtime. Recognise one with `isKitcnError`: `instanceof` fails for one that crossed a
 * Convex boundary.
 */
export class KitcnError extends ConvexError<KitcnErrorData> {
  readonly code: KitcnErrorCode;
  readonly hint: string;

  constructor({ code, message, hint }: Omit<KitcnErrorData, "kitcn">) {
    super({ kitcn: true, code, message, hint });
    this.name = "KitcnError";
    this.message = `${message} ${hint}`;
    this.code = code;
    this.hint = hint;
  }
}

/**
 * True for a KitcnError, also one that crossed a Convex boundary and lost its class. What it knows is in `data`.
 *
 * @example
 * import { isKitcnError } from "kitcn/auth";
 *
 * export function explain(error: unknown): string {
 *   if (!isKitcnError(error)) return "Something went wrong.";
 *   return error.data.code === "NOT_FOUND" ? "It is gone." : error.data.hint;
 * }
 */
export function isKitcnError(error: unknown): error is ConvexError<KitcnErrorData> {
  return (
    error instanceof ConvexError &&
    typeof error.data === "object" &&
    error.data !== null &&
    (error.data as Partial<KitcnErrorData>).kitcn === true // the guard itself: data is untyped here
  );
}
