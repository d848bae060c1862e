// What a database would enforce and Convex does not: known columns, unique values, one owner of an id.
// Reads only; every check runs before the write it guards, so a refused write leaves nothing behind.
import type { Value } from "convex/values";
import {
  idChosen,
  plainPrivateKey,
  tooManyChanges,
  uniqueViolation,
  unknownColumnInWrite,
  unknownColumnOfTrigger,
} from "../errors/store.js";
import type { AuthModel, AuthTables } from "../metadata.js";
import { columnsOf, uniquesOf } from "../query/model.js";
import type { QueryDocument } from "../query/where.js";
import { modelOf, type Columns, type Reader } from "./db.js";
import { loadDocuments, sizeOf } from "./read.js";

type Scope = { readonly db: Reader; readonly tables: AuthTables };

/**
 * Refuses columns that the table does not have.
 *
 * @param given what the caller wrote, before triggers added to it
 * @throws KitcnError `UNKNOWN_COLUMN`
 */
export function assertKnownColumns(
  { model, definition }: { model: string; definition: AuthModel },
  columns: Columns,
  given: Columns,
): void {
  const known = columnsOf(definition);
  const unknown = Object.keys(columns).find(
    (column) => !known.has(column) || column === "id" || column === "_creationTime",
  );
  if (unknown === undefined) return;
  const at = { column: unknown, table: definition.table };
  if (unknown in given || known.has(unknown)) throw unknownColumnInWrite(at);
  const value = columns[unknown];
  throw unknownColumnOfTrigger({
    ...at,
    declaration: declaration({ model, column: unknown, value }),
  });
}

/** The model of the signing keys. */
export const KEYS_MODEL = "jwks";

/** Refuses a signing key in plain text: whoever reads the table could sign. @throws KitcnError `PLAIN_PRIVATE_KEY` */
export function assertEncryptedKey(definition: AuthModel, columns: Columns): void {
  const key = columns[definition.fields["privateKey"]?.column ?? ""];
  if (typeof key !== "string" || !isPlainKey(key)) return;
  throw plainPrivateKey(definition);
}

/**
 * Refuses values that another document has in a unique column, or in a set of columns that is unique
 * together. Null may repeat.
 *
 * @param input.columns what will be written
 * @param input.current the document that is changed; absent for a new one
 * @throws KitcnError `UNIQUE_VIOLATION`
 */
export async function assertUnique(
  scope: Scope,
  input: { model: string; columns: Columns; current?: QueryDocument },
): Promise<void> {
  const { model, columns, current } = input;
  for (const unique of uniquesOf(modelOf(scope.tables, model))) {
    const isTouched = unique.some(
      (column) => column in columns && columns[column] !== current?.[column],
    );
    const values = unique.map(
      (column) => columns[column] ?? currentValue(columns, column, current),
    );
    if (!isTouched || values.some((value) => value === null)) continue;
    const others = await loadDocuments(scope, {
      model,
      where: unique.map((column, at) => ({ column, value: values[at] ?? null })),
      limit: current ? 2 : 1,
    });
    if (others.some((other) => other._id !== current?._id))
      throw uniqueViolation({ model, columns: unique.join(" and ") });
  }
}

/** Refuses one value for several documents where it must be unique. @throws KitcnError `UNIQUE_VIOLATION` */
export function assertRepeatable(
  scope: Scope,
  { model, columns, count }: { model: string; columns: Columns; count: number },
): void {
  if (count < 2) return;
  const unique = uniquesOf(modelOf(scope.tables, model)).find((one) =>
    one.every((column) => (columns[column] ?? null) !== null),
  );
  if (unique) throw uniqueViolation({ model, columns: unique.join(" and ") });
}

/**
 * How much one operation may change. Convex allows 16,000 documents and 16 MiB in a transaction, and reads
 * each document a second time to change it.
 */
export const WRITE_BUDGET = { documents: 12_000, bytes: 7 * 1024 * 1024 } as const;

/** Refuses a write of many documents as a whole, before its first. @throws KitcnError `TOO_MANY_WRITES` */
export function assertWritable(model: string, documents: readonly QueryDocument[]): void {
  const bytes = documents.reduce((sum, document) => sum + sizeOf(document), 0);
  if (documents.length <= WRITE_BUDGET.documents && bytes <= WRITE_BUDGET.bytes) return;
  throw tooManyChanges({ model, documents: documents.length, bytes });
}

/**
 * Refuses an id that Better Auth chose where the table has no place for it, or that is taken.
 *
 * @throws KitcnError `FORCED_ID`, `UNIQUE_VIOLATION`
 */
export async function assertForcedId(
  scope: Scope,
  { model, id }: { model: string; id: Value },
): Promise<void> {
  const definition = modelOf(scope.tables, model);
  if (!definition.forcedId || typeof id !== "string" || id === "") {
    throw idChosen({ model, table: definition.table });
  }
  const taken = await loadDocuments(scope, {
    model,
    where: [{ column: "id", value: id }],
    limit: 1,
  });
  if (taken.length > 0) throw uniqueViolation({ model, columns: "id" });
}

// --- internal ---

/** Models whose fields are declared at the top of the options; others belong to a plugin. */
const CORE_MODELS = new Set(["user", "session", "account", "verification"]);

/** The lines that declare a column, as far as its value tells. */
function declaration(input: { model: string; column: string; value: Value | undefined }): string {
  const { model, column, value } = input;
  const type = typeof value === "number" || typeof value === "boolean" ? typeof value : "string";
  const field = `${column}: { type: "${type}", required: false, input: false }`;
  const lines = `${model}: { additionalFields: { ${field} } }`;
  return CORE_MODELS.has(model)
    ? `\`${lines}\``
    : `\`schema: { ${lines} }\` in the options of its plugin (in schema.ts, for a table of your own)`;
}

/** A JWK, however often it is quoted, or PEM; Better Auth's ciphertext is neither. */
function isPlainKey(text: string): boolean {
  return /[{}]|PRIVATE KEY/.test(text);
}

function currentValue(columns: Columns, column: string, current: QueryDocument | undefined): Value {
  return column in columns ? null : (current?.[column] ?? null);
}
