// The one error the runtime throws. Its data survives Convex boundaries, where class identity does not.
// Must stay free of better-auth, zod and node: imports: the component bundles it.
import { ConvexError } from "convex/values";

/** What every kitcn runtime error carries. `message` says what failed, `hint` what to do next. */
export type KitcnErrorData = {
  readonly kitcn: true;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
};

/**
 * An error of kitcn's runtime.
 *
 * @example
 * throw new KitcnError({ code: "MISSING_INDEX", message: "...", hint: "Add an index ..." });
 */
export class KitcnError extends ConvexError<KitcnErrorData> {
  readonly code: string;
  readonly hint: string;

  constructor({ code, message, hint }: { code: string; message: string; hint: string }) {
    super({ kitcn: true, code, message, hint });
    this.name = "KitcnError";
    this.message = `${message} ${hint}`;
    this.code = code;
    this.hint = hint;
  }
}

/** True for a KitcnError, also one that crossed a Convex boundary and lost its class. */
export function isKitcnError(error: unknown): error is ConvexError<KitcnErrorData> {
  return (
    error instanceof ConvexError &&
    typeof error.data === "object" &&
    error.data !== null &&
    (error.data as Partial<KitcnErrorData>).kitcn === true // the guard itself: data is untyped here
  );
}
