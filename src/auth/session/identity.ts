// Who is asking, from the token alone: no database read and no Better Auth instance.
// Must not import better-auth: every query of an app may load this.
import type { Auth, UserIdentity } from "convex/server";
import type { AuthId } from "./session-types.js";

/** The identity of a kitcn token. `userId` and `sessionId` are ids of the app's auth tables, renamed or not. */
export type AuthUserIdentity = UserIdentity & {
  readonly userId: AuthId<"user">;
  readonly sessionId: AuthId<"session">;
};

/**
 * The signed-in user's identity, or null when signed out.
 *
 * @example
 * import { getAuthUserIdentity } from "kitcn/auth";
 * import { action } from "./_generated/server";
 *
 * export const greet = action({
 *   args: {},
 *   handler: async (ctx) => {
 *     const identity = await getAuthUserIdentity(ctx);
 *     if (!identity) throw new Error("Sign in first.");
 *     return `Hello ${identity.name}`;
 *   },
 * });
 */
export async function getAuthUserIdentity(ctx: { auth: Auth }): Promise<AuthUserIdentity | null> {
  const identity = await loadIdentity(ctx.auth);
  if (!identity || typeof identity.sessionId !== "string") return null;
  // The plugin signs `sub` and `sessionId` from documents of these tables.
  const userId = identity.subject as AuthId<"user">;
  const sessionId = identity.sessionId as AuthId<"session">;
  return { ...identity, userId, sessionId };
}

/** The signed-in user's id, or null when signed out. Reads nothing but the token. */
export async function getAuthUserId(ctx: { auth: Auth }): Promise<AuthId<"user"> | null> {
  return (await getAuthUserIdentity(ctx))?.userId ?? null;
}

// --- internal ---

/** In an HTTP action Convex throws for a bearer that is not a JWT, such as a session token: not signed in. */
async function loadIdentity(auth: Auth): Promise<UserIdentity | null> {
  try {
    return await auth.getUserIdentity();
  } catch {
    return null;
  }
}
