// An error as text for a function's log. Convex prints an error with all of its properties and without a stack, and a
// property may hold what no log should: a state, the body of a response. Must import nothing: http.ts loads it.

/** What an error, or another object that was thrown, may have. */
type Shape = {
  readonly [
    name in "name" | "message" | "stack" | "cause" | "errors" | "code" | "status"
  ]?: unknown;
} & { readonly body?: { readonly code?: unknown } };

/**
 * Its name, its codes (as kitcn, Better Auth and Node have them), its message and where it was thrown; the same of its
 * cause and its inner errors.
 *
 * @param depth how far causes and inner errors are followed
 */
export function errorText(error: unknown, depth = 5): string {
  if (typeof error !== "object" || error === null) return String(error);
  const shape: Shape = error;
  const { name = "Thrown", message = "no message", stack, cause, errors } = shape;
  const codes = [shape.code, shape.status, shape.body?.code].filter((one) =>
    CODE.test(String(one)),
  );
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return [
    `${[name, ...codes.map((one) => `[${String(one)}]`)].join(" ")}: ${String(message)}`,
    ...String(stack)
      .split("\n")
      .filter((line) => /^\s+at /.test(line)),
    ...inner
      .filter((one) => one !== undefined && depth > 0)
      .map((one) => `Caused by ${errorText(one, depth - 1)}`),
  ].join("\n");
}

// --- internal ---

const CODE = /^[A-Z][A-Z0-9_]+$/;
