// Writes that code of one mutation makes at the same time, through Better Auth, through another context of the same
// mutation, and through ctx.orm: each is as if it were alone. With triggers and without, wherever the tables are.
import { getAuthTables } from "better-auth/db";
import { describe, expect, test } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { createOrm } from "../../../src/orm/orm.js";
import { withoutTriggers } from "../../../src/triggers/context.js";
import {
  baseOptions,
  notingTriggers,
  triggerApp,
  type Auth,
  type Ctx,
  type TriggerApp,
} from "../../support/trigger-app.js";

type Adapter = Awaited<Auth["$context"]>["adapter"];

type LooseOrm = {
  readonly insert: (table: string, row: object) => Promise<object>;
  readonly update: (table: string, target: object, columns: object) => Promise<object[]>;
  readonly delete: (table: string, target: object) => Promise<object[]>;
};

const times = { createdAt: new Date(1), updatedAt: new Date(1) };
const code = { identifier: "code", value: "0", expiresAt: new Date(1), ...times };
const where = [{ field: "identifier", value: "code" }];
const target = { model: "verification", where };
const user = { name: "Ada", email: "ada@example.com", emailVerified: false };

const venues = (["app", "component"] as const).flatMap((placement) =>
  ["without triggers", "with triggers"].map((kind) => ({ placement, kind })),
);

function appOf({ placement, kind }: (typeof venues)[number]): TriggerApp {
  const inline = kind === "with triggers" ? notingTriggers(["user", "verification"]) : undefined;
  return triggerApp({ placement, ...(inline && { inline }) });
}

async function inMutation(
  app: TriggerApp,
  work: (adapter: Adapter, ctx: Ctx) => Promise<unknown>,
): Promise<void> {
  const failure = await app.run("mutation", async (auth, ctx) =>
    work((await auth.$context).adapter, ctx),
  );
  if (failure) throw failure as Error;
}

/** How many of four calls at the same time have done something. */
async function winners(call: () => Promise<unknown>): Promise<number> {
  const answers = await Promise.all([call(), call(), call(), call()]);
  return answers.filter(Boolean).length;
}

describe.each(venues)("tables in the $placement, $kind", (venue) => {
  test.each<[string, (adapter: Adapter) => Promise<unknown>]>([
    ["consumeOne", (adapter) => adapter.consumeOne(target)],
    ["deleteMany", (adapter) => adapter.deleteMany(target)],
    [
      "a compare-and-set",
      (adapter) =>
        adapter.incrementOne({
          model: "verification",
          where: [...where, { field: "value", value: "0" }],
          increment: {},
          set: { value: "1" },
        }),
    ],
    [
      "an update that its own change rules out",
      (adapter) =>
        adapter.update({
          model: "verification",
          where: [...where, { field: "value", value: "0" }],
          update: { value: "1" },
        }),
    ],
    [
      "an updateMany that its own change rules out",
      (adapter) =>
        adapter.updateMany({
          model: "verification",
          where: [...where, { field: "value", value: "0" }],
          update: { value: "1" },
        }),
    ],
  ])("of several calls of %s, one wins", async (_name, call) => {
    const app = appOf(venue);
    await inMutation(app, async (adapter) => {
      await adapter.create({ model: "verification", data: code });
      expect(await winners(() => call(adapter))).toBe(1);
    });
  });

  test("an updateMany counts what another one has not changed before", async () => {
    const app = appOf(venue);
    await inMutation(app, async (adapter) => {
      for (const value of ["0", "0", "1"])
        await adapter.create({ model: "verification", data: { ...code, value } });
      const open = { ...target, where: [...where, { field: "value", value: "0" }] };
      const calls = [1, 2, 3].map(() => adapter.updateMany({ ...open, update: { value: "2" } }));
      const counts = await Promise.all(calls);
      expect(counts.reduce((sum, count) => sum + count)).toBe(2);
    });
  });

  test("each call of incrementOne adds to what is there", async () => {
    const options = { ...baseOptions, rateLimit: { storage: "database" as const } };
    const inline = venue.kind === "with triggers" ? notingTriggers(["rateLimit"]) : undefined;
    const app = triggerApp({ placement: venue.placement, options, ...(inline && { inline }) });
    await inMutation(app, async (adapter) => {
      const data = { key: "k", count: 0, lastRequest: 1 };
      await adapter.create({ model: "rateLimit", data });
      const counter = { model: "rateLimit", where: [{ field: "key", value: "k" }] };
      await winners(() => adapter.incrementOne({ ...counter, increment: { count: 1 } }));
    });
    expect(await app.rows("rateLimit")).toMatchObject([{ count: 4 }]);
  });

  test("what is deleted meanwhile is no error", async () => {
    const app = appOf(venue);
    await inMutation(app, async (adapter) => {
      await adapter.create({ model: "verification", data: code });
      const update = { value: "1" };
      await Promise.all([adapter.delete(target), adapter.update({ ...target, update })]);
      await Promise.all([adapter.delete(target), adapter.delete(target)]);
    });
    expect(await app.rows("verification")).toEqual([]);
  });

  test("two contexts of one mutation keep a column unique", async () => {
    const app = appOf(venue);
    await inMutation(app, async (adapter, ctx) => {
      const quiet = (await app.getAuth(withoutTriggers(ctx)).$context).adapter;
      const data = { ...user, ...times };
      const made = await Promise.allSettled(
        [adapter, quiet].map((one) => one.create({ model: "user", data })),
      );
      expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    });
    expect(await app.rows("user")).toHaveLength(1);
  });
});

describe.each(["without triggers", "with triggers"])("ctx.orm beside Better Auth, %s", (kind) => {
  const { tables } = planTables(getAuthTables(baseOptions), {
    placement: "app",
    options: baseOptions,
  });
  const row = { ...user, createdAt: 1, updatedAt: 1 };
  // A hook that lets everything pass.
  const hooks = kind === "with triggers" ? { before: () => undefined } : undefined;
  // The data model of these tables has no types.
  const ormOf = ({ db }: Ctx) =>
    createOrm({ db, tables, relations: {}, hooks }) as unknown as LooseOrm;

  test("keeps a column unique", async () => {
    const app = appOf({ placement: "app", kind });
    await inMutation(app, async (adapter, ctx) => {
      const made = await Promise.allSettled([
        adapter.create({ model: "user", data: { ...user, ...times } }),
        ormOf(ctx).insert("user", row),
        ormOf(ctx).insert("user", row),
      ]);
      expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });
    expect(await app.rows("user")).toHaveLength(1);
  });

  test("updates and deletes each document once", async () => {
    const app = appOf({ placement: "app", kind });
    await inMutation(app, async (_adapter, ctx) => {
      const orm = ormOf(ctx);
      await orm.insert("user", row);
      const claim = () =>
        orm.update("user", { where: { emailVerified: false } }, { emailVerified: true });
      const claimed = await Promise.all([claim(), claim(), claim()]);
      expect(claimed.map((all) => all.length).sort()).toEqual([0, 0, 1]);
      const drop = () => ormOf(ctx).delete("user", { where: { emailVerified: true } });
      const dropped = await Promise.all([drop(), drop(), drop()]);
      expect(dropped.map((all) => all.length).sort()).toEqual([0, 0, 1]);
    });
    expect(await app.rows("user")).toEqual([]);
  });
});
