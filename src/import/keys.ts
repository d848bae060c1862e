// Whether an imported row is in the app already: by which columns that shows, and what becomes of it then.
// Pure. Must not import better-auth.
import type { Value } from "convex/values";
import type { AuthModel } from "../metadata.js";
import { uniquesOf } from "../query/model.js";
import type { Row } from "../store/store.js";
import type { ImportRow } from "./types.js";

export type Columns = Record<string, Value>;

/** A row with its references resolved. */
export type Resolved = {
  readonly row: ImportRow;
  readonly columns: Columns;
  /** The columns among them that hold references. */
  readonly owners: readonly string[];
  /** Sets of columns whose values one row has at most. */
  readonly keys: readonly (readonly string[])[];
};

/** The sets of columns that no other row may have the same values in. */
export function keysOf(model: string, definition: AuthModel, columns: Columns): string[][] {
  const keys = [...uniquesOf(definition), ...pairsOf(model, definition)];
  const isWhole = (key: readonly string[]) =>
    key.every((column) => (columns[column] ?? null) !== null);
  return keys.filter(isWhole).map((key) => [...key]);
}

/**
 * What becomes of a row whose keys these rows of the app have: the row that it is linked to, or why it is dropped.
 * Undefined if there are none, so that it is created.
 *
 * @param found one for each key
 */
export function verdictOn(
  { row, columns, owners, keys }: Resolved,
  found: readonly (Row | null)[],
  { definition, link }: { readonly definition: AuthModel; readonly link: boolean },
): Row | string | undefined {
  const { model } = row;
  const { email, emailVerified } = definition.fields;
  const existing = found.find((one) => one !== null);
  if (!existing) return undefined;
  const namesake = found.find((_, at) => keys[at]?.join() === email?.column);
  if (model === "user" && link && namesake) {
    // Only an address that both sides have verified says who somebody is: anybody can sign up with another's.
    const isVerified = (one: Columns) => one[emailVerified?.column ?? ""] === true;
    if (!isVerified(namesake))
      return "a user with the same email is in the app, who has not verified it";
    if (!isVerified(columns))
      return "a user with the same email is in the app, and the source has not verified it";
    return namesake;
  }
  const isSame = owners.length > 0 && owners.every((owner) => existing[owner] === columns[owner]);
  if (isSame) return existing;
  return `another ${model} in the app has the same ${keys[found.indexOf(existing)]?.join(" and ")}`;
}

// --- internal ---

/** Unique in fact, though no metadata says so. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  account: ["providerId", "accountId"],
  member: ["organizationId", "userId"],
  teamMember: ["teamId", "userId"],
  twoFactor: ["userId"],
  passkey: ["credentialID"],
};

function pairsOf(model: string, { fields }: AuthModel): string[][] {
  const columns = (PAIRS[model] ?? []).flatMap((field) => fields[field]?.column ?? []);
  return columns.length > 0 && columns.length === PAIRS[model]?.length ? [columns] : [];
}
