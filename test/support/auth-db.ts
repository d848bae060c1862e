// A store over a fake database, with the tables that codegen plans for Better Auth options.
import type { BetterAuthOptions } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { planTables } from "../../codegen/plan/plan-tables.js";
import type { AuthTables } from "../../src/metadata.js";
import { dbStore } from "../../src/store/db-store.js";
import type { Value } from "convex/values";
import type { Row, Store } from "../../src/store/store.js";
import type { WriteHooks } from "../../src/triggers/hooks.js";
import { fakeDb, type FakeDb } from "./fake-db.js";

export type AuthDb = FakeDb & { readonly tables: AuthTables; readonly store: Store };

/** An empty database for the options' tables, all in the app. */
export function authDb(
  options: BetterAuthOptions = {},
  { forceIds = false, hooks }: { forceIds?: boolean; hooks?: WriteHooks } = {},
): AuthDb {
  const { tables } = planTables(getAuthTables(options), { placement: "app", options, forceIds });
  return authDbOf(tables, hooks);
}

/** The same for metadata written by hand. */
export function authDbOf(tables: AuthTables, hooks?: WriteHooks): AuthDb {
  const fake = fakeDb(
    Object.fromEntries(Object.values(tables).map(({ table, indexes }) => [table, indexes])),
  );
  return { ...fake, tables, store: dbStore({ db: fake.db, tables, hooks }) };
}

type Columns = Record<string, Value>;

let serial = 0;

/** Rows of the core tables, valid but for what a test says. */
export const sample = {
  user: (data: Columns = {}): Columns => ({
    name: "Ada",
    email: `user-${++serial}@example.com`,
    emailVerified: false,
    createdAt: 1,
    updatedAt: 1,
    ...data,
  }),
  session: (userId: string, data: Columns = {}): Columns => ({
    userId,
    token: `token-${++serial}`,
    expiresAt: 1000,
    createdAt: 1,
    updatedAt: 1,
    ...data,
  }),
  account: (userId: string, data: Columns = {}): Columns => ({
    userId,
    providerId: "credential",
    accountId: `account-${++serial}`,
    createdAt: 1,
    updatedAt: 1,
    ...data,
  }),
};

/** A new user. */
export function createUser(store: Store, data: Columns = {}): Promise<Row> {
  return store.create({ model: "user", data: sample.user(data) });
}
