import { describe, expect, it } from "vitest";
import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt, organization, twoFactor } from "better-auth/plugins";
import type { AuthTables, ModelPlacement, OnDelete } from "../../../src/metadata.js";
import { crossingReferences } from "../../../src/store/delete.js";
import type { Row, Store } from "../../../src/store/store.js";
import { authDb, authDbOf, createUser, sample } from "../../support/auth-db.js";

const options = { plugins: [organization(), twoFactor()] };

/** Whose tables reference sessions. */
const manySessions = {
  plugins: [jwt(), oauthProvider({ loginPage: "/sign-in", consentPage: "/consent" })],
};

function oauthToken({ id: sessionId, userId = "" }: Row, at: number) {
  const times = { expiresAt: 9e12, createdAt: 1 };
  return { token: `refresh-${at}`, clientId: "c", sessionId, userId, scopes: [], ...times };
}

/** A user with a row in every table that references it. */
async function createMember(store: Store, organizationId: string) {
  const user = await createUser(store);
  const userId = user.id;
  await store.create({ model: "session", data: sample.session(userId) });
  await store.create({ model: "account", data: sample.account(userId) });
  await store.create({
    model: "twoFactor",
    data: { userId, secret: "s", backupCodes: "[]", verified: true },
  });
  await store.create({
    model: "member",
    data: { userId, organizationId, role: "owner", createdAt: 1 },
  });
  return user;
}

function createOrganization(store: Store, slug: string) {
  return store.create({
    model: "organization",
    data: { name: slug, slug, createdAt: 1 },
  });
}

async function countAll(store: Store, models: readonly string[]) {
  const counts: Record<string, number> = {};
  for (const model of models) counts[model] = await store.count({ model, where: [] });
  return counts;
}

const MODELS = ["user", "session", "account", "twoFactor", "member", "invitation", "organization"];

describe("deleting", () => {
  it("a user removes its sessions, accounts, second factors and memberships, and nobody else's", async () => {
    const { store } = authDb(options);
    const { id: organizationId } = await createOrganization(store, "acme");
    const ada = await createMember(store, organizationId);
    await createMember(store, organizationId);
    await store.delete({ model: "user", where: [{ column: "id", value: ada.id }] });
    expect(await countAll(store, MODELS)).toEqual({
      user: 1,
      session: 1,
      account: 1,
      twoFactor: 1,
      member: 1,
      invitation: 0,
      organization: 1,
    });
  });

  it("follows references over several tables, also from deleteMany and consumeOne", async () => {
    const { store } = authDb(options);
    for (const slug of ["a", "b", "c"]) {
      const { id: organizationId } = await createOrganization(store, slug);
      const { id: inviterId } = await createMember(store, organizationId);
      await store.create({
        model: "invitation",
        data: {
          organizationId,
          inviterId,
          email: "x@y.z",
          role: "member",
          status: "pending",
          expiresAt: 9,
          createdAt: 1,
        },
      });
    }
    await store.consumeOne({ model: "organization", where: [{ column: "slug", value: "a" }] });
    expect(await countAll(store, MODELS)).toMatchObject({ user: 3, member: 2, invitation: 2 });
    expect(await store.deleteMany({ model: "user", where: [] })).toBe(3);
    expect(await countAll(store, MODELS)).toEqual({
      user: 0,
      session: 0,
      account: 0,
      twoFactor: 0,
      member: 0,
      invitation: 0,
      organization: 2,
    });
  });

  it("finds references to forced ids", async () => {
    const { store } = authDb({}, { forceIds: true });
    await createUser(store, { id: "ada" });
    await store.create({ model: "session", data: sample.session("ada") });
    await store.delete({ model: "user", where: [{ column: "id", value: "ada" }] });
    expect(await store.count({ model: "session", where: [] })).toBe(0);
  });

  it("reads one range for each reference and no document in vain", async () => {
    const { store, counts, reset } = authDb();
    const user = await createUser(store);
    for (let at = 0; at < 50; at++) {
      await store.create({ model: "session", data: sample.session(user.id) });
      const other = await createUser(store);
      await store.create({ model: "session", data: sample.session(other.id) });
    }
    reset();
    await store.delete({ model: "user", where: [{ column: "id", value: user.id }] });
    expect(counts).toEqual({ documents: 51, ranges: 2, writes: 51 });
  });
});

