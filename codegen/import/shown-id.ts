// What a person may see of an old id: an address in it is shown as the start of its SHA-256. Pure.
import { createHash } from "node:crypto";

/** An old id without addresses: some exports have them as ids, or in ids. */
export function shownId(oldId: string): string {
  return oldId.replace(/[^\s|:]+@[^\s|:]+/g, (address) => `sha256-${hashOf(address)}`);
}

// --- internal ---

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
