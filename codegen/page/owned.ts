// Which files of the auth pages kitcn wrote and nobody changed since: the lock has a hash of each text.
// Survives formatting. Pure.
import { CORE_PLUGIN } from "../plan/types.js";
import type { Lock } from "../lock/lock.js";
import { fingerprint } from "../merge/fingerprint.js";

/** Hashes of texts as kitcn wrote them, by path from the functions directory. */
export type OwnedPages = Readonly<Record<string, string>>;

/** What two layouts of a text have in common: all but spaces, quotes, commas, semicolons and parentheses. */
export function meaningOf(text: string): string {
  return text.replaceAll(/\{(" "|' ')\}/g, "").replaceAll(/[\s,;()"'`]/g, "");
}

/** The hash of a text, as the lock stores it. */
export function hashOf(text: string): string {
  return fingerprint(meaningOf(text));
}

/** What the lock says of the pages. */
export function ownedPages({ entries }: Lock): OwnedPages {
  return entries[CORE_PLUGIN]?.pages ?? {};
}

/** The lock with other pages; one without tables of kitcn's stays as it is. */
export function withPages(lock: Lock, pages: OwnedPages): Lock {
  const core = lock.entries[CORE_PLUGIN];
  if (!core) return lock;
  const { pages: _before, ...rest } = core;
  const entry = Object.keys(pages).length > 0 ? { ...rest, pages } : rest;
  return { ...lock, entries: { ...lock.entries, [CORE_PLUGIN]: entry } };
}
