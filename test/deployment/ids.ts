// Document ids in Convex's format: base32 of the table's number, sixteen random bytes and a checksum.
// A table is named with its component: "auth/jwks"; the app's have none. Tables of two components differ.
import { createHash, randomBytes } from "node:crypto";

/** A new id of a table. */
export function newId(table: string): string {
  const body = Buffer.concat([varint(numberOf(table)), randomBytes(RANDOM_BYTES)]);
  return encode(Buffer.concat([body, checksum(body)]));
}

/** A table's number: derived from the name, so that every thread knows it; large, so that no two names meet. */
export function numberOf(table: string): number {
  const known = numbers.get(table);
  if (known !== undefined) return known;
  const number = (createHash("sha256").update(table).digest().readUInt32LE() >>> 4) | (1 << 21);
  numbers.set(table, number);
  return number;
}

/** The number of the table that an id is of. Throws, in Convex's words, for a text that is no id. */
export function tableNumberOf(text: string): number {
  const wrongLength = () =>
    new Error(`Unable to decode ID: Invalid ID length ${Buffer.byteLength(text)}`);
  if (Buffer.byteLength(text) < MIN_LETTERS || text.length > MAX_LETTERS) throw wrongLength();
  const bytes = decode(text);
  if (!bytes) throw new Error("Unable to decode ID: ID wasn't valid base32");
  const end = bytes.findIndex((byte) => byte < 128) + 1;
  if (end < 1 || end > MAX_NUMBER_BYTES) throw new Error(WRONG_NUMBER);
  const body = bytes.subarray(0, end + RANDOM_BYTES);
  const given = bytes.subarray(body.length);
  if (given.length !== CHECKSUM_BYTES) throw wrongLength();
  const expected = checksum(body);
  if (!expected.equals(given))
    throw new Error(
      `Unable to decode ID: Invalid ID version ${given.readUInt16LE()} (expected ${expected.readUInt16LE()})`,
    );
  if (encode(bytes) !== text) throw wrongLength();
  const number = body
    .subarray(0, end)
    .reduce((sum, byte, at) => sum + (byte & 127) * 2 ** (7 * at), 0);
  if (number === 0 || number >= 2 ** 32) throw new Error(WRONG_NUMBER);
  return number;
}

/** Whether a text is an id of this very table. */
export function isIdOf(text: string, table: string): boolean {
  try {
    return tableNumberOf(text) === numberOf(table);
  } catch {
    return false; // It is not an id at all.
  }
}

// --- internal ---

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RANDOM_BYTES = 16;
const CHECKSUM_BYTES = 2;
const MAX_NUMBER_BYTES = 5;
const MIN_LETTERS = 31;
const MAX_LETTERS = 37;
const WRONG_NUMBER = "Unable to decode ID: Invalid table number";

const numbers = new Map<string, number>();

/** Seven bits a byte, the lowest first; all but the last have the high bit set. */
function varint(number: number): Buffer {
  const bytes: number[] = [];
  for (let rest = number; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

/** Fletcher's, of sixteen bits. */
function checksum(bytes: Uint8Array): Buffer {
  let sum = 0;
  let sumOfSums = 0;
  for (const byte of bytes) {
    sum = (sum + byte) & 255;
    sumOfSums = (sumOfSums + sum) & 255;
  }
  return Buffer.from([sum, sumOfSums]);
}

function encode(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** Bits that fill no byte are left over. Undefined for a letter that is not one of the 32. */
function decode(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
