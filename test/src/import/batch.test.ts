// Batches of an import over a store: each once, in order, with references of any direction and rows that are there.
import { organization, username } from "better-auth/plugins";
import { getAuthTables } from "better-auth/db";
import { expect, test } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { withImportTables } from "../../../codegen/plan/import-tables.js";
import { importBatch, importState } from "../../../src/import/batch.js";
import type { ImportBatch, ImportRow } from "../../../src/import/types.js";
import { compareRows, countMapped } from "../../../src/import/verify.js";
import type { WriteHooks } from "../../../src/triggers/hooks.js";
import { authDbOf } from "../../support/auth-db.js";

function world(hooks?: WriteHooks) {
  const options = { plugins: [organization(), username()] };
  const source = withImportTables(getAuthTables(options));
  const { tables } = planTables(source, { placement: "app" });
  const { store } = authDbOf(tables, hooks);
  const scope = { tables, stores: { app: store, component: store } };
  return { store, scope };
}

const userRow = (at: number, columns: object = {}): ImportRow => ({
  model: "user",
  oldId: `u${at}`,
  columns: { name: "A", email: `u${at}@b.co`, emailVerified: true, ...columns },
});

const accountRow = (at: number): ImportRow => ({
  model: "account",
  oldId: `a${at}`,
  columns: { providerId: "credential", password: "hash" },
  refs: {
    userId: { models: ["user"], oldId: `u${at}`, required: true },
    accountId: { models: ["user"], oldId: `u${at}`, required: true },
  },
});

const batchOf = (from: number, rows: readonly ImportRow[], more: object = {}): ImportBatch => ({
  ...{ source: "csv", file: "one", from, to: from + rows.length, rows, dropped: [] },
  ...{ link: false, isLast: false, ...more },
});

test("rows come in any order within a batch; a batch that comes again changes nothing", async () => {
  const { scope, store } = world();
  const batch = batchOf(0, [accountRow(1), userRow(1), userRow(2)]);
  const state = await importBatch(scope, batch);
  expect(state).toMatchObject({
    position: 3,
    isDone: false,
    counts: { user: { created: 2 }, account: { created: 1 } },
  });
  expect(await importBatch(scope, batch)).toEqual(state);
  const [account] = await store.findMany({ model: "account", where: [] });
  const user = await store.findOne({
    model: "user",
    where: [{ column: "email", value: "u1@b.co" }],
  });
  expect(account).toMatchObject({ userId: user?.id, accountId: user?.id });
  expect(await store.count({ model: "user", where: [] })).toBe(2);
  expect(await importState(scope, { source: "csv" })).toEqual(state);
});

test("a batch that is not the next one is refused, and nothing of it is written", async () => {
  const { scope, store } = world();
  await importBatch(scope, batchOf(0, [userRow(1)]));
  const early = importBatch(scope, batchOf(5, [userRow(2)]));
  await expect(early).rejects.toMatchObject({ code: "IMPORT_OUT_OF_STEP" });
  expect(await store.count({ model: "user", where: [] })).toBe(1);
});

test("another file of the same source: what is known is counted, the rest is made", async () => {
  const { scope } = world();
  await importBatch(scope, batchOf(0, [userRow(1)], { isLast: true }));
  const more = batchOf(0, [userRow(1), userRow(2)], { file: "two", isLast: true });
  const { counts, isDone } = await importBatch(scope, more);
  expect(counts.user).toEqual({ created: 1, linked: 0, known: 1, dropped: {} });
  expect(isDone).toBe(true);
});

test("what references a row that was dropped is dropped; an optional reference is left out", async () => {
  const { scope, store } = world();
  await importBatch(scope, batchOf(0, [userRow(1)]));
  const session: ImportRow = {
    model: "session",
    oldId: "s",
    columns: { token: "t", expiresAt: 9 },
    refs: {
      userId: { models: ["user"], oldId: "u1", required: true },
      activeOrganizationId: { models: ["organization"], oldId: "gone", required: false },
    },
  };
  const rows = [userRow(2, { email: "u1@b.co" }), accountRow(2), session];
  const { counts, dropped } = await importBatch(scope, batchOf(1, rows));
  expect(counts.user?.dropped).toEqual({ "another user in the app has the same email": 1 });
  expect(counts.account?.dropped).toEqual({ "its user was not imported": 1 });
  expect(dropped.map(({ oldId }) => oldId)).toEqual(["u2", "a2"]);
  const [made] = await store.findMany({ model: "session", where: [] });
  expect(made).not.toHaveProperty("activeOrganizationId");
});

test("two rows of one batch with one address: the first is made", async () => {
  const { scope } = world();
  const { counts } = await importBatch(
    scope,
    batchOf(0, [userRow(1), userRow(2, { email: "u1@b.co" })]),
  );
  expect(counts.user).toMatchObject({
    created: 1,
    dropped: { "another user in the app has the same email": 1 },
  });
});

const SAME = "a user with the same email is in the app";

