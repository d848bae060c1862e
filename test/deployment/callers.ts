// Who calls: reads Authorization headers and the tokens of WebSockets. Codes and texts are Convex's.
// Must not know what is called.
import { actingAs } from "./auth.js";
import { AuthError } from "./auth-error.js";
import { NOBODY, type DeploymentState } from "./deployment.js";
import type { Caller, Identity } from "./functions.js";

export type Access = {
  deployment: DeploymentState;
  adminKey: string;
  cloudUrl: string;
  siteUrl: string;
  log: (line: string) => void;
};

/** The caller of an Authorization header. Throws AuthError for one that must not pass. */
export async function callerOf(header: string | undefined, access: Access): Promise<Caller> {
  if (header === undefined) return { identity: NOBODY, isAdmin: false };
  if (header.length < SCHEME_LETTERS)
    throw new AuthError("InvalidHeaderFailure", "Invalid authentication header", 400);
  const scheme = header.slice(0, SCHEME_LETTERS).toLowerCase();
  const value = header.slice(SCHEME_LETTERS).trim();
  if (scheme === "convex ") {
    const [key, encoded] = splitKey(value, access.adminKey);
    return adminOf({ key, acting: encoded && decodeActing(encoded) }, access);
  }
  if (scheme !== "bearer " || !value)
    throw new AuthError("InvalidAdminKey", "Invalid admin key", 400);
  return userOf(value, access);
}

/** A caller with an admin key, who may act as a user. */
export function adminOf(
  { key, acting }: { key: string; acting?: unknown },
  { adminKey }: Access,
): Caller {
  if (key !== adminKey)
    throw new AuthError("BadAdminKey", "The provided admin key was invalid for this instance");
  const attributes = acting === undefined || acting === "" ? null : actingAs(acting);
  return { identity: { attributes }, isAdmin: true };
}

export async function userOf(token: string, { deployment }: Access): Promise<Caller> {
  return { identity: { attributes: await deployment.identify(token) }, isAdmin: false };
}

/** A bearer that is no valid token does not stop an HTTP action; asking who it is does. */
export async function httpIdentity(header: string | undefined, access: Access): Promise<Caller> {
  try {
    return await callerOf(header, access);
  } catch (error) {
    const identity: Identity = { attributes: null, broken: (error as Error).message };
    return { identity, isAdmin: false };
  }
}

export async function assertAdmin(header: string | undefined, access: Access): Promise<Caller> {
  const caller = await callerOf(header, access);
  if (!caller.isAdmin)
    throw new AuthError(
      "BadDeployKey",
      "The provided deploy key was invalid for this deployment. Double check that the environment this key was generated for matches the desired deployment.",
      403,
    );
  return caller;
}

// --- internal ---

/** "convex " and "bearer " alike. */
const SCHEME_LETTERS = 7;

function splitKey(value: string, adminKey: string): [string, string | undefined] {
  if (value === adminKey) return [value, undefined];
  const at = value.lastIndexOf(":");
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
}

function decodeActing(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw new AuthError("HeaderParseFailure", "Malformed Authorization header.", 400);
  }
}
