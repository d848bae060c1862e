// `@convex-dev/better-auth`: the tables of its component in a `convex export`. They are Better Auth's own, so every
// model of the app is taken over field by field; ids are found by the references of the app's own tables.
import type { AuthModel, AuthTables } from "../../../src/metadata.js";
import { noComponent, severalComponents } from "../../errors/import.js";
import type { SourceTables } from "../../plan/types.js";
import { momentOf, textOf } from "../fields.js";
import { readRecords } from "../read/records.js";
import { dropped, withGivenNames } from "../rows.js";
import type {
  ImportStep,
  Planned,
  PlannedRef,
  SourceFile,
  SourceOptions,
  SourceRecord,
} from "../types.js";

/** The tables of the app, and the names that its options give them: a component of the app's own has those. */
export type ComponentTables = { readonly tables: AuthTables; readonly source?: SourceTables };

/**
 * The steps of an export that has a component with Better Auth's tables; undefined for another.
 *
 * @throws CodegenError `IMPORT_COMPONENT` where several have them, or the named one does not
 */
export function componentSteps(
  files: readonly SourceFile[],
  options: SourceOptions,
  { tables, source = {} }: ComponentTables,
): ImportStep[] | undefined {
  const { component } = options;
  const found = new Map<string, Map<string, SourceFile>>();
  for (const file of files) {
    const [, path, table] =
      /(?:^|\/)_components\/(.+)\/(\w+)\/documents\.jsonl$/.exec(file.name) ?? [];
    if (path === undefined || table === undefined) continue;
    found.set(path, new Map([...(found.get(path) ?? []), [table, file]]));
  }
  const namesOf = (model: string) =>
    [model, source[model]?.modelName, tables[model]?.table].filter((one) => one !== undefined);
  const fileIn = (own: ReadonlyMap<string, SourceFile>, model: string) =>
    namesOf(model).flatMap((name) => own.get(name) ?? [])[0];
  const holders = [...found].filter(([, own]) => fileIn(own, "user") && fileIn(own, "account"));
  const chosen = component === undefined ? holders : holders.filter(([path]) => path === component);
  if (chosen.length === 0 && component === undefined) return undefined;
  const [first] = chosen;
  if (holders.length === 0) throw noComponent();
  if (chosen.length !== 1 || !first)
    throw severalComponents({ components: holders.map(([path]) => path) });
  const [, own] = first;
  return modelOrder(tables).flatMap((model): ImportStep[] => {
    const file = fileIn(own, model);
    if (!file) return [];
    const columns = columnsOf(model, { tables, source });
    return [
      {
        name: file.name,
        records: (onKeys) => readRecords(file, onKeys),
        needs: model === "user" ? NEEDS_OF_USER : [],
        keyOf: (name) => columns.get(name) ?? name,
        plan: (record) =>
          planDocument(byField(record, columns), { model, tables, options, now: Date.now() }),
      },
    ];
  });
}

/** Models in an order in which each comes after those it references; what is never carried over is left out. */
export function modelOrder(tables: AuthTables): string[] {
  const ordered: string[] = [];
  const visit = (model: string, above: readonly string[]) => {
    if (ordered.includes(model) || above.includes(model) || !tables[model]) return;
    for (const field of Object.keys(tables[model].fields))
      for (const target of referencedBy(tables, model, field)) visit(target, [...above, model]);
    ordered.push(model);
  };
  for (const model of ["user", "account", ...Object.keys(tables)]) visit(model, []);
  return ordered.filter((model) => !NEVER.has(model));
}

