// Fits planned rows to the app's tables: names become columns, texts become values of the column's type, defaults are
// filled in, and what the app has no place for is named. Pure.
import type { Value } from "convex/values";
import { toStored } from "../../src/adapter/values.js";
import type { AuthField, AuthTables } from "../../src/metadata.js";
import type { DroppedRow, ImportRef, ImportRow } from "../../src/import/types.js";
import type { SourceTables } from "../plan/types.js";
import { flagOf, momentOf, textOf } from "./fields.js";
import type { Planned, PlannedRow } from "./types.js";

export type FitInput = {
  readonly tables: AuthTables;
  /** Better Auth's tables, for its defaults. */
  readonly source: SourceTables;
  /** By `model.field`, what the user gives where the source has nothing. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Users without an address get one at this domain. Default: they are dropped. */
  readonly placeholderDomain?: string | undefined;
};

export type Fitted = {
  readonly rows: readonly ImportRow[];
  readonly dropped: readonly DroppedRow[];
  /** `model.field` that the app does not have, or whose value it cannot hold. */
  readonly ignored: readonly string[];
  /** `model.field` that must have a value, and has none. */
  readonly missing: readonly string[];
};

/** The rows of one record, ready to be sent. */
export function fitPlanned(planned: Planned, input: FitInput): Fitted {
  const rows: ImportRow[] = [];
  const dropped: DroppedRow[] = [...(planned.dropped ?? [])];
  const ignored: string[] = [];
  const missing: string[] = [];
  for (const row of planned.rows) {
    const reason = reasonToDrop(row, input);
    if (reason === undefined) rows.push(fitRow(row, { ...input, ignored, missing }));
    else dropped.push({ model: row.model, oldId: row.oldId, reason });
  }
  return { rows, dropped, ignored, missing };
}

// --- internal ---

type Scope = FitInput & { readonly ignored: string[]; readonly missing: string[] };

/** What the functions fill in by themselves. */
const TIMES: readonly string[] = ["createdAt", "updatedAt"];

function reasonToDrop(
  row: PlannedRow,
  { tables, placeholderDomain }: FitInput,
): string | undefined {
  if (!tables[row.model]) return `the app has no model "${row.model}"${pluginFor(row.model)}`;
  if (row.oldId === "" || row.oldId.startsWith(":")) return "it has no id";
  const needsAddress = row.model === "user" && row.fields.email === undefined;
  if (needsAddress && placeholderDomain === undefined)
    return "it has no email address (--placeholder-email <domain> makes one up)";
  return undefined;
}

function fitRow(row: PlannedRow, scope: Scope): ImportRow {
  const { model, oldId } = row;
  const fields = scope.tables[model]?.fields ?? {};
  const columns: Record<string, Value> = {};
  const refs: Record<string, ImportRef> = {};
  for (const [name, ref] of Object.entries(row.refs ?? {})) {
    const field = fields[name];
    if (field) refs[field.column] = { ...ref, required: field.required };
    else scope.ignored.push(`${model}.${name}`);
  }
  for (const [name, value] of Object.entries(withAddress(row, scope))) {
    if (value === undefined || value === null) continue;
    const field = fields[name];
    // An empty cell says nothing.
    if (value === "" && !field?.required) continue;
    const fitted = field && valueOf(value, field);
    if (fitted !== undefined && field) columns[field.column] = fitted;
    else if (!isNothing(value)) scope.ignored.push(`${model}.${name}`);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.column in columns || field.column in refs) continue;
    const value = defaultOf(model, name, { field, scope });
    if (value !== undefined) columns[field.column] = value;
    else if (field.required && !TIMES.includes(name)) scope.missing.push(`${model}.${name}`);
  }
  return { model, oldId, columns, ...(Object.keys(refs).length > 0 && { refs }) };
}

function withAddress({ model, oldId, fields }: PlannedRow, { placeholderDomain }: Scope) {
  if (model !== "user" || fields.email !== undefined || placeholderDomain === undefined)
    return fields;
  const local = oldId.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return { ...fields, email: `${local}@${placeholderDomain}`, emailVerified: false };
}

function defaultOf(
  model: string,
  name: string,
  { field, scope }: { readonly field: AuthField; readonly scope: Scope },
): Value | undefined {
  const given = scope.defaults.get(`${model}.${name}`);
  if (given !== undefined) return valueOf(given, field);
  if (TIMES.includes(name)) return undefined;
  const { defaultValue } = scope.source[model]?.fields[name] ?? {};
  const value: unknown =
    typeof defaultValue === "function" ? (defaultValue as () => unknown)() : defaultValue;
  return value === undefined || value === null ? undefined : valueOf(value, field);
}

/** As the adapter would store it. Undefined where the column cannot hold it. */
function valueOf(value: unknown, field: AuthField): Value | undefined {
  const fitted = typedOf(value, field);
  const type = typeof field.type === "string" ? field.type : "string";
  return fitted === undefined ? undefined : (toStored(fitted, { type }) as Value); // what Convex takes
}

function typedOf(value: unknown, { type }: AuthField): unknown {
  if (typeof type !== "string") {
    const text = textOf(value);
    return text !== undefined && type.includes(text) ? text : undefined;
  }
  switch (type) {
    case "string":
      return typeof value === "string" ? value : stringOf(value);
    case "number": {
      const number = typeof value === "number" ? value : Number(textOf(value) ?? NaN);
      return Number.isFinite(number) ? number : undefined;
    }
    case "boolean":
      if (flagOf(value)) return true;
      return value === false || NO.test(textOf(value) ?? "") ? false : undefined;
    case "date":
      if (value instanceof Date) return value.getTime();
      // Convex and Better Auth hold ms. A source with seconds has made them ms.
      return typeof value === "number" ? value : momentOf(value);
    case "json":
      return jsonOf(value);
    case "string[]":
    case "number[]": {
      const list = jsonOf(value);
      const kind = type === "string[]" ? "string" : "number";
      return Array.isArray(list) && list.every((item) => typeof item === kind) ? list : undefined;
    }
  }
}

const NO = /^(false|f|no|n|off|0)$/i;

function stringOf(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return textOf(value);
}

/** JSON in a text is that JSON, as CSV files have it. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** What says nothing is not worth a line in the report. */
function isNothing(value: unknown): boolean {
  return value === false || value === "" || (typeof value === "object" && isEmpty(value));
}

function isEmpty(value: object | null): boolean {
  return value === null || Object.keys(value).length === 0;
}

/** The plugin that brings what sources have, for messages. */
const PLUGINS: Readonly<Record<string, string>> = {
  organization: "organization()",
  member: "organization()",
  invitation: "organization()",
  team: "organization({ teams: { enabled: true } })",
  twoFactor: "twoFactor()",
  passkey: "passkey()",
  apikey: "apiKey()",
};

function pluginFor(model: string): string {
  const plugin = PLUGINS[model];
  return plugin === undefined ? "" : `: add ${plugin} to auth.ts`;
}
