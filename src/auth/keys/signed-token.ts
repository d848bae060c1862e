// The secret that Better Auth signs cookies with, and that signature, for helpers that do not load Better Auth.
// Must not import better-auth.
import type { AuthOptions } from "../types.js";
import { secretsOf } from "./secrets.js";

/** The options of auth.ts that name a secret; the variables of the deployment do otherwise. */
export type SecretOptions = Pick<AuthOptions, "secret" | "secrets">;

/**
 * Tells the helpers where auth.ts has its options: generated/auth.ts does so when it is loaded. Where it is not
 * loaded, the secret is that of the deployment's variables.
 */
export function registerOptions<Ctx>(load: (ctx: Ctx) => SecretOptions): void {
  known = undefined;
  loadOptions = load as (ctx: unknown) => SecretOptions; // an app has one data model
}

/**
 * A session token as Better Auth's signed cookie, which its bearer check takes with `requireSignature`.
 *
 * @throws KitcnError `NO_SECRET`
 */
export async function signedToken(ctx: unknown, token: string): Promise<string> {
  known ??= secretsOf(loadOptions?.(ctx) ?? {})[0];
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(known), algorithm, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(token)));
  return encodeURIComponent(`${token}.${btoa(String.fromCharCode(...signature))}`);
}

// --- internal ---

let loadOptions: ((ctx: unknown) => SecretOptions) | undefined;
let known: string | undefined;