/** A document of the component's table of that name. */
export function planDocument(
  record: SourceRecord,
  {
    model,
    tables,
    options,
    now,
  }: {
    readonly model: string;
    readonly tables: AuthTables;
    readonly options: SourceOptions;
    readonly now: number;
  },
): Planned {
  const own = renamed(record, tables[model], RENAMED[model]);
  const { _id, _creationTime, id, ...rest } = withGivenNames(options, model, own);
  const oldId = textOf(_id) ?? textOf(id) ?? "";
  const expiresAt = momentOf(rest.expiresAt);
  if (EXPIRING.has(model) && expiresAt !== undefined && expiresAt <= now)
    return { rows: [], dropped: [dropped(model, oldId, "it has expired")] };
  const fields: Record<string, unknown> = {};
  const refs: Record<string, PlannedRef> = {};
  for (const [name, value] of Object.entries(rest)) {
    const models = referencedBy(tables, model, name);
    const target = textOf(value);
    const isOwner = model === "account" && name === "accountId" && rest.providerId === "credential";
    if (isOwner) continue;
    if (models.length > 0 && target !== undefined) refs[name] = { models, oldId: target };
    else if (!DERIVED.has(`${model}.${name}`)) fields[name] = value;
  }
  if (model === "account" && rest.providerId === "credential")
    refs.accountId = { models: ["user"], oldId: textOf(rest.userId) ?? "" };
  if (fields.createdAt === undefined) fields.createdAt = _creationTime;
  return {
    rows: [{ model, oldId, fields: onlyKnown(fields, "createdAt", tables[model]?.fields), refs }],
  };
}

// --- internal ---

const NEEDS_OF_USER = [{ names: ["_id", "id"] }, { names: ["email"], isAddress: true }] as const;

/** The fields of columns that have another name. */
function columnsOf(model: string, { tables, source = {} }: ComponentTables): Map<string, string> {
  const fields = [
    ...Object.entries(tables[model]?.fields ?? {}).map(([name, { column }]) => [column, name]),
    ...Object.entries(source[model]?.fields ?? {}).map(([name, one]) => [one.fieldName, name]),
  ];
  return new Map(
    fields.flatMap(([column, name]) =>
      column !== undefined && name !== undefined && column !== name ? [[column, name]] : [],
    ),
  );
}

function byField(record: SourceRecord, columns: ReadonlyMap<string, string>): SourceRecord {
  if (columns.size === 0) return record;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [columns.get(name) ?? name, value]),
  );
}

/** Short-lived, or of the old deployment: keys are made anew, counts begin anew. */
const NEVER = new Set([
  "verification",
  "rateLimit",
  "jwks",
  "deviceCode",
  "importedId",
  "importRun",
]);

const EXPIRING = new Set(["session", "oauthAccessToken", "oauthRefreshToken"]);

/** Made of other ids; Better Auth finds the row without. */
const DERIVED = new Set(["teamMember.membershipKey"]);

/** Ids that Better Auth's metadata does not call references. */
const UNDECLARED: Readonly<Record<string, readonly string[]>> = {
  "session.activeOrganizationId": ["organization"],
  "session.activeTeamId": ["team"],
  "session.impersonatedBy": ["user"],
  "invitation.teamId": ["team"],
  "apikey.referenceId": ["user", "organization"],
  "apikey.userId": ["user"],
  "subscription.referenceId": ["user", "organization"],
  "ssoProvider.organizationId": ["organization"],
};

/** Fields that Better Auth has renamed since, by their old names. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Since 1.5, an API key may be an organization's.
  apikey: { userId: "referenceId" },
};

/** Where the app has only the new name, the old one's value is under it. */
function renamed(
  record: SourceRecord,
  model: AuthModel | undefined,
  names: Readonly<Record<string, string>> = {},
): SourceRecord {
  const moved = Object.entries(names).filter(
    ([old, name]) => record[old] !== undefined && !model?.fields[old] && model?.fields[name],
  );
  return Object.fromEntries([
    ...moved.map(([old, name]) => [name, record[old]]),
    ...Object.entries(record).filter(([name]) => moved.every(([old]) => old !== name)),
  ]) as SourceRecord; // of strings
}

function referencedBy(tables: AuthTables, model: string, field: string): readonly string[] {
  const { references } = tables[model]?.fields[field] ?? {};
  if (references?.field === "id") return [references.model];
  return (UNDECLARED[`${model}.${field}`] ?? []).filter((target) => tables[target] !== undefined);
}

/** A field that was made up here is left out where the model does not have it. */
function onlyKnown(fields: Record<string, unknown>, name: string, known: object | undefined) {
  if (known && name in known) return fields;
  const { [name]: _made, ...rest } = fields;
  return rest;
}
