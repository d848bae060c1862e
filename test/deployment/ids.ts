// Document ids: opaque lowercase texts that carry their table, as Convex's do.
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_LENGTH = 27;

const numbers = new Map<string, number>();
const names = new Map<number, string>();

/** A new id of a table. Tables of different components are different tables. */
export function newId(table: string): string {
  return `${encode(numberOf(table))}${randomText(RANDOM_LENGTH)}${check(table)}`;
}

/** The table an id was made for, or undefined for any other text. */
export function tableOfId(id: string): string | undefined {
  if (!/^[0-9a-hjkmnp-tv-z]{32}$/.test(id)) return undefined;
  const table = names.get(decode(id.slice(0, 4)));
  return table !== undefined && id.endsWith(check(table)) ? plainName(table) : undefined;
}

/** Whether an id is of this very table (of this component). */
export function isIdOf(id: string, table: string): boolean {
  return /^[0-9a-hjkmnp-tv-z]{32}$/.test(id) && names.get(decode(id.slice(0, 4))) === table;
}

/** A table's name with its component: "auth/jwks"; the app's have no component. */
function plainName(table: string): string {
  return table.slice(table.lastIndexOf("/") + 1);
}

// --- internal ---

function numberOf(table: string): number {
  const known = numbers.get(table);
  if (known !== undefined) return known;
  const number = 10_001 + numbers.size;
  numbers.set(table, number);
  names.set(number, table);
  return number;
}

function encode(number: number): string {
  let text = "";
  for (let rest = number, at = 0; at < 4; at++, rest >>= 5) text = ALPHABET[rest & 31]! + text;
  return text;
}

function decode(text: string): number {
  return [...text].reduce((number, letter) => number * 32 + ALPHABET.indexOf(letter), 0);
}

function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte & 31]).join("");
}

function check(table: string): string {
  return ALPHABET[[...table].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) & 31, 7)]!;
}
