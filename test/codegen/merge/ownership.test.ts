// Who owns what in schema.ts: the user's lines stay, ours follow the plan, conflicts and orphans are told.
import { describe, expect, test } from "vitest";
import { printDiff } from "../../../codegen/terminal/diff.js";
import type { SchemaOutcome } from "../../../codegen/commands/schema.js";
import { authFile, makeApp, type TestApp } from "../support/app.js";

const SCHEMA = "convex/schema.ts";
const LOCK = "convex/plugins.lock.json";

const AUTH = {
  plain: authFile("{}"),
  username: authFile(
    "{ plugins: [username()] }",
    'import { username } from "better-auth/plugins";',
  ),
  organization: authFile(
    "{ plugins: [organization()] }",
    'import { organization } from "better-auth/plugins";',
  ),
  fields: (fields: string) => authFile(`{ user: { additionalFields: { ${fields} } } }`),
};

/** An app after its first run with these auth options. */
async function started(auth: string, schema?: string): Promise<TestApp> {
  const app = makeApp({
    "convex/auth.ts": auth,
    ...(schema !== undefined && { [SCHEMA]: schema }),
  });
  await app.run();
  return app;
}

/** Runs once, checks that a second run is silent in files, and returns the first outcome. */
async function settle(
  app: TestApp,
  input: Parameters<TestApp["run"]>[0] = {},
): Promise<SchemaOutcome> {
  const outcome = await app.run(input);
  const { overwrite: _overwrite, ...again } = input;
  const second = await app.plan(again);
  expect(printDiff(second.changes, app.project)).toBe("");
  return outcome;
}

const replace = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe("the user's own lines in a managed block", () => {
  test("stay byte for byte while columns and indexes come and change", async () => {
    const app = await started(AUTH.fields('plan: { type: "string" }'));
    app.edit(
      SCHEMA,
      replace(
        "  plan: v.string(),",
        "  // ours\n  nickname : v.optional( v.string() ), /* odd */\n  plan: v.string(), // paid?",
      ),
    );
    app.edit(
      SCHEMA,
      replace(
        '  .index("by_email", ["email"])',
        '  .index("by_email", ["email"]) // fast\n  // mine\n  .index( "mine",["nickname"] )',
      ),
    );
    const before = app.read(SCHEMA);
    app.write(
      "convex/auth.ts",
      AUTH.fields('plan: { type: ["a", "b"] }, level: { type: "number", index: true }'),
    );
    const outcome = await settle(app);
    expect(outcome.conflicts).toEqual([]);
    const after = app.read(SCHEMA);
    expect(after).toContain('  plan: v.union(v.literal("a"), v.literal("b")), // paid?');
    expect(after).toContain("  level: v.number(),\n})");
    expect(after).toContain('  .index("by_level", ["level"]);');
    for (const line of before.split("\n"))
      if (!line.includes("plan:") && !line.endsWith('["name"]);'))
        expect(after.split("\n")).toContain(line);
    expect(app.read("convex/generated/auth.tables.ts")).toContain('mine: ["nickname"]');
  });

  test("reformatting, other quotes and a renamed import are no edit", async () => {
    const app = await started(AUTH.plain);
    app.edit(SCHEMA, (text) =>
      text
        .replaceAll('"', "'")
        .replaceAll(";\n", "\n")
        .replace("import { v }", "import { v as values }")
        .replaceAll(/\bv\./g, "values.")
        .replace(
          "values.optional(values.union(values.string(), values.null())),",
          "values.optional(\n    (values.union(\n      values.string(),\n      values.null(),\n    )),\n  ),",
        )
        .replace("['userId', 'expiresAt']", "[\n    'userId',\n    'expiresAt',\n  ]"),
    );
    const outcome = await settle(app);
    expect(outcome.changes).toEqual([]);
    expect(outcome.conflicts).toEqual([]);
    app.write("convex/auth.ts", AUTH.username);
    await settle(app);
    expect(app.read(SCHEMA)).toContain(
      "  username: values.optional(values.union(values.string(), values.null())), // unique\n",
    );
  });
});

