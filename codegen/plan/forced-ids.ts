// Knows where Better Auth chooses the id of a row itself, so that Convex's `_id` cannot be it. Pure.
import { serialIds } from "../errors/tables.js";
import type { PlanOptions } from "./types.js";

/** Models whose ids are forced in any configuration: the id is the lock of what may exist once. */
const ALWAYS_FORCED: readonly string[] = ["verification", "oauthClientAssertion", "jwks"];

/** Models whose ids come from the older `advanced.generateId`; Better Auth asks it for no others. */
const LEGACY_FORCED: readonly string[] = ["invitation"];

/** True where rows of this model may come with an id of Better Auth's (or the user's) making. */
export function hasForcedIds(model: string, options: PlanOptions | undefined): boolean {
  const generateId = options?.advanced?.database?.generateId;
  if (generateId === undefined && LEGACY_FORCED.includes(model))
    if (typeof options?.advanced?.generateId === "function") return true;
  return ALWAYS_FORCED.includes(model) || typeof generateId === "function" || generateId === "uuid";
}

/**
 * @param placeOf where the app's own modules name something, as `path:line`
 * @throws CodegenError `UNSUPPORTED_GENERATE_ID` for numeric ids, which Convex has not
 */
export function assertGenerateId(
  options: PlanOptions | undefined,
  placeOf: (name: string) => string | undefined = () => undefined,
): void {
  if (options?.advanced?.database?.generateId !== "serial") return;
  throw serialIds({ place: placeOf("generateId") ?? "auth.ts" });
}