describe("onDelete", () => {
  const references = (
    onDelete: OnDelete,
    { required = false, placement = "app" as ModelPlacement } = {},
  ) =>
    ({
      parent: {
        table: "parent",
        placement: "app",
        fields: { key: { column: "the_key", type: "string", required: true, unique: true } },
        indexes: { by_key: ["the_key"] },
      },
      child: {
        table: "child",
        placement,
        fields: {
          parent: {
            column: "parent",
            type: "string",
            required,
            references: { model: "parent", field: "key", onDelete },
          },
        },
        indexes: { by_parent: ["parent"] },
      },
    }) satisfies AuthTables;

  async function deleteParent(tables: AuthTables) {
    const { store } = authDbOf(tables);
    await store.create({ model: "parent", data: { the_key: "k" } });
    await store.create({ model: "child", data: { parent: "k" } });
    await store.create({ model: "child", data: { parent: "other" } });
    const deletion = store.delete({ model: "parent", where: [{ column: "the_key", value: "k" }] });
    const error = await deletion.then(
      () => undefined,
      (thrown: { code?: string }) => thrown.code,
    );
    const children = await store.findMany({ model: "child", where: [] });
    return { error, children: children.map((child) => child["parent"]) };
  }

  it.each([
    { onDelete: "cascade", want: { error: undefined, children: ["other"] } },
    { onDelete: "set null", want: { error: undefined, children: [null, "other"] } },
    { onDelete: "set default", want: { error: undefined, children: [null, "other"] } },
    { onDelete: "no action", want: { error: undefined, children: ["k", "other"] } },
    { onDelete: "restrict", want: { error: "RESTRICTED", children: ["k", "other"] } },
  ] as const)("$onDelete, over a column that is not the id", async ({ onDelete, want }) => {
    expect(await deleteParent(references(onDelete))).toEqual(want);
  });

  it("set null on a required column restricts", async () => {
    expect(await deleteParent(references("set null", { required: true }))).toEqual({
      error: "RESTRICTED",
      children: ["k", "other"],
    });
  });

  it("never leaves the placement it starts in, and names what does", async () => {
    const tables = references("cascade", { placement: "component" });
    expect(await deleteParent(tables)).toEqual({ error: undefined, children: ["k", "other"] });
    expect(crossingReferences(tables)).toEqual(["child.parent -> parent"]);
    expect(crossingReferences(references("cascade"))).toEqual([]);
  });

  it("reads what references 600 documents, and nothing else of these tables", async () => {
    const { store, counts, reset } = authDb(manySessions);
    const [ada, grace] = [await createUser(store), await createUser(store)];
    const kept = await store.create({ model: "session", data: sample.session(grace.id) });
    for (let at = 0; at < 600; at++) {
      const session = await store.create({ model: "session", data: sample.session(ada.id) });
      if (at >= 30) continue;
      const data = oauthToken(at < 10 ? session : kept, at);
      await store.create({ model: "oauthRefreshToken", data });
    }
    reset();
    const where = [{ column: "userId", value: ada.id }];
    expect(await store.deleteMany({ model: "session", where })).toBe(600);
    // Every session, the ten tokens that lose theirs, and nothing twice.
    expect(counts.documents).toBeLessThanOrEqual(610);
    expect(counts.ranges).toBeLessThanOrEqual(4096);
    const ofNone = [{ column: "sessionId", value: null }];
    expect(await store.count({ model: "oauthRefreshToken", where: ofNone })).toBe(10);
  });

  it("keeps within the ranges of a transaction, however many references there are", async () => {
    const { store, counts, reset } = authDb(options);
    for (let at = 0; at < 900; at++) {
      const user = await createUser(store);
      await store.create({ model: "session", data: sample.session(user.id) });
    }
    reset();
    expect(await store.deleteMany({ model: "user", where: [] })).toBe(900);
    expect(counts.writes).toBe(1800);
    // Convex reads a range for each document that it deletes, too.
    expect(counts.ranges + counts.writes).toBeLessThanOrEqual(4096);
    expect(await countAll(store, ["user", "session"])).toEqual({ user: 0, session: 0 });
  });

  it("ends in a circle of references", async () => {
    const self = (model: string) => ({
      table: model,
      placement: "app" as const,
      fields: {
        next: {
          column: "next",
          type: "string" as const,
          required: false,
          references: { model, field: "id", onDelete: "cascade" as const },
        },
      },
      indexes: { by_next: ["next"] },
    });
    const { store } = authDbOf({ node: self("node") });
    const first = await store.create({ model: "node", data: {} });
    const second = await store.create({ model: "node", data: { next: first.id } });
    const where = [{ column: "id", value: first.id }];
    await store.update({ model: "node", where, data: { next: second.id } });
    await store.delete({ model: "node", where });
    expect(await store.count({ model: "node", where: [] })).toBe(0);
  });

  it("restrict gives way when the child goes, too", async () => {
    const tables: AuthTables = {
      ...references("cascade"),
      grandchild: {
        table: "grandchild",
        placement: "app",
        fields: {
          child: {
            column: "child",
            type: "string",
            required: true,
            references: { model: "child", field: "id", onDelete: "cascade" },
          },
          parent: {
            column: "parent",
            type: "string",
            required: true,
            references: { model: "parent", field: "key", onDelete: "restrict" },
          },
        },
        indexes: { by_child: ["child"], by_parent: ["parent"] },
      },
    };
    const { store } = authDbOf(tables);
    await store.create({ model: "parent", data: { the_key: "k" } });
    const child = await store.create({ model: "child", data: { parent: "k" } });
    await store.create({ model: "grandchild", data: { child: child.id, parent: "k" } });
    await store.delete({ model: "parent", where: [{ column: "the_key", value: "k" }] });
    expect(await countAll(store, ["parent", "child", "grandchild"])).toEqual({
      parent: 0,
      child: 0,
      grandchild: 0,
    });
  });
});