describe("conflicts", () => {
  const edited = async () => {
    const app = await started(AUTH.fields('plan: { type: "string" }'));
    app.edit(SCHEMA, replace("plan: v.string()", 'plan: v.union(v.literal("x"), v.string())'));
    return app;
  };

  test("an edited column is told and kept", async () => {
    const app = await edited();
    const before = app.read(SCHEMA);
    const outcome = await settle(app);
    expect(outcome.conflicts).toMatchObject([
      {
        table: "user",
        part: "column",
        name: "plan",
        reason: "edited",
        yours: 'plan: v.union(v.literal("x"), v.string())',
        wanted: "plan: v.string()",
        kept: true,
      },
    ]);
    expect(outcome.conflicts[0]?.at).toMatch(/schema\.ts:\d+$/);
    expect(app.read(SCHEMA)).toBe(before);
    expect((await app.plan()).conflicts).toHaveLength(1);
  });

  test("overwrite replaces it, and only it", async () => {
    const app = await edited();
    app.edit(SCHEMA, replace("name: v.string(),", "name: v.string(), // theirs"));
    const outcome = await settle(app, { overwrite: true });
    expect(outcome.conflicts).toMatchObject([{ name: "plan", kept: false }]);
    expect(app.read(SCHEMA)).toContain("  plan: v.string(),");
    expect(app.read(SCHEMA)).toContain("name: v.string(), // theirs");
    expect((await app.plan()).conflicts).toEqual([]);
  });

  test("a column of the user's that a plugin wants too stays theirs", async () => {
    const app = await started(AUTH.plain);
    app.edit(SCHEMA, replace("  image:", "  username: v.string(),\n  image:"));
    app.write("convex/auth.ts", AUTH.username);
    const outcome = await settle(app);
    expect(outcome.conflicts).toMatchObject([{ name: "username", reason: "declared", kept: true }]);
    expect(app.read(SCHEMA)).toContain("  username: v.string(),\n  image:");
    app.write("convex/auth.ts", AUTH.plain);
    await settle(app, { prune: true });
    expect(app.read(SCHEMA)).toContain("  username: v.string(),\n  image:");
    expect(app.read(SCHEMA)).not.toContain("displayUsername");
  });

  test("an edited index is told, and replaced on demand", async () => {
    const app = await started(AUTH.plain);
    app.edit(
      SCHEMA,
      replace('.index("by_token", ["token"])', '.index("by_token", ["token", "userId"])'),
    );
    const outcome = await settle(app);
    expect(outcome.conflicts).toMatchObject([
      {
        part: "index",
        name: "by_token",
        yours: '.index("by_token", ["token", "userId"])',
        kept: true,
      },
    ]);
    await settle(app, { overwrite: true });
    expect(app.read(SCHEMA)).toContain('.index("by_token", ["token"])');
  });

  test("a block that is wrapped in other code is kept and told", async () => {
    const app = await started(AUTH.plain);
    app.edit(
      SCHEMA,
      replace(
        "export const userTable = defineTable({",
        "const wrap = <T>(table: T) => table;\nexport const userTable = wrap(defineTable({",
      ),
    );
    app.edit(SCHEMA, replace('.index("by_name", ["name"]);', '.index("by_name", ["name"]));'));
    app.write("convex/auth.ts", AUTH.username);
    const before = app.read(SCHEMA);
    const outcome = await settle(app);
    expect(outcome.conflicts).toMatchObject([{ table: "user", reason: "unreadable" }]);
    expect(app.read(SCHEMA)).toBe(before);
  });
});

