// The secret that Better Auth signs cookies with, and that signature, for helpers that do not load Better Auth.
// Must not import better-auth.
import { KitcnError } from "../errors.js";

/** The options of auth.ts that name a secret; the variables of the deployment do otherwise. */
export type SecretOptions = {
  readonly secret?: string | undefined;
  readonly secrets?: readonly { readonly value: string }[] | undefined;
};

/** The secret of new signatures, chosen as Better Auth chooses it; undefined where there is none. */
export function secretOf({ secret, secrets }: SecretOptions): string | undefined {
  const { BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS, AUTH_SECRET } = process.env;
  if (secrets) return secrets[0]?.value;
  if (BETTER_AUTH_SECRETS) return currentOf(BETTER_AUTH_SECRETS);
  return secret || BETTER_AUTH_SECRET || AUTH_SECRET || undefined;
}

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
  known ??= secretOf(loadOptions?.(ctx) ?? {});
  if (known === undefined)
    throw new KitcnError({
      code: "NO_SECRET",
      message:
        "getHeaders(ctx) needs the secret of auth.ts to sign the session with, and finds none.",
      hint: 'Run `npx kitcn env push`; with a `secret` in auth.ts, import "./generated/auth" in this module.',
    });
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(known), algorithm, false, ["sign"]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(token)));
  return encodeURIComponent(`${token}.${btoa(String.fromCharCode(...signature))}`);
}

// --- internal ---

let loadOptions: ((ctx: unknown) => SecretOptions) | undefined;
let known: string | undefined;

/** The first of `<version>:<secret>, ...`. Better Auth itself refuses what is not written so. */
function currentOf(secrets: string): string | undefined {
  const [first = ""] = secrets.split(",");
  const colon = first.indexOf(":");
  return colon === -1 ? undefined : first.slice(colon + 1).trim() || undefined;
}
