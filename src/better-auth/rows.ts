// How Better Auth treats rows of some models: which rows it deletes while it does other work, which ids it creates, and
// how it names a flow. Data, and small checks of data; reads nothing.

/**
 * Better Auth deletes expired verifications while it looks one up, and old counts while it limits a request. If a
 * transaction cannot delete all of them, the request must not fail each time: the next request deletes the rest.
 */
export const HOUSEKEEPING: {
  readonly [model: string]: { readonly field: string; readonly rows: number };
} = {
  verification: { field: "expiresAt", rows: 1000 },
  rateLimit: { field: "lastRequest", rows: 20 },
};

/**
 * True for the random id that Better Auth gives an invitation so that nobody can guess it. Convex's own ids are just as
 * hard to guess, and can be referenced. Somebody chose any other id on purpose, and the store decides about it.
 */
export function isNeedlessId(model: string, id: unknown): boolean {
  return model === "invitation" && typeof id === "string" && /^[A-Za-z0-9]{32}$/.test(id);
}

/** `identifier` of the `verification` row of an OAuth flow. Older versions of Better Auth 1.7 export no such name. */
export function flowIdentifier(state: string): string {
  return `auth-state:${state}`;
}
