// Where the counts of rate limits are kept. Codegen asks before it plans the tables, the runtime before it counts.
// Plain data only.

/** Better Auth's model of the counts. */
export const LIMITS_MODEL = "rateLimit";

/** Better Auth's options, as far as they say where counts are kept. */
export type LimitOptions = {
  readonly rateLimit?:
    | { readonly enabled?: boolean; readonly storage?: string; readonly customStorage?: unknown }
    | undefined;
  readonly secondaryStorage?: unknown;
};

/**
 * True if these options count requests in the database. Better Auth's default is the memory of its process, and a
 * Convex function keeps no memory between runs.
 *
 * @example
 * countsInDatabase({ rateLimit: { enabled: true } }); // true
 */
export function countsInDatabase({ rateLimit, secondaryStorage }: LimitOptions): boolean {
  if (!rateLimit?.enabled || rateLimit.customStorage !== undefined) return false;
  const fallback = secondaryStorage === undefined ? "memory" : "secondary-storage";
  return (rateLimit.storage ?? fallback) !== "secondary-storage";
}
