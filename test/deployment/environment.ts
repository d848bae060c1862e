// The rules for environment variables, and the refusals of the deployment's own.
// Must not know who asks.

export type EnvironmentChange = { name: string; value: string | null };

export class BadRequest extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const MAX_NAME_LETTERS = 256;
const MAX_VALUE_BYTES = 8192;
const MAX_VARIABLES = 512;
const MAX_TOTAL_BYTES = 512 * 1024;

/** The variables after a batch of changes: all of them are applied, or an error is thrown. */
export function changedEnvironment(
  env: ReadonlyMap<string, string>,
  changes: readonly EnvironmentChange[],
): Map<string, string> {
  const next = new Map(env);
  for (const { name, value } of changes) {
    assertName(name);
    if (value === null) {
      next.delete(name);
      continue;
    }
    const size = Buffer.byteLength(value);
    if (size > MAX_VALUE_BYTES)
      throw new BadRequest(
        "EnvironmentVariableValueTooLarge",
        `The environment variable value is ${size} bytes, which is too large. (max size: ${MAX_VALUE_BYTES}`,
      );
    next.set(name, value);
  }
  assertTotal(next);
  return next;
}

// --- internal ---

function assertName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new BadRequest(
      "EnvironmentVariableNameInvalid",
      `The environment variable name ${name} is invalid. Environment variable names must begin with a letter and may only include characters a-z, A-Z, 0-9, and underscores.`,
    );
  if (name.length > MAX_NAME_LETTERS)
    throw new BadRequest(
      "EnvironmentVariableNameTooLong",
      `The environment variable name ${name} is too long. Environment variable names must be less than ${MAX_NAME_LETTERS}.`,
    );
  if (name.startsWith("CONVEX_"))
    throw new BadRequest(
      "EnvVarNameForbidden",
      `Environment variable with name "${name}" is built-in and cannot be overridden`,
    );
}

function assertTotal(env: ReadonlyMap<string, string>): void {
  if (env.size > MAX_VARIABLES)
    throw new BadRequest(
      "EnvVarLimitMet",
      `The environment variable limit (${MAX_VARIABLES}) has been met.`,
    );
  const total = [...env].reduce(
    (sum, [name, value]) => sum + name.length + Buffer.byteLength(value),
    0,
  );
  if (total > MAX_TOTAL_BYTES)
    throw new BadRequest(
      "EnvVarTotalSizeLimitMet",
      `The total size of all environment variables (${total} bytes) exceeds the limit (${MAX_TOTAL_BYTES} bytes).`,
    );
}
