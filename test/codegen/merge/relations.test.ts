// relations.ts: derived from references, owned by the rules of schema.ts.
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
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
    expect(app.read(FILE)).toBe(`import { relations } from "kitcn/orm";

export default relations({
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
`);
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
});
