// Errors that must not become an ordinary answer: a store that fails, an index that is missing. Better Auth makes an
// empty list or a blank 500 of them. Must not know Better Auth beyond the shape of its errors.
import { isKitcnError } from "../errors/error.js";
import { storeFailed } from "../errors/request.js";
import { currentScope } from "./scope.js";

/**
 * Remembers an error that must not become an ordinary answer, for the request of the current scope.
 *
 * @example
 * catch (error) {
 *   noteFailure(error);
 *   throw error;
 * }
 */
export function noteFailure(error: unknown): void {
  const scope = currentScope();
  if (!scope || isExpected(error)) return;
  // By an instance that a hook has made of its context; the request's own stores move on by themselves.
  if (scope.kind === "run" && scope.run.context === "query" && isReadOnly(error))
    return void scope.run.escalate("mutation", "a hook writes with getAuth(ctx)");
  if (scope.kind === "action") scope.noteFailure(error);
  // An error of a trigger has failed the run already, and is answered as the user threw it.
  else if (!scope.run.mustRollBack()) scope.run.noteFailure(error);
}

/** True for an error that Better Auth knows how to answer, or recovers from by itself. */
export function isExpected(error: unknown): boolean {
  if (isKitcnError(error)) return EXPECTED_CODES.has(error.data.code);
  // Better Auth's own, thrown by the user's hooks: they carry their status.
  return typeof error === "object" && error !== null && "statusCode" in error;
}

/** True for the refusal of `import()` in a query or a mutation. Such a request has to be served in an action. */
export function isRefusedImport(error: unknown): boolean {
  return error instanceof Error && /dynamic module import unsupported/i.test(error.message);
}

/** The answer to a request that failed so: the error's own status, code, message and hint. */
export function failureResponse(error: unknown): Response {
  const { code, message, hint } = isKitcnError(error) ? error.data : storeFailed().data;
  return Response.json({ code, message, hint }, { status: STATUS_OF[code] ?? 500 });
}

// --- internal ---

function isReadOnly(error: unknown): boolean {
  return isKitcnError(error) && error.data.code === "READ_ONLY";
}

/** Better Auth draws another code, links again or refuses by itself when it meets these. */
const EXPECTED_CODES = new Set([
  "UNIQUE_VIOLATION",
  "FORCED_ID",
  "TRIGGER_CANCELLED",
  "RESTRICTED",
]);

/** What the client can do something about. */
const STATUS_OF: { readonly [code: string]: number } = {
  TOO_MANY_DOCUMENTS: 422,
  TOO_MANY_WRITES: 422,
  TRIGGER_CANCELLED: 422,
  INVALID_ORDER: 400,
};