test.each([
  ["both have verified the address", { email: "u1@b.co", app: true, source: true }, "linked"],
  [
    "the source has not verified it",
    { email: "u1@b.co", app: true, source: false },
    `${SAME}, and the source has not verified it`,
  ],
  [
    "the app has not verified it",
    { email: "u1@b.co", app: false, source: true },
    `${SAME}, who has not verified it`,
  ],
  [
    "the user name is the same",
    { email: "other@b.co", app: true, source: true },
    "another user in the app has the same username",
  ],
])("linking: %s", async (_name, { email, ...verified }, want) => {
  const { scope, store } = world();
  const data = {
    name: "B",
    email,
    emailVerified: verified.app,
    username: "ada",
    createdAt: 1,
    updatedAt: 1,
  };
  const { id } = await store.create({ model: "user", data });
  const rows = [userRow(1, { emailVerified: verified.source, username: "ada" }), accountRow(1)];
  const { counts } = await importBatch(scope, batchOf(0, rows, { link: true }));
  const isLinked = want === "linked";
  expect(counts.user).toMatchObject({
    created: 0,
    linked: isLinked ? 1 : 0,
    dropped: isLinked ? {} : { [want]: 1 },
  });
  const accounts = await store.findMany({ model: "account", where: [] });
  expect(accounts.map(({ userId }) => userId)).toEqual(isLinked ? [id] : []);
});

test("linking: a user of the source who has not verified an address does not become the one who has", async () => {
  const { scope, store } = world();
  const rows = [userRow(1), userRow(2, { email: "u1@b.co", emailVerified: false }), accountRow(2)];
  const { counts } = await importBatch(scope, batchOf(0, rows, { link: true }));
  expect(counts.user).toMatchObject({ created: 1, linked: 0 });
  expect(await store.count({ model: "account", where: [] })).toBe(0);
});

test("an organization of the app is never merged with one of the same slug", async () => {
  const { scope, store } = world();
  await store.create({ model: "organization", data: { name: "B", slug: "acme", createdAt: 1 } });
  const organizationRow = {
    model: "organization",
    oldId: "o",
    columns: { name: "A", slug: "acme" },
  };
  const member: ImportRow = {
    model: "member",
    oldId: "m",
    columns: { role: "owner" },
    refs: {
      userId: { models: ["user"], oldId: "u1", required: true },
      organizationId: { models: ["organization"], oldId: "o", required: true },
    },
  };
  const rows = [userRow(1), organizationRow, member];
  const { counts } = await importBatch(scope, batchOf(0, rows, { link: true }));
  expect(counts.organization?.dropped).toEqual({
    "another organization in the app has the same slug": 1,
  });
  expect(counts.member?.dropped).toEqual({ "its organization was not imported": 1 });
  expect(await store.count({ model: "member", where: [] })).toBe(0);
});

test("reasons are kept under names that Convex takes", async () => {
  const { scope } = world();
  const dropped = [{ model: "account", oldId: "a", reason: '"größe" needs no account' }];
  const { counts } = await importBatch(scope, batchOf(0, [], { dropped, to: 1 }));
  expect(counts.account?.dropped).toEqual({ '"gr??e" needs no account': 1 });
});

test("hooks of writes run for each row, and one that refuses ends the batch", async () => {
  const seen: string[] = [];
  const { scope } = world({ after: ({ model }) => void seen.push(model) });
  await importBatch(scope, batchOf(0, [userRow(1), accountRow(1)]));
  expect(seen.filter((model) => model === "user" || model === "account")).toEqual([
    "user",
    "account",
  ]);
  const refusing = world({ before: ({ model }) => (model === "user" ? false : undefined) });
  await expect(importBatch(refusing.scope, batchOf(0, [userRow(1)]))).rejects.toThrow();
});

test("rows are compared by name, never by value, and the map is counted by pages", async () => {
  const { scope, store } = world();
  const rows = [1, 2, 3, 4, 5].map((at) => userRow(at));
  await importBatch(scope, batchOf(0, rows));
  await store.update({
    model: "user",
    where: [{ column: "email", value: "u2@b.co" }],
    data: { name: "B" },
  });
  await store.delete({ model: "user", where: [{ column: "email", value: "u3@b.co" }] });
  const compared = await compareRows(scope, {
    source: "csv",
    rows: [...rows.slice(0, 3), userRow(9)],
  });
  expect(compared).toEqual([
    { model: "user", oldId: "u1", isKnown: true, isThere: true, isLinked: false, differing: [] },
    {
      model: "user",
      oldId: "u2",
      isKnown: true,
      isThere: true,
      isLinked: false,
      differing: ["name"],
    },
    { model: "user", oldId: "u3", isKnown: true, isThere: false, isLinked: false, differing: [] },
    { model: "user", oldId: "u9", isKnown: false, isThere: false, isLinked: false, differing: [] },
  ]);
  let cursor: string | null = null;
  const sizes: number[] = [];
  do {
    const page = await countMapped(scope, { source: "csv", model: "user", cursor, limit: 2 });
    sizes.push(page.counts.user?.created ?? 0);
    cursor = page.cursor;
  } while (cursor !== null);
  expect(sizes).toEqual([2, 2, 1]);
});
