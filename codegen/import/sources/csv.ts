// CSV files of any origin: one for each model, whose columns are the names of Better Auth's fields. A file of users may
// hold the password hash too. Pure, but for opening files.
import type { AuthTables } from "../../../src/metadata.js";
import { fileOfNoModel } from "../../errors/import.js";
import { emailOf, firstText, momentOf, textOf } from "../fields.js";
import { readRecords } from "../read/records.js";
import { passwordRow, roleOf, userRow } from "../rows.js";
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
        records: (onKeys) => readRecords(file, onKeys),
        needs: model === "user" ? NEEDS_OF_USER : [],
        keyOf: camelledName,
        plan: (record) =>
          model === "user" ? planUser(record) : planRecord(record, { model, tables, options }),
      })),
  );
}

/** A line of users: `id`, `email`, and any field; `password_hash`, or `password`, is a hash. */
export function planUser(record: SourceRecord): Planned {
  const fields = camelled(record);
  const { id, email: address, password, passwordHash, hashedPassword, name, ...rest } = fields;
  const email = emailOf(address);
  const oldId = textOf(id) ?? email ?? "";
  const hash = firstText(passwordHash, hashedPassword, password);
  const times = { createdAt: momentOf(rest.createdAt), updatedAt: momentOf(rest.updatedAt) };
  return {
    rows: [
      userRow(oldId, { ...rest, ...times, email, name: textOf(name) }),
      ...(hash === undefined ? [] : [passwordRow(oldId, { password: hash, ...times })]),
    ],
  };
}

/** A line of another model; a reference is the `id` of a line of that model. */
export function planRecord(
  record: SourceRecord,
  input: { readonly model: string; readonly tables: AuthTables; readonly options: SourceOptions },
): Planned {
  const { model, tables, options } = input;
  const { id, ...rest } = camelled(record);
  const fields: Record<string, unknown> = {};
  const refs: Record<string, PlannedRef> = {};
  for (const [name, value] of Object.entries(rest)) {
    const target = textOf(value);
    const { references } = tables[model]?.fields[name] ?? {};
    if (target === undefined) continue;
    if (references?.field === "id") refs[name] = { models: [references.model], oldId: target };
    else if (name === "email") fields[name] = emailOf(value);
    else if (name === "role") fields[name] = roleOf(options, target);
    else fields[name] = value;
  }
  const owner = refs.userId;
  if (model === "account" && fields.providerId === "credential" && owner) refs.accountId = owner;
  const oldId = textOf(id) ?? Object.values(rest).slice(0, 3).map(textOf).join(":");
  return { rows: [{ model, oldId, fields, refs }] };
}

// --- internal ---

/** An address stands for the id too. */
const NEEDS_OF_USER = [{ names: ["email"], isAddress: true }, { names: ["id", "email"] }] as const;

function camelled(record: SourceRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [camelledName(name), value]),
  );
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
