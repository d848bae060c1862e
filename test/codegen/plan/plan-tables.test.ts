// Planning: types, names, references, placement, forced ids and indexes, by table.
import { getAuthTables } from "better-auth/db";
import type { BetterAuthOptions } from "better-auth";
import { jwt, organization } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { indexName } from "../../../codegen/plan/plan-indexes.js";
import { planTables, type PlanInput } from "../../../codegen/plan/plan-tables.js";
import type { SourceField, SourcePlugin, SourceTables } from "../../../codegen/plan/types.js";
import { printValidator } from "../../../codegen/print/validator.js";

const plan = (source: SourceTables, input: Partial<PlanInput> = {}) =>
  planTables(source, { placement: "split", ...input });

const withField = (field: SourceField): SourceTables => ({
  user: { modelName: "user", fields: { name: { type: "string" } } },
  note: { modelName: "note", fields: { it: field } },
});

function column(source: SourceTables, name: string, input: Partial<PlanInput> = {}) {
  const planned = plan(source, { placement: "app", ...input });
  const found = planned.app.flatMap((table) => table.columns).find((one) => one.column === name);
  if (!found) throw new Error(`no column ${name}`);
  return printValidator(found);
}

function captured(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("types", () => {
  const ref = (model: string, field = "id"): SourceField => ({
    type: "string",
    references: { model, field },
  });
  const cases: { given: SourceField; want: string }[] = [
    { given: { type: "string" }, want: "v.string()" },
    { given: { type: "number" }, want: "v.number()" },
    { given: { type: "boolean" }, want: "v.boolean()" },
    { given: { type: "date" }, want: "v.number()" },
    { given: { type: "json" }, want: "v.any()" },
    { given: { type: "string[]" }, want: "v.array(v.string())" },
    { given: { type: "number[]" }, want: "v.array(v.number())" },
    { given: { type: ["a", 'b"c'] }, want: String.raw`v.union(v.literal("a"), v.literal("b\"c"))` },
    { given: { type: ["only"] }, want: 'v.literal("only")' },
    { given: { type: "string", required: true }, want: "v.string()" },
    {
      given: { type: "string", required: false },
      want: "v.optional(v.union(v.string(), v.null()))",
    },
    {
      given: { type: ["a", "b"], required: false },
      want: 'v.optional(v.union(v.literal("a"), v.literal("b"), v.null()))',
    },
    { given: { type: "json", required: false }, want: "v.optional(v.any())" },
    { given: ref("user"), want: 'v.id("user")' },
    {
      given: { ...ref("user"), required: false },
      want: 'v.optional(v.union(v.id("user"), v.null()))',
    },
    { given: ref("user", "name"), want: "v.string()" },
    { given: ref("nowhere"), want: "v.string()" },
  ];
  test.each(cases)("$given is $want", ({ given, want }) => {
    expect(column(withField(given), "it")).toBe(want);
  });

  test.each([{ given: [1, 2] }, { given: [] }, { given: ["a", null] }])(
    "literals that are no strings are refused: $given",
    ({ given }) => {
      const field = { type: given } as unknown as SourceField; // as a JavaScript app may write it
      expect(() => plan(withField(field))).toThrow(/Field "it" of model "note" has the type \[/);
    },
  );

  test("an unknown type is refused by name", () => {
    expect(() => plan(withField({ type: "geometry" }))).toThrow(
      /Field "it" of model "note" has the type "geometry"/,
    );
  });
});

describe("names", () => {
  const cases: { name: string; given: SourceTables; want: RegExp }[] = [
    {
      name: "table",
      given: { a: { modelName: "my-table", fields: {} } },
      want: /Model "a" is stored in "my-table"/,
    },
    {
      name: "system table",
      given: { a: { modelName: "_a", fields: {} } },
      want: /not a valid Convex table name/,
    },
    {
      name: "long table",
      given: { a: { modelName: "a".repeat(65), fields: {} } },
      want: /not a valid Convex table name/,
    },
    {
      name: "column",
      given: { a: { modelName: "a", fields: { x: { type: "string", fieldName: "x-y" } } } },
      want: /Table "a": "x-y" is not a Convex field name/,
    },
    {
      name: "system column",
      given: { a: { modelName: "a", fields: { _id: { type: "string" } } } },
      want: /"_id" is not a Convex field name/,
    },
    {
      name: "column with a dollar",
      given: { a: { modelName: "a", fields: { $ref: { type: "string" } } } },
      want: /"\$ref" is not a Convex field name/,
    },
    {
      name: "long column",
      given: { a: { modelName: "a", fields: { ["f".repeat(65)]: { type: "string" } } } },
      want: /the field name "f{65}" is longer than 64/,
    },
    {
      name: "column that would stand for the id",
      given: { a: { modelName: "a", fields: { x: { type: "string", fieldName: "id" } } } },
      want: /the column "id" is reserved for ids/,
    },
    {
      name: "number of columns",
      given: {
        a: {
          modelName: "a",
          fields: Object.fromEntries(
            Array.from({ length: 1025 }, (_, at) => [`f${at}`, { type: "string" }]),
          ),
        },
      },
      want: /Table "a" needs 1025 columns; Convex allows 1024/,
    },
    {
      name: "two fields in one column",
      given: {
        a: {
          modelName: "a",
          fields: { x: { type: "string", fieldName: "z" }, y: { type: "string", fieldName: "z" } },
        },
      },
      want: /the fields "x" and "y" are both stored in "z"/,
    },
  ];
  test.each(cases)("a bad $name is refused", ({ given, want }) => {
    expect(() => plan(given)).toThrow(want);
  });

  test("all that is bad is said at once, with the places in the app", () => {
    const given: SourceTables = {
      a: { modelName: "my table", fields: { "x-y": { type: "string" }, z: { type: "shape" } } },
      b: { modelName: "b", fields: { p: { type: "string", fieldName: "z" }, z: { type: "date" } } },
    };
    const places: Record<string, string> = {
      "my table": "convex/auth.ts:3",
      "x-y": "convex/auth.ts:4",
    };
    expect(captured(() => plan(given, { placeOf: (name) => places[name] }))).toMatchObject({
      code: "INVALID_TABLE_NAME",
      message: [
        'convex/auth.ts:3: Model "a" is stored in "my table", which is not a valid Convex table name.',
        'convex/auth.ts:4: Table "my table": "x-y" is not a Convex field name.',
        'Field "z" of model "a" has the type "shape", which kitcn does not know.',
        'Model "b": the fields "p" and "z" are both stored in "z".',
      ].join("\n"),
      hint: expect.stringMatching(/modelName.*\n.*"xY".*\n.*\n.*own `fieldName`/s),
    });
  });

  test.each([
    { given: "my-field", want: "myField" },
    { given: "my field_2", want: "myField2" },
    { given: "_id", want: "ownId" },
    { given: "_creationTime", want: "creationTime" },
    { given: "1st", want: "st" },
    { given: "x".repeat(70), want: "x".repeat(59) },
  ])("for $given the hint has a name to take", ({ given, want }) => {
    const source = { a: { modelName: "a", fields: { [given]: { type: "string" } } } };
    const error: unknown = captured(() => plan(source));
    expect(error).toMatchObject({
      hint: expect.stringContaining(`fieldName: "${want}"`) as string,
    });
    const renamed = {
      a: { modelName: "a", fields: { [given]: { type: "string", fieldName: want } } },
    };
    expect(plan(renamed).app[0]?.columns[0]?.column).toBe(want);
  });

  test("renamed models and fields keep their keys in the metadata", () => {
    const planned = plan(
      getAuthTables({
        user: { modelName: "people", fields: { email: "mail" } },
        session: { modelName: "sessions", fields: { userId: "owner" } },
      }),
    );
    expect(planned.tables.user).toMatchObject({
      table: "people",
      fields: { email: { column: "mail", unique: true } },
    });
    expect(planned.tables.session?.fields.userId).toMatchObject({
      column: "owner",
      references: { model: "user", field: "id" },
    });
    expect(
      planned.app
        .find((one) => one.table === "sessions")
        ?.columns.find((one) => one.column === "owner")?.idOf,
    ).toBe("people");
    expect(planned.tables.session?.indexes).toMatchObject({
      by_owner_expiresAt: ["owner", "expiresAt"],
    });
  });

  test("two models of one name share a table", () => {
    const planned = plan(
      {
        a: { modelName: "things", fields: { x: { type: "string" }, both: { type: "string" } } },
        b: { modelName: "things", fields: { y: { type: "string" }, both: { type: "string" } } },
      },
      { placement: "app" },
    );
    expect(planned.app.map((one) => one.table)).toEqual(["things"]);
    expect(planned.app[0]?.columns.map((one) => [one.column, one.required])).toEqual([
      ["x", false],
      ["both", true],
      ["y", false],
    ]);
  });
});

describe("forced ids", () => {
  const source = getAuthTables({});
  test.each([
    { given: undefined, want: ["verification"] },
    { given: false, want: ["verification"] },
    { given: "uuid", want: ["user", "session", "account", "verification"] },
    { given: () => "x", want: ["user", "session", "account", "verification"] },
  ])("generateId $given", ({ given, want }) => {
    const options = { advanced: { database: { generateId: given } } };
    const planned = plan(source, { placement: "app", options });
    const forced = Object.entries(planned.tables).filter(([, model]) => model.forcedId);
    expect(forced.map(([key]) => key)).toEqual(want);
    for (const [key, model] of forced) {
      expect(Object.values(model.indexes)).toContainEqual(["id"]);
      expect(planned.app.find((one) => one.table === key)?.columns[0]?.column).toBe("id");
    }
    const userId = planned.app
      .find((one) => one.table === "session")
      ?.columns.find((one) => one.column === "userId");
    expect(userId?.idOf).toBe(want.includes("user") ? undefined : "user");
  });

  // Better Auth asks the older option for the ids of invitations, unless the newer one is there.
  const generateId = () => "x";
  test.each([
    { given: { generateId }, want: ["verification", "invitation"] },
    {
      given: { generateId, database: { generateId: false as const } },
      want: ["verification"],
    },
    { given: { generateId: false as const }, want: ["verification"] },
    { given: {}, want: ["verification"] },
  ])("the older advanced.generateId: $given", ({ given, want }) => {
    const source = getAuthTables({ plugins: [organization()] });
    const { tables } = plan(source, { placement: "app", options: { advanced: given } });
    const forced = Object.entries(tables).filter(([, model]) => model.forcedId);
    expect(forced.map(([key]) => key).sort()).toEqual(want.sort());
  });

  test("serial ids are refused", () => {
    const options = { advanced: { database: { generateId: "serial" } } };
    expect(() => plan(source, { options })).toThrow(/^auth\.ts: the options ask for serial ids/);
    const placeOf = (name: string) => (name === "generateId" ? "convex/auth.ts:7" : undefined);
    expect(() => plan(source, { options, placeOf })).toThrow(/^convex\/auth\.ts:7: /);
  });
});

describe("placement", () => {
  const source = getAuthTables({ plugins: [jwt()], rateLimit: { storage: "database" } });
  test.each([
    {
      given: "split" as const,
      app: ["user", "session", "account"],
      component: ["verification", "jwks", "rateLimit"],
    },
    {
      given: "app" as const,
      app: ["user", "session", "account", "verification", "jwks", "rateLimit"],
      component: [],
    },
    {
      given: "component" as const,
      app: [],
      component: ["user", "session", "account", "verification", "jwks", "rateLimit"],
    },
  ])("$given", ({ given, app, component }) => {
    const planned = plan(source, { placement: given });
    expect(planned.app.map((one) => one.table)).toEqual(app);
    expect(planned.component.map((one) => one.table)).toEqual(component);
  });

  test("a renamed model keeps its key and columns in the component", () => {
    const planned = plan(
      getAuthTables({ verification: { modelName: "codes", fields: { value: "secret" } } }),
    );
    expect(planned.tables.verification).toMatchObject({
      table: "verification",
      fields: { value: { column: "value" } },
    });
  });

  test("references across placements are strings in the column, and references in the metadata", () => {
    const source: SourceTables = {
      user: { modelName: "user", fields: {} },
      rateLimit: {
        modelName: "rateLimit",
        fields: {
          key: { type: "string", references: { model: "user", field: "id", onDelete: "set null" } },
        },
      },
    };
    const packaged = {
      rateLimit: {
        table: "rateLimit",
        placement: "component",
        fields: { key: { column: "key", type: "string", required: true } },
        indexes: {},
      },
    } as const;
    const planned = plan(source, { packaged });
    expect(planned.component[0]?.columns[0]?.idOf).toBeUndefined();
  });

  test("sessions in secondary storage leave strings behind", () => {
    const secondaryStorage = { get: () => null, set: () => undefined, delete: () => undefined };
    const source = getAuthTables({ secondaryStorage: secondaryStorage as never });
    expect(Object.keys(plan(source).tables)).toEqual(["user", "account"]);
    const token: SourceTables = {
      ...source,
      token: {
        modelName: "token",
        fields: { sessionId: { type: "string", references: { model: "session", field: "id" } } },
      },
    };
    expect(column(token, "sessionId")).toBe("v.string()");
    expect(plan(token).tables.token?.fields.sessionId?.references).toBeUndefined();
  });
});

describe("indexes", () => {
  const indexesOf = (
    source: SourceTables,
    key: string,
    placement: PlanInput["placement"] = "app",
  ) =>
    Object.values(plan(source, { placement }).tables[key]?.indexes ?? {}).map((one) => one.join());

  test("of the core", () => {
    const source = getAuthTables({ rateLimit: { storage: "database" } });
    expect(indexesOf(source, "user")).toEqual(["email", "createdAt", "name"]);
    expect(indexesOf(source, "session")).toEqual(["token", "userId,expiresAt"]);
    expect(indexesOf(source, "account")).toEqual(["providerId,accountId", "userId"]);
    expect(indexesOf(source, "verification")).toEqual(["id", "identifier,createdAt", "expiresAt"]);
    expect(indexesOf(source, "rateLimit")).toEqual(["key", "lastRequest"]);
  });

  test("a chosen name is used, a compound unique is recorded", () => {
    const source: SourceTables = {
      a: {
        modelName: "a",
        fields: {
          x: { type: "string" },
          y: { type: "string", fieldName: "why" },
          z: { type: "string" },
        },
        indexes: [
          { fields: ["x", "y"], unique: true, name: "x_and_y" },
          { fields: ["z"], unique: true },
          { fields: ["x"] },
        ],
      },
    };
    expect(plan(source).tables.a).toMatchObject({
      indexes: { x_and_y: ["x", "why"], by_z: ["z"] },
      uniques: [["x", "why"]],
      fields: { z: { unique: true } },
    });
  });

  test.each([
    { given: ["userId", "expiresAt"], want: "by_userId_expiresAt" },
    { given: ["id"], want: "by_id_field" },
    { given: ["creation_time"], want: "by_creation_time_field" },
    {
      given: ["a".repeat(60), "b"],
      want: expect.stringMatching(/^by_a{50,}_[0-9a-z]+$/) as string,
    },
  ])("name of $given", ({ given, want }) => {
    const name = indexName(given);
    expect(name).toEqual(want);
    expect(name.length).toBeLessThanOrEqual(64);
  });

  test("a model may have the name of a member of every object", () => {
    const source: SourceTables = {
      constructor: {
        modelName: "constructor",
        fields: { toString: { type: "string", index: true } },
      },
    };
    const [table] = plan(source, { placement: "app" }).app;
    expect(table?.indexes).toMatchObject([{ columns: ["toString"] }]);
  });

  test("too many are refused", () => {
    const fields = Object.fromEntries(
      Array.from({ length: 33 }, (_, at) => [`f${at}`, { type: "string", index: true }]),
    );
    expect(() => plan({ a: { modelName: "a", fields } })).toThrow(
      /Table "a" needs 33 indexes; Convex allows 32/,
    );
  });
});

describe("indexes for plugins of others", () => {
  const wallet = {
    id: "wallet",
    schema: {
      user: { fields: { telegramId: { type: "string", required: false } } },
      wallet: {
        fields: {
          ownerId: { type: "string", required: true, references: { model: "user", field: "id" } },
          customerId: { type: "string", required: true, fieldName: "customer_id" },
          chatId: { type: "number", required: false },
          token: { type: "string", required: true },
          isValid: { type: "boolean", required: true },
          label: { type: "string", required: false },
        },
      },
    },
  } as const;
  const plugins = [
    {
      id: "wallet",
      schema: { user: ["telegramId"], wallet: Object.keys(wallet.schema.wallet.fields) },
    },
  ];
  const planOf = (options: BetterAuthOptions, sources: readonly SourcePlugin[] = plugins) =>
    planTables(getAuthTables(options), { placement: "split", plugins: sources });

  test("are made of references, and of fields that look like ids, with a note", () => {
    const { tables, notes } = planOf({ plugins: [wallet] });
    expect(tables["wallet"]?.indexes).toEqual({
      by_ownerId: ["ownerId"],
      by_customer_id: ["customer_id"],
      by_chatId: ["chatId"],
      by_token: ["token"],
    });
    expect(tables["user"]?.indexes).toMatchObject({ by_telegramId: ["telegramId"] });
    expect(notes.join()).toContain(
      "user.telegramId, wallet.customer_id, wallet.chatId, wallet.token",
    );
  });

  test.each([
    ["inviteToken", true],
    ["invite_token", true],
    ["chatIdentifier", true],
    ["roomCode", true],
    ["externalID", true],
    ["broken", false],
    ["keyboard", false],
    ["tokenType", false],
    ["monkey", false],
  ])("go by the last word of a name: %s, %s", (name, isIndexed) => {
    const invite = { id: "invite", schema: { invite: { fields: { [name]: { type: "string" } } } } };
    const sources = [{ id: "invite", schema: { invite: [name] } }];
    const { tables } = planOf({ plugins: [invite] } as BetterAuthOptions, sources); // fields by name
    expect(Object.keys(tables["invite"]?.indexes ?? {})).toEqual(isIndexed ? [`by_${name}`] : []);
  });

  test("are none for Better Auth's own plugins, whose queries are known, nor for additional fields", () => {
    const additional = { user: { additionalFields: { telegramId: { type: "string" } } } } as const;
    expect(planOf(additional, []).notes).toEqual([]);
    expect(planOf(additional, []).tables["user"]?.indexes).not.toHaveProperty("by_telegramId");
    const own = [{ id: "organization", schema: { member: ["organizationId", "userId", "role"] } }];
    expect(planOf({ plugins: [organization()] }, own).notes).toEqual([]);
  });

  test("stop at what Convex allows, and known ones come first", () => {
    const names = Array.from({ length: 40 }, (_, at) => `part${at}Id`);
    const fields = Object.fromEntries(
      names.map((name, at) => [name, { type: "string", ...(at > 37 && { index: true }) } as const]),
    );
    const big = { id: "big", schema: { big: { fields } } } as const;
    const { tables } = planOf({ plugins: [big] }, [{ id: "big", schema: { big: names } }]);
    const indexes = Object.keys(tables["big"]?.indexes ?? {});
    expect(indexes).toHaveLength(32);
    expect(indexes.slice(0, 2)).toEqual(["by_part38Id", "by_part39Id"]);
  });
});
