// Document ids: opaque lowercase texts that carry their table, as Convex's do.
// A table is named with its component: "auth/jwks"; the app's have none. Tables of two components differ.
import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const PREFIX_LENGTH = 4;
const RANDOM_LENGTH = 27;

/** A new id of a table. */
export function newId(table: string): string {
  const text = prefixOf(table) + letters(randomBytes(RANDOM_LENGTH));
  return text + checkLetter(text);
}

/** Whether a text is an id at all, of whatever table. */
export function isId(text: string): boolean {
  return /^[0-9a-hjkmnp-tv-z]{32}$/.test(text) && checkLetter(text.slice(0, -1)) === text.at(-1);
}

/** Whether a text is an id of this very table. */
export function isIdOf(text: string, table: string): boolean {
  return text.startsWith(prefixOf(table)) && isId(text);
}

// --- internal ---

const prefixes = new Map<string, string>();

/** Derived from the name, so that every thread knows it. */
function prefixOf(table: string): string {
  const known = prefixes.get(table);
  if (known) return known;
  const prefix = letters(createHash("sha256").update(table).digest().subarray(0, PREFIX_LENGTH));
  prefixes.set(table, prefix);
  return prefix;
}

function letters(bytes: Uint8Array): string {
  return [...bytes].map((byte) => ALPHABET[byte & 31]).join("");
}

function checkLetter(text: string): string {
  return ALPHABET[[...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) & 31, 7)]!;
}
