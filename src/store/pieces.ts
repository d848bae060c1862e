// Splits what crosses from one Convex function to another: no array of more than 8,192 items may, and no call
// carries more than 16 MiB. Both sides of runStore use it; must not know what the operations mean.
import { getConvexSize, type Value } from "convex/values";
import { listTooLarge } from "../errors/store-functions.js";

/**
 * A list whose arrays, at any depth, are short enough to cross.
 *
 * @throws KitcnError `TOO_MANY_DOCUMENTS` for a list that one call cannot carry
 *
 * @example
 * return packed(await store.batch(operations));
 */
export function packed(list: readonly unknown[]): unknown[] {
  const isSplit = hasLongArray(list) || isPacked(list);
  const items = isSplit ? list.map(pack) : [...list];
  const short = items.length > MAX_ITEMS ? [{ [LIST]: piecesOf(items) }] : items;
  assertSize(short);
  return short;
}

/** What `packed` was given. */
export function unpacked(list: readonly unknown[]): unknown[] {
  const [first] = list;
  const pieces = list.length === 1 && isObject(first) ? first[LIST] : undefined;
  if (Array.isArray(pieces)) return pieces.flat().map(unpack);
  return list.map(unpack);
}

// --- internal ---

/** Convex's limits of one array, and of the arguments and the result of one call. */
const MAX_ITEMS = 8192;
const MAX_BYTES = 16 * 1024 * 1024;

/** Keys of our own. Data that has such a key is given one with OWN in front. */
const OWN = "kitcn:";
const LIST = "kitcn:list";
const PIECES = "kitcn:pieces";

function pack(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(pack);
    return items.length > MAX_ITEMS ? { [PIECES]: piecesOf(items) } : items;
  }
  if (!isObject(value)) return value;
  return mapObject(value, (key) => (key.startsWith(OWN) ? OWN + key : key), pack);
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isPacked) ? value.map(unpack) : value;
  if (!isObject(value) || !isPacked(value)) return value;
  const pieces = value[PIECES];
  if (Array.isArray(pieces)) return pieces.flat().map(unpack);
  return mapObject(value, (key) => (key.startsWith(OWN) ? key.slice(OWN.length) : key), unpack);
}

/** Whether anything has a key of ours, and unpacking would change it: most of what crosses has none. */
function isPacked(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isPacked);
  return (
    isObject(value) &&
    Object.entries(value).some(([key, inner]) => key.startsWith(OWN) || isPacked(inner))
  );
}

function hasLongArray(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > MAX_ITEMS || value.some(hasLongArray);
  return isObject(value) && Object.values(value).some(hasLongArray);
}

function piecesOf(items: readonly unknown[]): unknown[][] {
  const pieces: unknown[][] = [];
  for (let at = 0; at < items.length; at += MAX_ITEMS) pieces.push(items.slice(at, at + MAX_ITEMS));
  return pieces;
}

/** A plain object: bytes are values, not objects. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(value instanceof ArrayBuffer);
}

function mapObject(
  object: Record<string, unknown>,
  keyOf: (key: string) => string,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [keyOf(key), map(value)]));
}

function assertSize(list: readonly unknown[]): void {
  const bytes = getConvexSize(list as Value); // operations and results are Convex values
  if (bytes <= MAX_BYTES - ENVELOPE_BYTES) return;
  throw listTooLarge({ bytes, most: MAX_BYTES });
}

/** For what goes beside the list: the triggers of a write. */
const ENVELOPE_BYTES = 64 * 1024;
