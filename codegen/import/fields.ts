// Reads the values of foreign records: texts, moments, lists and objects that may be missing or of another type.
// Pure; every source uses these and nothing else to look into a record.
import type { SourceRecord } from "./types.js";

/** A text that is not empty; numbers count. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" ? undefined : text;
}

/** The first that is a text. */
export function firstText(...values: readonly unknown[]): string | undefined {
  return values.map(textOf).find((text) => text !== undefined);
}

/** An address as Better Auth stores it. */
export function emailOf(value: unknown): string | undefined {
  const text = textOf(value)?.toLowerCase();
  return text?.includes("@") ? text : undefined;
}

/** A moment in ms: of a number of ms or s, or of a date's text. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value) && value !== 0)
    return Math.abs(value) < SECONDS_BEFORE ? Math.round(value * 1000) : value;
  const text = textOf(value);
  if (text === undefined || typeof value === "number") return undefined;
  if (/^-?\d+(\.\d+)?$/.test(text)) return momentOf(Number(text));
  // Day and month, in an order that nothing says.
  if (/^\d\d?[/.-]\d\d?[/.-]\d/.test(text)) return undefined;
  // Postgres: "2024-01-02 03:04:05.6+00". Rails: "2024-01-02 03:04:05 UTC".
  const iso = text
    .replace(/^(\d{4}-\d\d-\d\d) (\d)/, "$1T$2")
    .replace(/(?<=T.*) ?(UTC|GMT)$/i, "Z")
    .replace(/(?<=T.*) (?=[+-]\d)/, "")
    .replace(
      /(?<=T.*)([+-]\d\d)(\d\d)?$/,
      (_, hours: string, minutes = "00") => `${hours}:${minutes}`,
    );
  const ms = Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/i.test(iso) || !iso.includes("T") ? iso : `${iso}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** An object, also where it is JSON in a text, as CSV files have it. */
export function objectOf(value: unknown): SourceRecord {
  const parsed = parsedOf(value);
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
    ? (parsed as SourceRecord)
    : {};
}

/** The objects of a list, likewise. */
export function listOf(value: unknown): SourceRecord[] {
  const parsed = parsedOf(value);
  return Array.isArray(parsed) ? parsed.map(objectOf) : [];
}

/** Texts of a list, or of one text with separators. */
export function textsOf(value: unknown): string[] {
  const parsed = parsedOf(value);
  if (Array.isArray(parsed)) return parsed.flatMap((item) => textOf(item) ?? []);
  return (textOf(value) ?? "").split(/[;,|\s]+/).filter((text) => text !== "");
}

export function flagOf(value: unknown): boolean {
  return value === true || /^(true|t|yes|y|on|1)$/i.test(textOf(value) ?? "");
}

/** A name of its parts. */
export function fullName(...parts: readonly unknown[]): string | undefined {
  const text = parts.flatMap((part) => textOf(part) ?? []).join(" ");
  return text === "" ? undefined : text;
}

// --- internal ---

/** As ms this is April 1970, as s the year 2286. */
const SECONDS_BEFORE = 10_000_000_000;

function parsedOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // A text that only looks like JSON.
    return value;
  }
}
