// The adapter by itself: names, values, placements, refusals. What the published suites do not ask.
import { describe, expect, it } from "vitest";
import type { BetterAuthOptions } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { jwt, organization, username } from "better-auth/plugins";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import type { Placement } from "../../../codegen/types.js";
import { authAdapter } from "../../../src/adapter/adapter.js";
import type { AuthTables } from "../../../src/metadata.js";
import type { Store } from "../../../src/store/store.js";
import { authDbOf } from "../../support/auth-db.js";

/** An adapter with a database for each placement, and a log of the store calls. */
function createAdapter(
  options: BetterAuthOptions = {},
  {
    placement = "app" as Placement,
    tables: given,
    noted = [],
  }: { placement?: Placement; tables?: AuthTables; noted?: unknown[] } = {},
) {
  const tables = given ?? planTables(getAuthTables(options), { placement, options }).tables;
  const placed = (where: "app" | "component") =>
    authDbOf(
      Object.fromEntries(Object.entries(tables).filter(([, one]) => one.placement === where)),
    );
  const app = placed("app");
  const component = placed("component");
  const calls: string[] = [];
  const stores = {
    app: logged(app.store, "app", calls),
    component: logged(component.store, "component", calls),
  };
  const note = (error: unknown) => void noted.push(error);
  return { adapter: authAdapter({ tables, stores, note })(options), app, component, calls };
}

function logged(store: Store, name: string, calls: string[]): Store {
  return new Proxy(store, {
    get(target, method, receiver) {
      calls.push(`${name}.${String(method)}`);
      return Reflect.get(target, method, receiver) as unknown;
    },
  });
}

const ada = {
  name: "Ada",
  email: "ada@x.y",
  emailVerified: true,
  createdAt: new Date(1000),
  updatedAt: new Date(2000),
};

const session = (userId: string, at = 1) => ({
  userId,
  token: `t${at}`,
  expiresAt: new Date(at),
  createdAt: new Date(at),
  updatedAt: new Date(at),
});

describe("values", () => {
  it("stores dates as ms numbers and gives dates back, also to filters", async () => {
    const { adapter, app } = createAdapter();
    await adapter.create({ model: "user", data: ada });
    expect(app.documents("user")[0]).toMatchObject({ createdAt: 1000, updatedAt: 2000 });
    const find = (value: Date | Date[], operator: "eq" | "lt" | "in" = "eq") =>
      // Better Auth types `in` for strings and numbers only, but passes dates on.
      adapter.findMany({
        model: "user",
        where: [{ field: "createdAt", value: value as Date, operator }],
      });
    expect(await find(new Date(1000))).toMatchObject([{ createdAt: new Date(1000) }]);
    expect(await find(new Date(1000), "lt")).toEqual([]);
    expect(await find([new Date(1000), new Date(5)], "in")).toHaveLength(1);
    const where = [{ field: "createdAt", value: "1970-01-01T00:00:01.000Z" }];
    expect(await adapter.count({ model: "user", where })).toBe(1);
  });

  it("gives null for what is absent, and only what was selected", async () => {
    const { adapter } = createAdapter();
    const created = await adapter.create({ model: "user", data: ada });
    const where = [{ field: "email", value: "ada@x.y" }];
    const found = await adapter.findOne<Record<string, unknown>>({ model: "user", where });
    expect(found).toEqual({ ...ada, id: created.id, image: null });
    expect(found).not.toHaveProperty("_creationTime");
    expect(found).not.toHaveProperty("_id");
    const [picked] = await adapter.findMany({ model: "user", select: ["email", "image"] });
    expect(picked).toEqual({ email: "ada@x.y", image: null });
  });

  it("never finds anything by a value that was not given", async () => {
    const { adapter } = createAdapter({ plugins: [username()] });
    await adapter.create({ model: "user", data: ada });
    const value = undefined as unknown as string; // what a caller without types may do
    const where = [{ field: "username", value }];
    expect(await adapter.findOne({ model: "user", where })).toBeNull();
    expect(await adapter.deleteMany({ model: "user", where })).toBe(0);
    expect(
      await adapter.count({ model: "user", where: [{ field: "username", value: null }] }),
    ).toBe(1);
  });

  it("keeps json of any shape, and null in it", async () => {
    const options: BetterAuthOptions = {
      user: { additionalFields: { meta: { type: "json", required: false } } },
    };
    const { adapter } = createAdapter(options);
    const meta = { "a key": [1, { $no: null }], é: "x" };
    const created = await adapter.create({ model: "user", data: { ...ada, meta } });
    expect(created.meta).toEqual(meta);
    await adapter.create({ model: "user", data: { ...ada, email: "b@x.y", meta: null } });
    await adapter.create({ model: "user", data: { ...ada, email: "c@x.y" } });
    const where = [{ field: "meta", value: null }];
    expect(await adapter.count({ model: "user", where })).toBe(2);
  });
});

