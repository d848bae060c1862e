// Tells which files of the auth pages nobody changed since kitcn wrote them: the lock has a hash of each text.
// A formatter does not change the hash. Pure.
import { CORE_PLUGIN } from "../plan/types.js";
import type { Lock } from "../lock/lock.js";
import { fingerprint } from "../merge/fingerprint.js";
import { meaningOf } from "./meaning.js";

/** Hashes of texts as kitcn wrote them, by path from the functions directory. */
export type OwnedPages = Readonly<Record<string, string>>;

/** The hash of a text, as the lock stores it: the same for every layout. */
export function hashOf(path: string, text: string): string {
  return fingerprint(meaningOf(path, text));
}

/** True for the hash of a text, as this kitcn or an earlier one stores it. */
export function isHashOf(hash: string | undefined, path: string, text: string): boolean {
  if (hash === undefined) return false;
  return hash === hashOf(path, text) || hash === fingerprint(meaningOf(path, text, "written"));
}

/** The hashes of pages in the lock. */
export function ownedPages({ entries }: Lock): OwnedPages {
  return entries[CORE_PLUGIN]?.pages ?? {};
}

/** The lock with other hashes of pages. A lock without kitcn's tables does not change. */
export function withPages(lock: Lock, pages: OwnedPages): Lock {
  const core = lock.entries[CORE_PLUGIN];
  if (!core) return lock;
  const { pages: _before, ...rest } = core;
  const entry = Object.keys(pages).length > 0 ? { ...rest, pages } : rest;
  return { ...lock, entries: { ...lock.entries, [CORE_PLUGIN]: entry } };
}