describe("what is missing", () => {
  test("a removed column, index and table come back, with a word about it", async () => {
    const app = await started(AUTH.plain);
    const before = app.read(SCHEMA);
    app.edit(SCHEMA, replace("  emailVerified: v.boolean(), // default false\n", ""));
    app.edit(SCHEMA, replace('\n  .index("by_token", ["token"])', ""));
    app.edit(SCHEMA, (text) =>
      text
        .replace(/\/\*\* Better Auth: account[\s\S]*?;\n\n/, "")
        .replace("  account: accountTable,\n", ""),
    );
    const outcome = await settle(app);
    expect(outcome.notes).toEqual([
      "user.emailVerified had been removed; Better Auth needs it, so it is back.",
      "Index session.by_token had been removed; Better Auth queries by it, so it is back.",
      "Table account had been removed; Better Auth needs it, so it is back.",
    ]);
    const lines = (text: string) => text.replaceAll(";", "").split("\n").sort();
    expect(lines(app.read(SCHEMA))).toEqual(lines(before));
  });

  test("an index that the user covers with a longer one is not doubled", async () => {
    const app = await started(AUTH.plain);
    app.edit(SCHEMA, replace('.index("by_name", ["name"])', '.index("names", ["name", "email"])'));
    const outcome = await settle(app);
    expect(outcome.notes).toEqual([]);
    expect(app.read(SCHEMA)).not.toContain("by_name");
  });

  test("our comments follow the plan, the user's do not move", async () => {
    const app = await started(
      AUTH.fields(
        'a: { type: "string", defaultValue: "x" }, b: { type: "string", defaultValue: "x" }',
      ),
    );
    app.edit(
      SCHEMA,
      replace('b: v.string(), // default "x"', 'b: v.string(), // default "x", as agreed'),
    );
    app.write(
      "convex/auth.ts",
      AUTH.fields(
        'a: { type: "string", defaultValue: "y", unique: true }, b: { type: "string", defaultValue: "y" }',
      ),
    );
    await settle(app);
    expect(app.read(SCHEMA)).toContain(
      '  a: v.string(), // unique; default "y"\n  b: v.string(), // default "x", as agreed\n',
    );
    app.write("convex/auth.ts", AUTH.fields('a: { type: "string" }, b: { type: "string" }'));
    await settle(app);
    expect(app.read(SCHEMA)).toContain("  a: v.string(),\n");
  });
});

describe("a managed table in other words", () => {
  test("v.object around the columns is extended in place", async () => {
    const app = await started(AUTH.plain);
    app.edit(SCHEMA, (text) =>
      text
        .replace("userTable = defineTable({", "userTable = defineTable(v.object({")
        .replace("\n})", "\n}))"),
    );
    app.write("convex/auth.ts", AUTH.username);
    const outcome = await settle(app);
    expect(outcome.conflicts).toEqual([]);
    expect(app.read(SCHEMA)).toMatch(/  displayUsername: .*,\n\}\)\)\n/);
  });

  test("columns behind a const are not extended; the missing ones are told", async () => {
    const app = await started(AUTH.plain);
    app.edit(SCHEMA, (text) =>
      text
        .replace("export const userTable = defineTable({", "const shared = {")
        .replace("\n})", "\n};\nexport const userTable = defineTable(shared)"),
    );
    app.write("convex/auth.ts", AUTH.username);
    const outcome = await settle(app);
    expect(outcome.conflicts.map(({ reason, wanted }) => `${reason} ${wanted}`)).toEqual([
      "unreadable username: v.optional(v.union(v.string(), v.null()))",
      "unreadable displayUsername: v.optional(v.union(v.string(), v.null()))",
    ]);
  });

  test("more indexes than Convex allows are refused", async () => {
    const app = await started(AUTH.plain);
    const own = Array.from(
      { length: 29 },
      (_, at) => `\n  .index("own${at}", ["name", "image"])`,
    ).join("");
    app.edit(
      SCHEMA,
      replace('.index("by_email", ["email"])', `.index("by_email", ["email"])${own}`),
    );
    app.write("convex/auth.ts", AUTH.username);
    const before = app.snapshot();
    await expect(app.run()).rejects.toThrow(
      /schema\.ts:\d+: table user would have 33 indexes; Convex allows 32/,
    );
    expect(app.snapshot()).toEqual(before);
  });
});

