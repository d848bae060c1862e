// Short names of texts for keys of rate limits. Keys are read in dashboards, so they say no address and no hash of a
// password. Must not know what is limited.
import { hexOf } from "../../bytes.js";

/** 128 bits of SHA-256, in hex. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hexOf(digest.slice(0, 16));
}
