// The overrides in pnpm-workspace.yaml. New lines are put in as text, so that every other line stays byte for byte as
// it was; a file in another form is left alone.
import { loadYaml, readPnpmWorkspace } from "../disk/pnpm-file.js";
import { isRecord } from "../disk/project.js";

/** How a new file begins. Without packages, pnpm before 10.5 refuses the whole folder. */
export const NEW_WORKSPACE = 'packages:\n  - "."\n';

/** Key and value. */
export type Entry = readonly [key: string, value: string];

/** @throws CodegenError `INVALID_PNPM_WORKSPACE` */
export function readOverrides(root: string): Readonly<Record<string, unknown>> {
  return overridesIn(readPnpmWorkspace(root));
}

/** A line of overrides, without its indentation. */
export function printOverride(key: string, value: string): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

/**
 * The same text with more overrides. Undefined if `overrides` is in a form that lines cannot be added to.
 *
 * @example
 * addOverrides("packages: []\n", [["a>b", "^1.0.0"]]); // 'packages: []\noverrides:\n  "a>b": "^1.0.0"\n'
 */
export function addOverrides(text: string, entries: readonly Entry[]): string | undefined {
  const { parse } = loadYaml();
  const after = insert(text, entries);
  if (after === undefined) return undefined;
  const before: unknown = parse(text);
  const known = isRecord(before) ? before : {};
  const wanted = {
    ...known,
    overrides: { ...overridesIn(before), ...Object.fromEntries(entries) },
  };
  return isSame(parseOrNothing(after), wanted) ? after : undefined;
}

// --- internal ---

function insert(text: string, entries: readonly Entry[]): string | undefined {
  const { parseDocument, isMap, isScalar } = loadYaml();
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const print = (indent: string) =>
    entries.map(([key, value]) => `${indent}${printOverride(key, value)}${eol}`).join("");
  const { contents } = parseDocument(text);
  // An empty file, or one of comments.
  if (contents === null || (isScalar(contents) && contents.value === null))
    return `${withEnd(text, eol)}overrides:${eol}${print("  ")}`;
  if (!isMap(contents) || contents.flow) return undefined;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === "overrides");
  if (!pair) return `${withEnd(text, eol)}overrides:${eol}${print("  ")}`;
  const { key, value } = pair;
  if (isMap(value) && !value.flow && value.items.length > 0) {
    const last = value.items.at(-1);
    const first = isScalar(value.items[0]?.key) ? value.items[0].key.range?.[0] : undefined;
    const end = isScalar(last?.value) ? last.value.range?.[1] : undefined;
    if (first === undefined || end === undefined) return undefined;
    const indent = text.slice(text.lastIndexOf("\n", first - 1) + 1, first);
    return afterLine(text, end, print(indent), eol);
  }
  const isEmpty = value === null || (isScalar(value) && value.value === null);
  if (!isEmpty || !isScalar(key) || !key.range) return undefined;
  return afterLine(text, key.range[1], print("  "), eol);
}

/** Puts lines below the one at an offset. */
function afterLine(text: string, offset: number, lines: string, eol: string): string {
  const end = text.indexOf("\n", offset);
  return end < 0
    ? `${text}${eol}${lines}`
    : `${text.slice(0, end + 1)}${lines}${text.slice(end + 1)}`;
}

function withEnd(text: string, eol: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${eol}`;
}

function overridesIn(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) && isRecord(value.overrides) ? value.overrides : {};
}

function parseOrNothing(text: string): unknown {
  const { parse, YAMLParseError } = loadYaml();
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) return undefined;
    throw error;
  }
}

/** Two values that YAML may hold. The order of keys does not count. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  if (!isRecord(one) || !isRecord(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}