describe("orphans", () => {
  test("a removed plugin leaves its tables and columns, told at every run", async () => {
    const app = await started(AUTH.organization);
    const before = app.read(SCHEMA);
    app.write("convex/auth.ts", AUTH.plain);
    const first = await settle(app);
    const names = first.orphaned.map(
      ({ part, table, name, plugin }) => `${part} ${table}.${name} ${plugin}`,
    );
    expect(names).toEqual([
      "column session.activeOrganizationId organization",
      "table invitation.invitation organization",
      "table member.member organization",
      "table organization.organization organization",
    ]);
    expect(app.read(SCHEMA)).toBe(before);
    expect(
      JSON.parse(app.read(LOCK)).plugins["better-auth/organization"].tables.member.orphaned,
    ).toBe(true);
    expect((await app.plan()).orphaned).toEqual(first.orphaned);
    expect(app.read("convex/generated/auth.tables.ts")).not.toContain("member");
  });

  test("prune removes what nobody touched, down to the text before", async () => {
    const app = await started(
      AUTH.plain,
      'import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n',
    );
    const before = app.snapshot();
    app.write("convex/auth.ts", AUTH.organization);
    await settle(app);
    app.write("convex/auth.ts", AUTH.plain);
    const outcome = await settle(app, { prune: true });
    expect(outcome.orphaned.every((orphan) => orphan.pruned)).toBe(true);
    expect(app.snapshot()).toEqual(before);
  });

  test.each([
    {
      name: "a column was edited",
      edit: replace("logo: v.optional(v.union(v.string(), v.null()))", "logo: v.string()"),
    },
    { name: "a column was added", edit: replace("  logo:", "  color: v.string(),\n  logo:") },
    {
      name: "an index was added",
      edit: replace(
        '.index("by_slug", ["slug"])',
        '.index("mine", ["logo"])\n  .index("by_slug", ["slug"])',
      ),
    },
    { name: "a comment was added", edit: replace("  logo:", "  // important\n  logo:") },
    {
      name: "other code uses it",
      edit: (text: string) => `${text}\nexport const fields = organizationTable.validator;\n`,
    },
  ])("prune leaves a table alone where $name", async ({ edit }) => {
    const app = await started(AUTH.organization);
    app.edit(SCHEMA, edit);
    app.write("convex/auth.ts", AUTH.plain);
    const outcome = await settle(app, { prune: true });
    expect(outcome.orphaned.find((orphan) => orphan.name === "organization")).toMatchObject({
      pruned: false,
    });
    expect(app.read(SCHEMA)).toContain("organization: organizationTable");
    expect(app.read(SCHEMA)).not.toContain("invitationTable");
  });

  test("prune leaves a table alone that a table of the user's refers to", async () => {
    const app = await started(AUTH.organization);
    app.edit(
      SCHEMA,
      replace(
        "defineSchema({",
        'defineSchema({\n  projects: defineTable({ owner: v.id("organization") }),',
      ),
    );
    app.write("convex/auth.ts", AUTH.plain);
    const outcome = await settle(app, { prune: true });
    expect(outcome.orphaned.find((orphan) => orphan.name === "organization")).toMatchObject({
      pruned: false,
      blocked: "the table projects refers to it",
    });
    expect(app.read(SCHEMA)).not.toContain("memberTable");
  });

  test("a table holds nothing whose reference the same run points elsewhere", async () => {
    const app = await started(AUTH.plain);
    app.write("convex/auth.ts", authFile('{ user: { modelName: "people" } }'));
    const outcome = await settle(app);
    const orphan = outcome.orphaned.find(({ name }) => name === "user");
    expect(orphan).toMatchObject({ part: "table", pruned: false });
    expect(orphan).not.toHaveProperty("blocked");
    await settle(app, { prune: true });
    expect(app.read(SCHEMA)).not.toContain("userTable");
  });

  test("an orphaned column stops being required, and is required again when it returns", async () => {
    const app = await started(AUTH.fields('level: { type: "number", index: true }'));
    app.write("convex/auth.ts", AUTH.plain);
    await settle(app);
    expect(app.read(SCHEMA)).toContain("  level: v.optional(v.number()),\n");
    app.write("convex/auth.ts", AUTH.fields('level: { type: "number", index: true }'));
    const outcome = await settle(app);
    expect(app.read(SCHEMA)).toContain("  level: v.number(),\n");
    expect(outcome.orphaned).toEqual([]);
    app.write("convex/auth.ts", AUTH.plain);
    await settle(app);
    await settle(app, { prune: true });
    expect(app.read(SCHEMA)).not.toContain("level");
  });

  test("without prune, an index that goes with its column holds nothing", async () => {
    const app = await started(AUTH.username);
    app.write("convex/auth.ts", AUTH.plain);
    const { orphaned } = await settle(app);
    expect(orphaned.map(({ name }) => name)).toEqual([
      "displayUsername",
      "username",
      "by_username",
    ]);
    expect(orphaned.filter(({ blocked }) => blocked !== undefined)).toEqual([]);
  });

  test("prune keeps a column that an index of the user's needs", async () => {
    const app = await started(AUTH.username);
    app.edit(
      SCHEMA,
      replace(
        '.index("by_email", ["email"])',
        '.index("by_email", ["email"])\n  .index("mine", ["displayUsername"])',
      ),
    );
    app.write("convex/auth.ts", AUTH.plain);
    const outcome = await settle(app, { prune: true });
    expect(outcome.orphaned).toMatchObject([
      { name: "displayUsername", pruned: false, blocked: "the index mine uses it" },
      { name: "username", pruned: true },
      { name: "by_username", part: "index", pruned: true },
    ]);
  });
});

