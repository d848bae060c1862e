// An error as text for a function's log. Convex prints an error with all of its properties and without a stack, and a
// property may hold what no log should: a state, the body of a response. Must import nothing: http.ts loads it.

/** Its name, its message, where it was thrown, and the same of its cause. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack = "", cause } = error;
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const lines = [`${name}: ${message}`, ...frames];
  if (cause instanceof Error) lines.push(`Caused by ${errorText(cause)}`);
  return lines.join("\n");
}
