// The rows that every source has: a user, its social accounts, its password. Pure.
import type { DroppedRow } from "../../src/import/types.js";
import { momentOf, objectOf, textOf } from "./fields.js";
import type { PlannedRef, PlannedRow, SourceOptions, SourceRecord } from "./types.js";

export function userRef(oldId: string): PlannedRef {
  return { models: ["user"], oldId };
}

/** A user; one without a name goes by what is before the @ of its address. */
export function userRow(
  oldId: string,
  fields: Readonly<Record<string, unknown>> & {
    readonly email: string | undefined;
    readonly name: string | undefined;
  },
): PlannedRow {
  const name = fields.name ?? fields.email?.split("@")[0] ?? "";
  return { model: "user", oldId, fields: { ...fields, name } };
}

/** When a record was made and changed last, in ms. */
export function timesOf(record: SourceRecord) {
  return { createdAt: momentOf(record.created_at), updatedAt: momentOf(record.updated_at) };
}

/** The fields of the username plugin, for a record with a username. */
export function usernameOf(record: SourceRecord) {
  const username = textOf(record.username);
  return username === undefined
    ? {}
    : { username: username.toLowerCase(), displayUsername: username };
}

/** The account that a password belongs to: its account id is the user's. */
export function passwordRow(
  userId: string,
  { password, ...fields }: { readonly password: string; readonly [field: string]: unknown },
): PlannedRow {
  return {
    model: "account",
    oldId: `${userId}:credential`,
    fields: { providerId: "credential", password, ...fields },
    refs: { accountId: userRef(userId), userId: userRef(userId) },
  };
}

/** A social account. */
export function socialRow(
  userId: string,
  account: {
    readonly providerId: string;
    readonly accountId: string;
    readonly [field: string]: unknown;
  },
): PlannedRow {
  const { providerId, accountId } = account;
  return {
    model: "account",
    oldId: `${userId}:${providerId}:${accountId}`,
    fields: account,
    refs: { userId: userRef(userId) },
  };
}

/** The app's id of a provider: what the user said, else what is known, else the same. */
export function providerOf(
  { providers }: SourceOptions,
  name: string,
  known: Readonly<Record<string, string>> = {},
): string {
  return providers.get(name) ?? known[name] ?? name;
}

/** The app's name of a role, likewise; several are one text with commas. */
export function roleOf(
  { roles }: SourceOptions,
  name: string | undefined,
  known: Readonly<Record<string, string>> = {},
): string {
  const role = name ?? "member";
  const nameOf = (one: string) => roles.get(one) ?? known[one];
  const each = () => role.split(",").map((one) => nameOf(one.trim()) ?? one);
  return nameOf(role) ?? each().join(",");
}

/** Fields of a row by the names that the user gives: the provider of an account, and the roles of any model. */
export function withGivenNames(
  options: SourceOptions,
  model: string,
  fields: SourceRecord,
): SourceRecord {
  const provider = model === "account" ? textOf(fields.providerId) : undefined;
  const role = typeof fields.role === "string" ? textOf(fields.role) : undefined;
  return {
    ...fields,
    ...(provider !== undefined && { providerId: providerOf(options, provider) }),
    ...(role !== undefined && { role: roleOf(options, role) }),
  };
}

/**
 * What a vendor keeps beside its own fields: keys that are `user.additionalFields` become these, and the rest stays
 * under the vendor's name, to be listed.
 *
 * @param byUsers metadata that users write themselves: it fills no field that the app keeps from them (`input: false`)
 */
export function metadataOf(
  { additional = {} }: SourceOptions,
  { own, byUsers }: { readonly own: SourceRecord; readonly byUsers: SourceRecord },
): SourceRecord {
  const found: Record<string, unknown> = {};
  const take = (from: SourceRecord, isAllowed: (key: string) => boolean) => {
    for (const [name, value] of Object.entries(from)) {
      const keys = Object.entries(objectOf(value));
      const isTaken = (key: string) => Object.hasOwn(additional, key) && isAllowed(key);
      Object.assign(found, Object.fromEntries(keys.filter(([key]) => isTaken(key))));
      const left = keys.filter(([key]) => isTaken(name) || !isTaken(key));
      if (left.length > 0) found[name] = Object.fromEntries(left);
    }
  };
  take(byUsers, (key) => additional[key]?.input !== false);
  take(own, () => true);
  return found;
}

/** Values that no field is made of, under the vendor's names, so that the report has them. */
export function leftOf(record: SourceRecord, names: readonly string[]): SourceRecord {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = record[name];
      const parsed = Array.isArray(value) ? value : objectOf(value);
      const isEmpty = textOf(value) === undefined && Object.keys(parsed).length === 0;
      return isEmpty ? [] : [[name, value]];
    }),
  );
}

export function dropped(model: string, oldId: string, reason: string): DroppedRow {
  return { model, oldId, reason };
}

/** No second factor of another vendor is imported. */
export function droppedFactor(oldId: string): DroppedRow {
  return dropped(
    "twoFactor",
    oldId,
    "secrets of authenticator apps are bytes that Better Auth cannot hold: the user enrols again",
  );
}