describe("renames", () => {
  test("of a model are told; the old table stays", async () => {
    const app = await started(AUTH.plain);
    app.write("convex/auth.ts", authFile('{ user: { modelName: "people" } }'));
    const outcome = await settle(app);
    expect(outcome.notes.join()).toMatch(
      /Model user moved from table user to people\. Convex cannot rename/,
    );
    const schema = app.read(SCHEMA);
    expect(schema).toContain("people: peopleTable");
    expect(schema).toContain("user: userTable");
    expect(schema).toContain('userId: v.id("people")');
    expect(outcome.orphaned).toMatchObject([{ part: "table", name: "user", pruned: false }]);
  });

  test("of a field are told; the old column stays, optional", async () => {
    const app = await started(AUTH.plain);
    app.write("convex/auth.ts", authFile('{ user: { fields: { name: "fullName" } } }'));
    const outcome = await settle(app);
    expect(outcome.notes.join()).toMatch(/Field user\.name moved from column name to fullName/);
    expect(app.read(SCHEMA)).toContain("  name: v.optional(v.string()),");
    expect(app.read(SCHEMA)).toContain("  fullName: v.string(),");
    app.write("convex/auth.ts", authFile('{ user: { fields: { name: "label" } } }'));
    expect((await settle(app)).notes.join()).toMatch(
      /user\.name moved from column fullName to label/,
    );
  });
});

test("a field that went while one of its type came is told as a likely rename", async () => {
  const app = await started(AUTH.fields('plan: { type: "number" }'));
  app.write("convex/auth.ts", AUTH.fields('tier: { type: "number" }'));
  const outcome = await settle(app);
  expect(outcome.notes.join()).toMatch(
    /Column user\.plan is gone and tier is new, of the same type/,
  );
  expect(app.read(SCHEMA)).toContain("  plan: v.optional(v.number()),");
  app.write("convex/auth.ts", AUTH.fields('other: { type: "boolean" }'));
  expect((await settle(app)).notes).toEqual([]);
});

