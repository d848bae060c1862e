// The text of .env files: adding names to one without touching its lines, and printing values for the
// convex CLI. Pure.
import { parseEnv } from "node:util";
import { detectEol } from "../edit/index.js";
import { valueUnprintable } from "../errors/env.js";

/** A default to write, with the comment above it. */
export type EnvDefault = {
  readonly name: string;
  readonly value: string;
  readonly comment?: string;
};

/** The values of a .env text, also of one that begins with a byte order mark. */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text.replace(/^\uFEFF/, ""))))
    if (value !== undefined) values[name] = value;
  return values;
}

/**
 * Adds the defaults whose names a .env text does not have yet; the lines that are there stay as they are.
 * Undefined when nothing is missing.
 *
 * @example
 * patchEnvFile("A=1\n", [{ name: "SITE_URL", value: "http://localhost:3000" }]);
 */
export function patchEnvFile(
  text: string | undefined,
  defaults: readonly EnvDefault[],
): string | undefined {
  const known = text === undefined ? {} : parseEnvFile(text);
  const missing = defaults.filter(({ name }) => !(name in known));
  if (missing.length === 0) return text === undefined ? "" : undefined;
  const before = text ?? "";
  const eol = detectEol(before);
  const lines = missing.flatMap(({ name, value, comment }) => [
    ...(comment === undefined ? [] : [`# ${comment}`]),
    `${name}=${value}`,
  ]);
  const gap = before === "" || before.endsWith("\n") ? "" : eol;
  return before + gap + lines.join(eol) + eol;
}

/**
 * Values as text that the convex CLI reads back unchanged.
 *
 * @throws CodegenError `ENV_VALUE_UNPRINTABLE`; the message holds the name only
 */
export function printEnvFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join("");
}

// --- internal ---

function quote(name: string, value: string): string {
  if (/^[\w./:@+-]*$/.test(value)) return value;
  // Only double quotes expand \n and \r; a backslash at the end would swallow the closing quote.
  const isRaw = !value.includes("\r") && !value.endsWith("\\");
  for (const mark of ["'", "`"]) if (isRaw && !value.includes(mark)) return mark + value + mark;
  if (isRaw && !/"|\\[nr]/.test(value)) return `"${value}"`;
  throw valueUnprintable({ variable: name });
}
