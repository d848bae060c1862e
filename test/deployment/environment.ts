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

const MAX_VALUE_BYTES = 8192;

/** The variables after a batch of changes: all of them are applied, or an error is thrown. */
export function changedEnvironment(
  env: ReadonlyMap<string, string>,
  changes: readonly EnvironmentChange[],
): Map<string, string> {
  const next = new Map(env);
  for (const { name, value } of changes) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new BadRequest(
        "EnvironmentVariableNameInvalid",
        `Environment variable name "${name}" is invalid.`,
      );
    if (name.startsWith("CONVEX_"))
      throw new BadRequest(
        "EnvironmentVariableNameForbidden",
        `Environment variable with name ${name} is built-in and cannot be changed.`,
      );
    if (value !== null && new TextEncoder().encode(value).length > MAX_VALUE_BYTES)
      throw new BadRequest(
        "EnvironmentVariableValueTooLarge",
        `Environment variable value of ${name} is larger than ${MAX_VALUE_BYTES} bytes.`,
      );
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}