describe("tables of the user's", () => {
  const mine = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  user: defineTable({ name: v.string(), email: v.optional(v.string()) }).index("mail", ["email"]),
});
`;
  test("are local: untouched, and what they lack is listed", async () => {
    const app = makeApp({ "convex/auth.ts": AUTH.plain, [SCHEMA]: mine });
    const outcome = await settle(app);
    const line =
      'user: defineTable({ name: v.string(), email: v.optional(v.string()) }).index("mail", ["email"]),';
    expect(app.read(SCHEMA)).toContain(`  ${line}\n`);
    expect(outcome.tables[0]).toEqual({ table: "user", owner: "local", action: "unchanged" });
    const notes = outcome.notes.join("\n");
    expect(notes).toMatch(
      /Table user \(.*schema\.ts:5\) is yours and stays as it is; Better Auth also needs: emailVerified: v\.boolean\(\), image: .*, createdAt: v\.number\(\), updatedAt: v\.number\(\)/,
    );
    expect(notes).toMatch(
      /also queries by: \.index\("by_createdAt", \["createdAt"\]\)\.index\("by_name", \["name"\]\)/,
    );
    expect(notes).toMatch(/Better Auth writes: email: v\.string\(\)/);
    expect(JSON.parse(app.read(LOCK)).plugins["better-auth"].tables.user.owner).toBe("local");
    const tables = app.read("convex/generated/auth.tables.ts");
    expect(tables).toContain('mail: ["email"]');
    expect(tables.split("session:")[0]).not.toContain("emailVerified");
    await settle(app, { overwrite: true, prune: true });
    expect(app.read(SCHEMA)).toContain(`  ${line}\n`);
  });

  test("blocks of ours are known again when the lock is lost; edited ones are the user's", async () => {
    const app = await started(AUTH.plain);
    const lock = app.read(LOCK);
    app.remove(LOCK);
    const outcome = await settle(app);
    expect(outcome.tables.every((one) => one.owner === "managed")).toBe(true);
    expect(app.read(LOCK)).toBe(lock);
    app.remove(LOCK);
    app.edit(SCHEMA, replace("token: v.string()", "token: v.any()"));
    expect((await settle(app)).tables.find((one) => one.table === "session")?.owner).toBe("local");
  });

  test("a managed block that moved into another file is refreshed there", async () => {
    const app = await started(AUTH.plain);
    const block = /\/\*\* Better Auth: user[\s\S]*?;\n\n/.exec(app.read(SCHEMA))?.[0] ?? "";
    app.write(
      "convex/tables/user.ts",
      `import { defineTable } from "convex/server";\nimport { v } from "convex/values";\n\n${block.trimEnd()}\n`,
    );
    app.edit(SCHEMA, (text) =>
      text
        .replace(block, "")
        .replace("import { v }", 'import { userTable } from "./tables/user";\nimport { v }'),
    );
    const moved = await settle(app);
    expect(moved.changes.map((change) => change.path)).toEqual([app.path(LOCK)]);
    app.write("convex/auth.ts", AUTH.username);
    await settle(app);
    expect(app.read("convex/tables/user.ts")).toContain("  username: ");
    expect(JSON.parse(app.read(LOCK)).plugins["better-auth"].files).toContain("tables/user.ts");
  });
});

describe("placement", () => {
  test("is recorded, kept by default, and not changed silently", async () => {
    const app = makeApp({ "convex/auth.ts": authFile('{ rateLimit: { storage: "database" } }') });
    const outcome = await settle(app, { placement: "app" });
    expect(outcome.usesComponent).toBe(false);
    expect(app.read(SCHEMA)).toContain("rateLimit: rateLimitTable");
    expect(app.read(SCHEMA)).toContain(
      "  id: v.optional(v.string()), // set where Better Auth chooses the id; unique",
    );
    expect((await app.plan()).placement).toBe("app");
    await expect(app.plan({ placement: "split" })).rejects.toMatchObject({
      code: "PLACEMENT_CHANGED",
      exitCode: 1,
    });
  });

  test("component leaves no table in the app", async () => {
    const app = makeApp({ "convex/auth.ts": AUTH.organization });
    const outcome = await settle(app, { placement: "component" });
    expect(outcome.usesComponent).toBe(true);
    expect(app.read(SCHEMA)).not.toContain("Table");
    expect(app.read("convex/generated/auth.tables.ts")).not.toContain('placement: "app"');
  });

  test("split keeps a model that the packaged component cannot hold in the app, and says so", async () => {
    const app = makeApp({
      "convex/auth.ts": authFile(
        '{ verification: { additionalFields: { kind: { type: "string", required: false } } } }',
      ),
    });
    const outcome = await settle(app);
    expect(outcome.notes.join()).toMatch(
      /verification lives in the app's schema.*it has the field "kind"/,
    );
    expect(app.read(SCHEMA)).toContain("verification: verificationTable");
  });
});
