// The limits of Convex values, and their text in error messages. Whatever is written or crosses from one
// function to another is measured here. Must not know documents' tables, nor who calls whom.
import { jsonToConvex, type JSONValue, type Value } from "convex/values";

export const VALUE_LIMITS = {
  arrayItems: 8192,
  objectFields: 1024,
  fieldNameLetters: 1024,
  nesting: 64,
  documentNesting: 16,
  bytes: 32 * 1024 * 1024,
  documentBytes: 1024 * 1024,
  /** Of arguments, and of a result. */
  crossingBytes: 16 * 1024 * 1024,
} as const;

/** Bytes as Convex counts them; an array of numbers has nesting 1. */
export type Measure = { readonly size: number; readonly nesting: number };

/** A value of its JSON. Throws, in Convex's words, for one that is beyond the limits. */
export function valueOf(json: JSONValue): Value {
  const value = jsonToConvex(json);
  measure(value);
  return value;
}

/** Throws for a value that is beyond the limits of any value. */
export function measure(value: Value | undefined): Measure {
  const measured = measureInner(value);
  if (measured.nesting > VALUE_LIMITS.nesting)
    throw new Error(
      `Value is too nested (nested ${measured.nesting} levels deep > maximum nesting ${VALUE_LIMITS.nesting})`,
    );
  assertSize(measured.size, VALUE_LIMITS.bytes);
  return measured;
}

export function assertSize(size: number, limit: number): void {
  if (size > limit)
    throw new Error(`Value is too large (${bytesText(size)} > maximum size ${bytesText(limit)})`);
}

/** "16 MiB", "17.19 MiB". */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = bytes < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${units[power]}`;
}

/** A value as Convex's own messages show it: `{n: 1.0, name: "ada"}`. */
export function show(value: Value | undefined): string {
  if (value === undefined) return "undefined";
  if (typeof value === "number") return showNumber(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof ArrayBuffer) return `b"${Buffer.from(value).toString("base64")}"`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  const fields = fieldsOf(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, inner]) => `${name}: ${show(inner)}`).join(", ")}}`;
}

// --- internal ---

function measureInner(value: Value | undefined): Measure {
  if (value === undefined) return { size: 0, nesting: 0 };
  if (value === null || typeof value === "boolean") return { size: 1, nesting: 0 };
  if (typeof value === "number" || typeof value === "bigint") return { size: 9, nesting: 0 };
  if (typeof value === "string") return { size: 2 + Buffer.byteLength(value), nesting: 0 };
  if (value instanceof ArrayBuffer) return { size: 2 + value.byteLength, nesting: 0 };
  let size = 2;
  let nesting = 0;
  const add = (inner: Value | undefined) => {
    const measured = measureInner(inner);
    size += measured.size;
    nesting = Math.max(nesting, measured.nesting);
  };
  if (Array.isArray(value)) {
    const { length } = value;
    if (length > VALUE_LIMITS.arrayItems)
      throw new Error(
        `Array length is too long (${length} > maximum length ${VALUE_LIMITS.arrayItems})`,
      );
    value.forEach(add);
    return { size, nesting: nesting + 1 };
  }
  const fields = fieldsOf(value);
  if (fields.length > VALUE_LIMITS.objectFields)
    throw new Error(
      `Object has too many fields (${fields.length} > maximum number ${VALUE_LIMITS.objectFields})`,
    );
  for (const [name, inner] of fields) {
    assertFieldName(name);
    size += name.length + 1;
    add(inner);
  }
  return { size, nesting: nesting + 1 };
}

function fieldsOf(value: object): [string, Value][] {
  // Of Convex's own values, only the timestamp of a commit is an object with a class.
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error("db.vars.commitTs is not available in this deployment.");
  return Object.entries(value as Record<string, Value | undefined>).filter(
    (field): field is [string, Value] => field[1] !== undefined,
  );
}

function assertFieldName(name: string): void {
  if (name.startsWith("$"))
    throw new Error(`Field name ${name} starts with '$', which is reserved.`);
  const bad = /[^\x20-\x7e]/u.exec(name)?.[0];
  if (bad !== undefined)
    throw new Error(
      `Field name ${name} has invalid character '${bad}': Field names can only contain non-control ASCII characters`,
    );
  if (name.length > VALUE_LIMITS.fieldNameLetters)
    throw new Error(
      `Field name is too long (${name.length} > maximum ${VALUE_LIMITS.fieldNameLetters})`,
    );
}

function showNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