describe("names", () => {
  const options: BetterAuthOptions = {
    user: { modelName: "people", fields: { email: "name", name: "label" } },
    session: { modelName: "visits", fields: { userId: "person_id" } },
    advanced: { database: { joins: true } },
  };

  it.each(["app", "component"] as const)(
    "of renamed models and fields, even swapped ones, are found (%s)",
    async (placement) => {
      const { adapter, calls } = createAdapter(options, { placement });
      const user = await adapter.create({ model: "user", data: ada });
      expect(user).toMatchObject({ name: "Ada", email: "ada@x.y" });
      await adapter.create({ model: "user", data: { ...ada, name: "Bob", email: "aa@x.y" } });
      const sorted = await adapter.findMany<typeof ada>({
        model: "user",
        sortBy: { field: "email", direction: "asc" },
        select: ["email"],
      });
      expect(sorted).toEqual([{ email: "aa@x.y" }, { email: "ada@x.y" }]);
      const sessions = [1, 2, 3].map((at) => session(user.id, at));
      for (const data of sessions) await adapter.create({ model: "session", data });

      calls.length = 0;
      const joined = await adapter.findOne({
        model: "session",
        where: [{ field: "token", value: "t2" }],
        join: { user: true },
      });
      expect(joined).toMatchObject({ token: "t2", userId: user.id, user: { email: "ada@x.y" } });
      const [withSessions] = await adapter.findMany<{ session: unknown[] }>({
        model: "user",
        where: [{ field: "email", value: "ada@x.y" }],
        join: { session: { limit: 2 } },
      });
      expect(withSessions?.session).toHaveLength(2);
      expect(calls).toEqual([`${placement}.findOne`, `${placement}.findMany`]);
      await expect(
        adapter.create({ model: "user", data: { ...ada, name: "Other" } }),
      ).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
    },
  );

  it("are stored renamed in the app, logical in the component", async () => {
    const app = createAdapter(options);
    await app.adapter.create({ model: "user", data: ada });
    expect(app.app.documents("people")[0]).toMatchObject({ name: "ada@x.y", label: "Ada" });
    const component = createAdapter(options, { placement: "component" });
    await component.adapter.create({ model: "user", data: ada });
    expect(component.component.documents("user")[0]).toMatchObject({
      name: "Ada",
      email: "ada@x.y",
    });
  });

  it("that the generated tables lack are refused", async () => {
    const { tables } = planTables(getAuthTables({}), { placement: "app" });
    const noted: unknown[] = [];
    const { adapter } = createAdapter({ plugins: [organization(), username()] }, { tables, noted });
    await expect(adapter.findMany({ model: "member" })).rejects.toMatchObject({
      code: "UNKNOWN_MODEL",
      message: expect.stringContaining('"member"') as string,
      hint: expect.stringContaining("npx kitcn add auth --schema") as string,
    });
    const write = adapter.create({ model: "user", data: { ...ada, username: "ada" } });
    await expect(write).rejects.toMatchObject({
      code: "UNKNOWN_FIELD",
      message: expect.stringContaining('"username" of the model "user"') as string,
    });
    const where = [{ field: "username", value: "ada" }];
    await expect(adapter.findOne({ model: "user", where })).rejects.toMatchObject({
      code: "UNKNOWN_FIELD",
    });
    const sorted = (field: string) =>
      adapter.findMany({ model: "user", sortBy: { field, direction: "asc" } });
    await expect(sorted("username")).rejects.toMatchObject({ code: "UNKNOWN_FIELD" });
    await expect(sorted("nothing")).rejects.toMatchObject({ code: "INVALID_ORDER" });
    const codes = ["UNKNOWN_MODEL", ...Array<string>(3).fill("UNKNOWN_FIELD"), "INVALID_ORDER"];
    expect(noted).toMatchObject(codes.map((code) => ({ code })));
  });
});

