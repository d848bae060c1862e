// relations.ts: derived from references, owned by the rules of schema.ts.
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { runCodegen } from "../../../codegen/commands/codegen.js";
import { createUi } from "../../../codegen/terminal/ui.js";
import { planRelations } from "../../../codegen/plan/plan-relations.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { authFile, makeApp, type TestApp } from "../support/app.js";

const FILE = "convex/relations.ts";
const PLAIN = authFile("{}");
const ORGANIZATION = authFile(
  "{ plugins: [organization()] }",
  'import { organization } from "better-auth/plugins";',
);

async function settle(app: TestApp, input: Parameters<TestApp["run"]>[0] = {}) {
  const outcome = await app.run(input);
  expect((await app.plan()).changes).toEqual([]);
  return outcome;
}

test("planRelations names both sides of every reference", () => {
  const source = getAuthTables({ plugins: [organization()] });
  const relations = planRelations(planTables(source, { placement: "split" }).tables);
  expect(
    relations.map(
      (one) => `${one.table}.${one.name}: ${one.kind} ${one.other} ${one.from}=${one.to}`,
    ),
  ).toEqual([
    "user.sessions: many session _id=userId",
    "user.accounts: many account _id=userId",
    "user.members: many member _id=userId",
    "user.invitationsAsInviter: many invitation _id=inviterId",
    "session.user: one user userId=_id",
    "account.user: one user userId=_id",
    "organization.members: many member _id=organizationId",
    "organization.invitations: many invitation _id=organizationId",
    "member.organization: one organization organizationId=_id",
    "member.user: one user userId=_id",
    "invitation.organization: one organization organizationId=_id",
    "invitation.inviter: one user inviterId=_id",
  ]);
});

