// The one error the runtime throws. Its data survives Convex boundaries, where class identity does not.
// Must stay free of better-auth, zod and node: imports: the component bundles it.
import { ConvexError } from "convex/values";
import type { KitcnErrorCode } from "./codes.js";

export type { KitcnErrorCode };

/** What stands for a part of a sentence. A list is printed with commas. */
type Part = string | number | readonly string[];

/** The names in angle brackets; `<two words>` are part of the text. */
type Names<Text extends string> = Text extends `${string}<${infer Name}>${infer Rest}`
  ? Exclude<Name, `${string} ${string}`> | Names<Rest>
  : never;

/** Makes an error of what its sentences name; nothing is passed where they name nothing. */
type ErrorMaker<Name extends string> = (
  ...parts: [Name] extends [never] ? [] : [{ readonly [name in Name]: Part }]
) => KitcnError;

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

/**
 * The function that makes one error of the catalogue: `errorOf("NOT_FOUND", 'No row "<id>".', "…")` is called as
 * `notFound({ id })`. Texts take less of a bundle than functions do, and Convex evaluates a bundle for every run.
 */
export function errorOf<Message extends string, Hint extends string>(
  code: KitcnErrorCode,
  message: Message,
  hint: Hint,
): ErrorMaker<Names<Message> | Names<Hint>> {
  return (parts: { readonly [name: string]: Part } = {}) =>
    new KitcnError({ code, message: print(message, parts), hint: print(hint, parts) });
}

// --- internal ---

function print(text: string, parts: { readonly [name: string]: Part }): string {
  return text.replace(/<(\w+)>/g, (_, name: string) => [parts[name]].flat().map(String).join(", "));
}
