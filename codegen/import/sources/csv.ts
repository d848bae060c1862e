// CSV files of any origin: one for each model, whose columns are the names of Better Auth's fields. A file of users may
// hold the password hash too. Pure, but for opening files.
import { createHash } from "node:crypto";
import type { AuthTables } from "../../../src/metadata.js";
import { fileOfNoModel } from "../../errors/import.js";
import { emailOf, firstText, flagOf, momentOf, textOf } from "../fields.js";
import { readRecords } from "../read/records.js";
import { passwordRow, userRow, usernameOf, withGivenNames } from "../rows.js";
import { modelOrder } from "./component.js";
import type {
  ImportStep,
  Planned,
  PlannedRef,
  SourceFile,
  SourceOptions,
  SourceRecord,
} from "../types.js";

/**
 * The steps of CSV files; the name of each says its model. A single file of another name is one of users.
 *
 * @throws CodegenError `UNKNOWN_IMPORT_FILE`
 */
export function csvSteps(
  files: readonly SourceFile[],
  options: SourceOptions,
  tables: AuthTables,
): ImportStep[] | undefined {
  const csv = files.filter(({ name }) => /\.(csv|jsonl?|ndjson)$/i.test(name));
  const order = modelOrder(tables);
  const known = csv.map((file) => ({ file, model: modelOfName(file.name, order) }));
  const [only] = known;
  const named =
    known.length === 1 && only && only.model === undefined ? [{ ...only, model: "user" }] : known;
  const unknown = named.find(({ model }) => model === undefined);
  if (unknown)
    throw fileOfNoModel({
      file: unknown.file.name,
      names: order.map((model) => `${model}s.csv`),
    });
  return order.flatMap((model) =>
    named
      .filter((one) => one.model === model)
      .map(({ file }) => ({
        name: file.name,
        kind: model,
        records: (onKeys) => readRecords(file, onKeys),
        needs: model === "user" ? NEEDS_OF_USER : [],
        keyOf: camelledName,
        plan: (record) =>
          model === "user"
            ? planUser(record, { tables, options })
            : planRecord(record, { model, tables, options }),
      })),
  );
}

/** A line of users: `id`, `email`, and any field; `password_hash`, or `password`, is a hash. */
export function planUser(
  record: SourceRecord,
  input: { readonly tables: AuthTables; readonly options: SourceOptions },
): Planned {
  const { tables, options } = input;
  const fields = withGivenNames(options, "user", fieldsOf(record, "user", tables));
  const { id, email: address, password, passwordHash, hashedPassword, name, ...rest } = fields;
  const email = emailOf(address);
  const oldId = textOf(id) ?? email ?? "";
  const hash = firstText(passwordHash, hashedPassword, password);
  const { createdAt, updatedAt } = rest;
  const user = {
    ...rest,
    ...(tables.user?.fields.displayUsername && usernameOf(rest)),
    ...(textOf(rest.displayUsername) && { displayUsername: rest.displayUsername }),
    ...Object.fromEntries(VERIFIED.flatMap((one) => (isMoment(rest[one]) ? [[one, true]] : []))),
  };
  return {
    rows: [
      userRow(oldId, { ...user, email, name: textOf(name) }),
      ...(hash === undefined ? [] : [passwordRow(oldId, { password: hash, createdAt, updatedAt })]),
    ],
  };
}

/** A line of another model; a reference is the `id` of a line of that model. */
export function planRecord(
  record: SourceRecord,
  input: { readonly model: string; readonly tables: AuthTables; readonly options: SourceOptions },
): Planned {
  const { model, tables, options } = input;
  const { id, ...rest } = fieldsOf(record, model, tables);
  const fields: Record<string, unknown> = {};
  const refs: Record<string, PlannedRef> = {};
  for (const [name, value] of Object.entries(withGivenNames(options, model, rest))) {
    const target = textOf(value);
    const { references } = tables[model]?.fields[name] ?? {};
    if (!isSaid(value)) continue;
    if (references?.field === "id" && target !== undefined)
      refs[name] = { models: [references.model], oldId: target };
    else if (name === "email") fields[name] = emailOf(value);
    else fields[name] = value;
  }
  const owner = refs.userId;
  if (model === "account" && fields.providerId === "credential" && owner) refs.accountId = owner;
  const oldId = textOf(id) ?? idOf(model, rest);
  return { rows: [{ model, oldId, fields, refs }] };
}

// --- internal ---

/** An address stands for the id too. */
const NEEDS_OF_USER = [{ names: ["email"], isAddress: true }, { names: ["id", "email"] }] as const;

/** The fields by their names. Numbers that are dates become ms. */
function fieldsOf(record: SourceRecord, model: string, tables: AuthTables) {
  const known = tables[model]?.fields ?? {};
  return Object.fromEntries(
    Object.entries(record).map(([column, value]) => {
      const name = camelledName(column);
      const isDate = typeof value === "number" && known[name]?.type === "date";
      return [name, isDate ? momentOf(value) : value];
    }),
  );
}

/** False for an empty cell. JSON may have values that are no text. */
function isSaid(value: unknown): boolean {
  return typeof value === "string" ? textOf(value) !== undefined : (value ?? null) !== null;
}

/** Some libraries store when an address was verified. */
const VERIFIED = ["emailVerified", "phoneNumberVerified"] as const;

function isMoment(value: unknown): boolean {
  if (flagOf(value) || !/^\d{4}-\d\d-\d\d|^\d{9,}/.test(textOf(value) ?? "")) return false;
  return momentOf(value) !== undefined;
}

/** What one row has at most. Other models go by all that a line says. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  account: ["userId", "providerId", "accountId"],
  member: ["userId", "organizationId", "role"],
  teamMember: ["teamId", "userId"],
};

/** An id for a line without one. It is kept and shown, so it has nothing of a password or a token. */
function idOf(model: string, fields: SourceRecord): string {
  const own = IDS[model]?.map((name) => textOf(fields[name]));
  if (own) return own[0] === undefined ? "" : own.filter((one) => one !== undefined).join(":");
  const said = Object.entries(fields).filter(([, value]) => isSaid(value));
  if (said.length === 0) return "";
  const text = JSON.stringify(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** `created_at`, `CREATED_AT` and `Created At` are `createdAt`. */
function camelledName(name: string): string {
  return (/[a-z]/.test(name) ? name : name.toLowerCase())
    .trim()
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replace(/[\s_-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `users.csv`, `organization.csv`, `two-factors.csv`. */
function modelOfName(name: string, models: readonly string[]): string | undefined {
  const stem = (name.split("/").at(-1) ?? "").replace(/\.\w+$/, "");
  const plain = stem.replace(/[\s_-]/g, "").toLowerCase();
  return models.find((model) => [`${model}s`, model].some((one) => one.toLowerCase() === plain));
}
