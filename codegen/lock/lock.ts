// plugins.lock.json: its shape, and how it is printed. Pure; parsing is parse-lock.ts's business.
// Entries that are not ours pass through untouched.
import type { Placement } from "../types.js";

export const LOCK_FILE = "plugins.lock.json";
export const LOCK_VERSION = 1;

/** A managed column or index: its fingerprint, or more where there is more to say. */
export type LockItem =
  string | { readonly fingerprint: string; readonly field?: string; readonly orphaned?: true };

export type LockTable = {
  readonly models: readonly string[];
  readonly owner: "managed" | "local";
  readonly orphaned?: true;
  readonly fields: Readonly<Record<string, LockItem>>;
  readonly indexes: Readonly<Record<string, LockItem>>;
};

export type LockEntry = {
  readonly package?: string;
  readonly version?: string;
  readonly placement?: Placement;
  readonly files?: readonly string[];
  readonly tables: Readonly<Record<string, LockTable>>;
  /** Of relations.ts, in the core's entry: fingerprints by table and name. */
  readonly relations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of the auth pages, in the core's entry: hashes by path from the functions directory. */
  readonly pages?: Readonly<Record<string, string>>;
};

/** The lock: our entries by plugin ("better-auth", "better-auth/organization"), and everything else as found. */
export type Lock = {
  readonly entries: Readonly<Record<string, LockEntry>>;
  readonly foreign: Readonly<Record<string, unknown>>;
  /** Top-level keys besides `version` and `plugins`. */
  readonly rest: Readonly<Record<string, unknown>>;
};

export const EMPTY_LOCK: Lock = { entries: {}, foreign: {}, rest: {} };

/** True for keys of `plugins` that this codegen owns. */
export function isOwnEntry(key: string): boolean {
  return key === "better-auth" || key.startsWith("better-auth/");
}

/** Prints a lock: keys sorted, one managed item a line, so that branches merge well. */
export function printLock({ entries, foreign, rest }: Lock): string {
  const plugins = { ...foreign, ...entries };
  return `${print({ version: LOCK_VERSION, ...sorted(rest), plugins: sortDeep(plugins) }, "")}\n`;
}

/** True when two locks say the same, however they are laid out. */
export function sameLock(a: Lock, b: Lock): boolean {
  return printLock(a) === printLock(b);
}

// --- internal ---

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What formatters break a line at. */
const MAX_LINE = 80;

function sortDeep(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return sorted(
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key, sortDeep(one)])),
  );
}

/**
 * As JSON.stringify with two spaces, but managed items stay on one line, and so do lists of plain values that fit there.
 *
 * @param before how much of the first line is taken
 */
function print(value: unknown, indent: string, before = 0): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    const items = value.map((one) => JSON.stringify(one));
    const line = `[${items.join(", ")}]`;
    // With the comma behind it.
    if (before + line.length < MAX_LINE) return line;
    return `[\n${items.map((one) => `${indent}  ${one}`).join(",\n")}\n${indent}]`;
  }
  if (isRecord(value) && "fingerprint" in value)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`)
      .join(", ")} }`;
  if (!isRecord(value)) return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
  const lines = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => {
      const start = `${indent}  ${JSON.stringify(key)}: `;
      return start + print(one, `${indent}  `, start.length);
    });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}