describe("relations.ts", () => {
  test("is only kept on demand, then as long as the lock knows it", async () => {
    const app = makeApp({ "convex/auth.ts": PLAIN });
    await settle(app);
    expect(app.has(FILE)).toBe(false);
    await settle(app, { relations: true });
    expect(app.read(FILE)).toBe(`import { relations as defineRelations } from "kitcn/orm";

export const relations = defineRelations({
  user: {
    sessions: { many: "session", from: "_id", to: "userId" },
    accounts: { many: "account", from: "_id", to: "userId" },
  },
  session: {
    user: { one: "user", from: "userId", to: "_id" },
  },
  account: {
    user: { one: "user", from: "userId", to: "_id" },
  },
});

export default relations;
`);
    expect(app.read("convex/generated/server.ts")).toContain(
      'import { relations } from "../relations";',
    );
    const plain = app.read(FILE);
    app.write("convex/auth.ts", ORGANIZATION);
    await settle(app);
    expect(app.read(FILE)).toContain("    members: { many: ");
    app.write("convex/auth.ts", PLAIN);
    const outcome = await settle(app);
    expect(outcome.orphaned.filter((one) => one.part === "relation")).toHaveLength(8);
    await settle(app, { prune: true });
    expect(app.read(FILE)).toBe(plain);
  });

  test("keeps the user's lines and edits", async () => {
    const own = `import { relations as define } from 'kitcn/orm'

// ours
const all = {
\tuser: { posts: { many: 'posts', from: '_id', to: 'author' } }, // one line
\tposts: {
\t\tauthor: { one: 'user', from: 'author', to: '_id' },
\t},
}

export default define(all)
`;
    const app = makeApp({ "convex/auth.ts": PLAIN, [FILE]: own });
    await settle(app, { relations: true });
    const first = app.read(FILE);
    expect(first).toContain("posts: { many: 'posts', from: '_id', to: 'author' }");
    expect(first).toContain(
      "\taccount: {\n\t\tuser: { one: 'user', from: 'userId', to: '_id' },\n\t},\n}",
    );
    app.edit(FILE, (text) =>
      text.replace(
        "{ many: 'session', from: '_id', to: 'userId' }",
        "{ many: 'session', from: '_id', to: 'mine' }",
      ),
    );
    const outcome = await settle(app);
    expect(outcome.conflicts).toMatchObject([
      { part: "relation", table: "user", name: "sessions", kept: true },
    ]);
    await settle(app, { overwrite: true });
    expect(app.read(FILE)).toBe(first);
  });

  test("without a place is refused, and nothing is written", async () => {
    const app = makeApp({ "convex/auth.ts": PLAIN, [FILE]: "export default {};\n" });
    const before = app.snapshot();
    await expect(app.run({ relations: true })).rejects.toMatchObject({
      code: "NO_RELATIONS_PLACE",
    });
    expect(app.snapshot()).toEqual(before);
  });

  test.each([
    [
      "a call of its own",
      `import { relations } from "kitcn/orm";\n\nexport default relations({}); // ours\n`,
      /^import \{ relations \} from "kitcn\/orm";\n\nconst appRelations = relations\(\{[^]*\}\); \/\/ ours\n\nexport \{ appRelations as relations \};\n\nexport default appRelations;\n$/,
    ],
    [
      "a call of a renamed import",
      `import { relations as define } from 'kitcn/orm'\n\nexport default define({})\n`,
      /\n\nexport const relations = define\(\{[^]*\}\)\n\nexport default relations\n$/,
    ],
    [
      "a const",
      `import { relations } from "kitcn/orm";\n\nconst all = relations({});\n\nexport default all;\n`,
      /\nexport default all;\n\nexport \{ all as relations \};\n$/,
    ],
    [
      "a const of the same name",
      `import { relations as define } from "kitcn/orm";\n\nconst relations = define({});\n\nexport default relations;\n`,
      /\nexport default relations;\n\nexport \{ relations \};\n$/,
    ],
    [
      "a list of exports",
      `import { relations } from "kitcn/orm";\n\nconst all = relations({});\n\nexport { all as default };\n`,
      /\nexport \{ all as default \};\n\nexport \{ all as relations \};\n$/,
    ],
    [
      "a name",
      `import { relations as define } from "kitcn/orm";\n\nexport const relations = define({});\n`,
      /\}\);\n\nexport default relations;\n$/,
    ],
  ])("exported through %s alone get the other export", async (_title, text, want) => {
    const app = makeApp({ "convex/auth.ts": PLAIN, [FILE]: text });
    await settle(app, { relations: true });
    expect(app.read(FILE)).toMatch(want);
    expect(app.read("convex/generated/server.ts")).toContain(
      'import { relations } from "../relations";',
    );
  });

  test("that lost an export are reported by codegen and --check, with file and line", async () => {
    const app = makeApp({ "convex/auth.ts": PLAIN });
    await settle(app, { relations: true });
    app.edit(FILE, (text) =>
      text
        .replace("export const relations", "const all")
        .replace("export default relations", "export default all"),
    );
    const sentence =
      "convex/relations.ts:16 exports the relations by default only; generated/server.ts imports `relations` by name.";
    expect((await app.plan()).notes).toContain(sentence);
    app.edit("package.json", (text) =>
      text.replace("}", ', "dependencies": { "convex": "*", "better-auth": "*" } }'),
    );
    const codegen = runCodegen({ cwd: app.project.root, check: false }, createUi({ quiet: true }));
    await expect(codegen).rejects.toMatchObject({
      code: "SCHEMA_OUT_OF_DATE",
      message: sentence,
      hint: expect.stringContaining("npx kitcn add auth --schema"),
    });
    await settle(app);
    expect(app.read(FILE)).toContain("export { all as relations };");
  });

  test.each([
    ["kitcn keeps", true],
    ["kitcn does not know", undefined],
  ])("that are exported nowhere are refused, in a file that %s", async (_title, relations) => {
    const text = `import { relations } from "kitcn/orm";\n\nexport const all = relations({});\n`;
    const app = makeApp({ "convex/auth.ts": PLAIN, [FILE]: text });
    const before = app.snapshot();
    await expect(app.run({ ...(relations && { relations }) })).rejects.toMatchObject({
      code: "NO_RELATIONS_EXPORT",
      message: expect.stringContaining("relations.ts:3: "),
      hint: expect.stringContaining("export const relations = defineRelations({ ... });"),
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("of schema.ts that are not exported are refused", async () => {
    const schema = `import { defineSchema } from "convex/server";
import { relations as define } from "kitcn/orm";

const relations = define({});

export default defineSchema({});
`;
    const app = makeApp({ "convex/auth.ts": PLAIN, "convex/schema.ts": schema });
    await expect(app.run()).rejects.toMatchObject({
      code: "NO_RELATIONS_EXPORT",
      message: expect.stringContaining("schema.ts:4: "),
    });
    app.edit("convex/schema.ts", (text) => `${text}\nexport { relations };\n`);
    await settle(app);
    expect(app.read("convex/generated/server.ts")).toContain(
      'import { relations } from "../schema";',
    );
  });
});