describe("placements", () => {
  it("sends each model to its store", async () => {
    const { adapter, calls, app, component } = createAdapter(
      { plugins: [jwt()] },
      { placement: "split" },
    );
    await adapter.create({ model: "user", data: ada });
    await adapter.create({
      model: "jwks",
      data: { publicKey: "p", privateKey: "s", createdAt: new Date(1) },
    });
    expect(await adapter.findMany({ model: "jwks" })).toMatchObject([{ createdAt: new Date(1) }]);
    expect(calls).toEqual(["app.create", "component.create", "component.findMany"]);
    expect(app.documents("user")).toHaveLength(1);
    expect(component.documents("jwks")).toHaveLength(1);
  });
});

describe("ids", () => {
  const verification = (id: string) => ({
    id,
    identifier: "i",
    value: "v",
    expiresAt: new Date(1),
    createdAt: new Date(1),
    updatedAt: new Date(1),
  });

  it("forced by Better Auth lock: the second insert of one id fails", async () => {
    const { adapter } = createAdapter();
    const create = () =>
      adapter.create({ model: "verification", data: verification("lock"), forceAllowId: true });
    expect(await create()).toMatchObject({ id: "lock" });
    await expect(create()).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
  });

  it("forced where there is no place for them name the model", async () => {
    const { adapter } = createAdapter();
    const data = { ...ada, id: "mine" };
    await expect(adapter.create({ model: "user", data, forceAllowId: true })).rejects.toMatchObject(
      {
        code: "FORCED_ID",
        message: expect.stringContaining('"user"') as string,
      },
    );
  });

  it.each([
    { name: "a function", generateId: () => "made-up" },
    { name: "uuid", generateId: "uuid" as const },
  ])("made by $name are kept", async ({ generateId }) => {
    const { adapter, app } = createAdapter({ advanced: { database: { generateId } } });
    const user = await adapter.create({ model: "user", data: ada });
    expect(app.documents("user")[0]).toMatchObject({ id: user.id });
    expect(user.id).not.toBe(app.documents("user")[0]?._id);
    const where = [{ field: "id", value: user.id }];
    expect(await adapter.findOne({ model: "user", where })).toMatchObject({ id: user.id });
    const created = await adapter.create({ model: "session", data: session(user.id) });
    expect(created.userId).toBe(user.id);
  });
});

describe("atomic operations", () => {
  it("are one store call each", async () => {
    const { adapter, calls } = createAdapter({ rateLimit: { storage: "database" } });
    await adapter.create({ model: "rateLimit", data: { key: "k", count: 1, lastRequest: 1 } });
    const where = [{ field: "key", value: "k" }];
    calls.length = 0;
    const input = { model: "rateLimit", where, increment: { count: 1 }, set: { lastRequest: 2 } };
    expect(await adapter.incrementOne(input)).toMatchObject({ count: 2, lastRequest: 2 });
    expect(await adapter.consumeOne({ model: "rateLimit", where })).toMatchObject({ count: 2 });
    expect(await adapter.consumeOne({ model: "rateLimit", where })).toBeNull();
    expect(calls).toEqual(["app.incrementOne", "app.consumeOne", "app.consumeOne"]);
  });

  it("drops more expired verifications than one transaction may, bit by bit", async () => {
    const { adapter, app } = createAdapter();
    for (let at = 0; at < 1100; at++) {
      await app.db.insert("verification", {
        identifier: `i${at}`,
        value: "v",
        expiresAt: at,
        createdAt: at,
        updatedAt: at,
      });
    }
    const before = new Date(5000);
    const clean = () =>
      adapter.deleteMany({
        model: "verification",
        where: [{ field: "expiresAt", value: before, operator: "lt" }],
      });
    expect(await clean()).toBe(1000);
    expect(await clean()).toBe(100);
    expect(await clean()).toBe(0);
  });

  it("leaves `delete` without a condition to deleteMany", async () => {
    const { adapter } = createAdapter();
    await adapter.create({ model: "user", data: ada });
    await expect(adapter.delete({ model: "user", where: [] })).rejects.toMatchObject({
      code: "EMPTY_WHERE",
    });
    expect(await adapter.deleteMany({ model: "user", where: [] })).toBe(1);
  });
});
