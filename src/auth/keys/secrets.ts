// The app's secrets, in the order Better Auth looks for them. Must not import better-auth.
import { noSecret } from "../../errors/plugin.js";
import type { AuthOptions } from "../types.js";

/**
 * The secrets of these options: the one that signs and seals today, then those that may still open older things.
 *
 * @throws KitcnError `NO_SECRET`
 */
export function secretsOf({
  secret,
  secrets,
}: Pick<AuthOptions, "secret" | "secrets">): [string, ...string[]] {
  // Convex answers one variable at a time: its process.env cannot be spread.
  const { BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS, AUTH_SECRET } = process.env;
  const versioned = secrets?.map(({ value }) => value) ?? versionedSecrets(BETTER_AUTH_SECRETS);
  const single = secret || BETTER_AUTH_SECRET || AUTH_SECRET;
  const [first, ...others] = [...versioned, ...(single ? [single] : [])];
  if (first) return [first, ...others];
  throw noSecret();
}

// --- internal ---

/** As Better Auth reads it: `2:new,1:old`. */
function versionedSecrets(text: string | undefined): string[] {
  const entries = text?.split(",").map((entry) => entry.trim().replace(/^\d+:\s*/, "")) ?? [];
  return entries.filter((value) => value !== "");
}
