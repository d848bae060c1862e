// The one error of the CLI side. Only cli.ts turns it into text and an exit code.
// Only codegen/errors/ makes one: each sentence that kitcn can say is a function there. Others throw what it returns.
import type { CodegenErrorCode } from "./errors/codes.js";

/** Exit codes: 1 failed or drift, 2 usage. */
export type ExitCode = 1 | 2;

/**
 * An error a user can act on: `message` says what failed and where (file and line), `hint` the next step.
 *
 * @example
 * export const noAuthFile = ({ path }: { path: string }): CodegenError =>
 *   new CodegenError({
 *     code: "NO_AUTH_FILE",
 *     message: `${path} was not found.`,
 *     hint: "Run `npx kitcn add auth --yes` to create it.",
 *   });
 */
export class CodegenError extends Error {
  readonly code: CodegenErrorCode;
  readonly hint: string;
  readonly exitCode: ExitCode;
  /** More for a machine: printed beside the error in JSON output. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor({
    code,
    message,
    hint,
    exitCode = 1,
    cause,
    details = {},
  }: {
    code: CodegenErrorCode;
    message: string;
    hint: string;
    exitCode?: ExitCode;
    cause?: unknown;
    details?: Readonly<Record<string, unknown>>;
  }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "CodegenError";
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** The same error in other words: what is left out stays, and `error` is the cause. */
export function rephrase(
  error: CodegenError,
  { message = error.message, hint = error.hint }: { message?: string; hint?: string },
): CodegenError {
  const { code, exitCode, details } = error;
  return new CodegenError({ code, message, hint, exitCode, details, cause: error });
}

/** An error that the runtime of kitcn threw in a deployment, in its own words. */
export function errorOfDeployment({
  code,
  message = code,
  hint = "Run `npx convex logs` to see what the function does.",
}: {
  code: string;
  message?: string | undefined;
  hint?: string | undefined;
}): CodegenError {
  // Codes of the runtime are listed in src/; they pass through as they are.
  return new CodegenError({ code: code as CodegenErrorCode, message, hint });
}
