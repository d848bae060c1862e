// The one error of the CLI side. Only cli.ts turns it into text and an exit code.

/** Exit codes: 1 failed or drift, 2 usage. */
export type ExitCode = 1 | 2;

/**
 * An error a user can act on: `message` says what failed and where (file and line), `hint` the next step.
 *
 * @example
 * throw new CodegenError({ code: "NO_AUTH", message: "convex/auth.ts not found.", hint: "Run `kitcn add auth`." });
 */
export class CodegenError extends Error {
  readonly code: string;
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
    code: string;
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
