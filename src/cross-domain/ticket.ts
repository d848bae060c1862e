// One-time tokens that hand a session over a redirect. Stored hashed, used once, short-lived.
// Must not know about requests.
import { hexOf } from "../bytes.js";
import type { AuthContext } from "better-auth";

/** What a ticket stands for. `state` binds it to the browser that began an OAuth flow. */
export type Ticket = { readonly sessionToken: string; readonly state: string | undefined };

const TICKET_TTL_SECONDS = 180;

/** Stores a ticket under the hash of its token. */
export async function createTicket(
  { internalAdapter }: AuthContext,
  { token, sessionToken, state }: Ticket & { token: string },
): Promise<void> {
  await internalAdapter.createVerificationValue({
    identifier: await identifierOf(token),
    value: JSON.stringify({ sessionToken, state }),
    expiresAt: new Date(Date.now() + TICKET_TTL_SECONDS * 1000),
  });
}

/** The ticket of a token, which is used up by this; null for an unknown, used or expired one. */
export async function consumeTicket(
  { internalAdapter }: AuthContext,
  token: string,
): Promise<Ticket | null> {
  const row = await internalAdapter.consumeVerificationValue(await identifierOf(token));
  if (!row || row.expiresAt.getTime() <= Date.now()) return null;
  return JSON.parse(row.value) as Ticket; // written by createTicket alone
}

// --- internal ---

async function identifierOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return `cross-domain:${hexOf(digest)}`;
}
