// What Better Auth does with rows of certain models beside what an endpoint is for: which rows it clears away, which ids it
// makes up, how it names a flow. Data and small tests of data; reads nothing.

/**
 * Better Auth drops expired verifications while it looks one up, and old counts while it limits a request. More of
 * them than a transaction may write must not fail that request forever: the rest goes the next time.
 */
export const HOUSEKEEPING: {
  readonly [model: string]: { readonly field: string; readonly rows: number };
} = {
  verification: { field: "expiresAt", rows: 1000 },
  rateLimit: { field: "lastRequest", rows: 20 },
};

/**
 * True for the random id that Better Auth gives an invitation, only so that nobody can guess it. Convex's ids are as
 * random, and references to them are real. Any other id was chosen, and the store judges it.
 */
export function isNeedlessId(model: string, id: unknown): boolean {
  return model === "invitation" && typeof id === "string" && /^[A-Za-z0-9]{32}$/.test(id);
}

/** `identifier` of the `verification` row of an OAuth flow. Older versions of Better Auth 1.7 export no such name. */
export function flowIdentifier(state: string): string {
  return `auth-state:${state}`;
}
