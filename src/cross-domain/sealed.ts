// A provider's callback, sealed for its way through the browser to the client that began the flow.
// Nothing is stored: who opens it must still prove the state cookie.
import type { AuthContext } from "better-auth";
import { symmetricDecrypt, symmetricEncrypt } from "better-auth/crypto";

/** The same lifetime as that of a ticket. */
const SEALED_TTL_SECONDS = 180;

/** Tells sealed callbacks from tickets, which have no dot. */
const PREFIX = "c.";

type Secrets = Pick<AuthContext, "secretConfig">;

/** Seals path and query of a callback. */
export async function sealCallback(
  { secretConfig }: Secrets,
  { pathname, search }: Pick<URL, "pathname" | "search">,
): Promise<string> {
  const sealed: Sealed = {
    purpose: PURPOSE,
    target: pathname + search,
    expiresAt: Date.now() + SEALED_TTL_SECONDS * 1000,
  };
  return PREFIX + (await symmetricEncrypt({ key: secretConfig, data: JSON.stringify(sealed) }));
}

/** Path and query of a sealed callback; null for anything else, or when it is too old. */
export async function openCallback(
  { secretConfig }: Secrets,
  token: string,
): Promise<string | null> {
  if (!token.startsWith(PREFIX)) return null;
  try {
    const data = await symmetricDecrypt({ key: secretConfig, data: token.slice(PREFIX.length) });
    const { purpose, target, expiresAt } = JSON.parse(data) as Partial<Sealed>; // checked in the next line
    if (purpose !== PURPOSE || typeof target !== "string") return null;
    return typeof expiresAt === "number" && expiresAt > Date.now() ? target : null;
  } catch {
    // Made up, or sealed under another secret: then it is no callback of this deployment.
    return null;
  }
}

// --- internal ---

/** Other texts are encrypted with the same secret: none of them may be taken for a callback. */
const PURPOSE = "kitcn cross-domain callback";

type Sealed = { readonly purpose: string; readonly target: string; readonly expiresAt: number };
