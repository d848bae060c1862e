// What the types of an app know of its tables, as the compiler sees the modules that codegen writes.
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { authFile, makeApp } from "./support/app.js";
import { CONVEX_GENERATED, typeCheck } from "./support/type-check.js";

const ASSERT = `export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export function yes<_T extends true>(): void {}
`;

const RENAMED = `{
  user: { modelName: "people" },
  session: { modelName: "logins", additionalFields: { device: { type: "string", required: true } } },
  plugins: [
    admin({ schema: { user: { fields: { role: "rank" } } } }),
    organization({
      schema: {
        organization: { modelName: "companies" },
        member: {
          modelName: "staff",
          fields: { role: "post" },
          additionalFields: { desk: { type: "number", required: true } },
        },
      },
    }),
  ],
}`;

const ORGANIZATION = 'import { organization } from "better-auth/plugins";';
const BOTH = 'import { admin, organization } from "better-auth/plugins";';

type CheckInput = {
  readonly imports?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly placement?: "component" | "app";
  readonly relations?: true;
};

/** What the compiler says of `convex/checks.ts` in an app with these options. */
async function check(
  options: string,
  lines: string,
  { imports = "", files = {}, ...input }: CheckInput = {},
): Promise<string[]> {
  const app = makeApp({
    "convex/auth.ts": authFile(options, imports),
    "convex/assert.ts": ASSERT,
    ...files,
    ...Object.fromEntries(
      Object.entries(CONVEX_GENERATED).map(([name, text]) => [`convex/${name}`, text]),
    ),
  });
  await app.run(input);
  // Codegen itself refuses some of these lines; here the compiler is asked.
  writeFileSync(app.path("convex/checks.ts"), lines);
  const checked = ["checks.ts", "schema.ts", "generated/server.ts", "generated/auth.ts"];
  const found = typeCheck(checked.map((name) => app.path(`convex/${name}`)));
  return found.map((message) => message.replace(`${app.project.root}/`, ""));
}

describe("the helpers of kitcn/auth", () => {
  const lines = (ids: { user: string; session: string; organization: string }, more = "") => `
import type { GenericId } from "convex/values";
import { getAuthUserId, getAuthUserIdentity, getSession } from "kitcn/auth";
import { yes, type Same } from "./assert";
import type { ActionCtx, MutationCtx, QueryCtx } from "./generated/server";

export async function contexts(query: QueryCtx, mutation: MutationCtx, action: ActionCtx) {
  const [session, ...others] = [
    await getSession(query),
    await getSession(mutation),
    await getSession(action),
  ];
  yes<Same<typeof session, (typeof others)[number]>>();
  if (!session) return;
  yes<Same<typeof session.id, ${ids.session}>>();
  yes<Same<typeof session._id, ${ids.session}>>();
  yes<Same<typeof session._creationTime, number>>();
  yes<Same<typeof session.userId, ${ids.user}>>();
  yes<Same<typeof session.expiresAt, number>>();
  yes<Same<typeof session.updatedAt, number>>();
  yes<Same<typeof session.activeOrganizationId, ${ids.organization} | null>>();
  ${more}
  const identity = await getAuthUserIdentity(action);
  yes<Same<NonNullable<typeof identity>["userId"], ${ids.user}>>();
  yes<Same<NonNullable<typeof identity>["sessionId"], ${ids.session}>>();
  yes<Same<Awaited<ReturnType<typeof getAuthUserId>>, ${ids.user} | null>>();
}
export type Ids = GenericId<"x">;
`;
  const guards = (
    ids: { user: string; member: string; organization: string },
    columns: { rank: string; post: string; wrong: string },
  ) => `
import { requireOrganization, requireRole } from "kitcn/auth";

export async function guards(query: QueryCtx, mutation: MutationCtx, action: ActionCtx) {
  const [found, ...others] = [
    await requireOrganization(query),
    await requireOrganization(mutation, { role: ["owner"] }),
    await requireOrganization(action, { organizationId: "o", role: "owner" }),
  ];
  yes<Same<typeof found, (typeof others)[number]>>();
  yes<Same<typeof found.organizationId, ${ids.organization}>>();
  yes<Same<typeof found.memberId, ${ids.member}>>();
  yes<Same<typeof found.member.id, ${ids.member}>>();
  yes<Same<typeof found.member._id, ${ids.member}>>();
  yes<Same<typeof found.member.userId, ${ids.user}>>();
  yes<Same<typeof found.member.${columns.post}, string>>();
  yes<Same<typeof found.member.desk, number>>();
  // @ts-expect-error no such column
  void found.member.${columns.wrong};
  const { user, roles } = await requireRole(query, "admin");
  yes<Same<typeof user.id, ${ids.user}>>();
  yes<Same<typeof user.email, string>>();
  yes<Same<NonNullable<typeof user.${columns.rank}>, string>>();
  yes<Same<typeof roles, readonly string[]>>();
}
`;
  const id = (table: string) => `GenericId<"${table}">`;

  test("are typed by renamed tables", async () => {
    const ids = { user: id("people"), session: id("logins"), organization: id("companies") };
    const guarded = guards(
      { ...ids, member: id("staff") },
      { rank: "rank", post: "post", wrong: "role" },
    );
    const more = `yes<Same<typeof session.device, string>>();
  // @ts-expect-error no such column
  void session.nothing;`;
    expect(await check(RENAMED, lines(ids, more) + guarded, { imports: BOTH })).toEqual([]);
  });

  test("have plain ids for tables of the component", async () => {
    const ids = { user: "string", session: "string", organization: "string" };
    // Its columns have Better Auth's names, whatever auth.ts calls them.
    const guarded = guards(
      { ...ids, member: "string" },
      { rank: "role", post: "role", wrong: "post" },
    );
    const input = { imports: BOTH, placement: "component" } as const;
    expect(await check(RENAMED, lines(ids) + guarded, input)).toEqual([]);
  });

  test("have a session whose organization is null where that plugin is off, and one that is in no table", async () => {
    const text = (session: string, more: string) => `
import type { GenericId } from "convex/values";
import { getSession } from "kitcn/auth";
import { yes, type Same } from "./assert";
import type { QueryCtx } from "./generated/server";

export async function own(ctx: QueryCtx) {
  const session = await getSession(ctx);
  if (!session) return;
  yes<Same<typeof session.id, ${session}>>();
  yes<Same<typeof session.userId, GenericId<"user">>>();
  yes<Same<typeof session.expiresAt, number>>();
  ${more}
}
`;
    const off = "yes<Same<typeof session.activeOrganizationId, null>>();";
    expect(await check("{}", text(id("session"), off))).toEqual([]);
    const storage =
      "secondaryStorage: { get: async () => null, set: async () => undefined, delete: async () => undefined, getAndDelete: async () => null, increment: async () => 1 }";
    const on =
      'yes<Same<typeof session.activeOrganizationId, GenericId<"organization"> | null>>();';
    expect(
      await check(`{ ${storage}, plugins: [organization()] }`, text("string", on), {
        imports: ORGANIZATION,
      }),
    ).toEqual([]);
  });
});

test("inferAdditionalFields<typeof auth>() gives a client the additional fields of user and session", async () => {
  const options = `{
  user: { additionalFields: { plan: { type: ["free", "pro"], required: true, defaultValue: "free" } } },
  session: { additionalFields: { device: { type: "string", required: false } } },
}`;
  const lines = `
import { createAuthClient } from "better-auth/client";
import { inferAdditionalFields } from "better-auth/client/plugins";
import { yes, type Same } from "./assert";
import type { auth } from "./generated/auth";

const client = createAuthClient({ plugins: [inferAdditionalFields<typeof auth>()] });

export async function session() {
  const { data } = await client.getSession();
  if (!data) return;
  yes<Same<typeof data.user.plan, "free" | "pro">>();
  yes<Same<typeof data.session.device, string | null | undefined>>();
  yes<Same<typeof data.user.email, string>>();
  // @ts-expect-error no such field
  void data.user.nickname;
}
`;
  expect(await check(options, lines)).toEqual([]);
});

describe("triggers", () => {
  const schema = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";

export default defineSchema({ log: defineTable({ line: v.string() }) });

const triggers = defineTriggers(relations, {
  user: {
    create: {
      before: async (data) => {
        return { data: { ...data, role: "user" } };
      },
      after: async (user, ctx) => {
        await ctx.orm.insert("log", { line: user.email });
      },
    },
    update: { before: (data) => (data.name === "" ? false : { data: { name: data.name?.trim() } }) },
  },
  log: { create: { before: ({ line }) => ({ data: { line: line.trim() } }) } },
});
export type Triggers = typeof triggers;
`;
  const ROLE = '{ user: { additionalFields: { role: { type: "string", required: false } } } }';
  const checks = `
import { defineTriggers } from "kitcn/orm";
import { defineAuth } from "./generated/auth";
import { relations } from "./relations";

defineTriggers(relations, { session: { create: { after: async () => {} } } });
export const right = defineAuth(() => ({
  triggers: {
    user: {
      create: {
        before: async (data, ctx) => {
          await ctx.orm.insert("log", { line: data.email });
          return { data: { ...data, role: "user" } };
        },
      },
      update: { before: (data) => ({ data: { name: data.name?.trim() } }) },
      delete: { before: () => false },
    },
    session: { create: { before: () => undefined, after: async () => {} } },
  },
}));
`;

  test("that return columns of their tables compile", async () => {
    const files = { "convex/schema.ts": schema };
    expect(await check(ROLE, checks, { files, relations: true })).toEqual([]);
  });

  test("that return other columns, or name other tables, are type errors with the reason", async () => {
    const wrong = `
defineTriggers(relations, {
  user: { create: { before: async (data) => { return { data: { ...data, rol: "user" } }; } } },
});
defineTriggers(relations, { session: { update: { before: () => ({ data: { nope: 1 } }) } } });
defineTriggers(relations, { usr: { create: { after: async () => {} } } });
export const wrongColumn = defineAuth(() => ({
  triggers: { user: { create: { before: async (data) => ({ data: { ...data, rol: "user" } }) } } },
}));
export const wrongTable = defineAuth(() => ({
  triggers: { usr: { create: { after: async () => {} } } },
}));
`;
    const files = { "convex/schema.ts": schema };
    const found = await check(ROLE, checks + wrong, { files, relations: true });
    const first = checks.split("\n").length;
    const of = (line: number) =>
      found.find((one) => one.startsWith(`convex/checks.ts:${first + line} `)) ?? found.join("\n");
    const unknown = (table: string, column: string) =>
      `Table '${table}' has no column '${column}': declare it in additionalFields`;
    expect(of(2)).toContain(unknown("user", "rol"));
    expect(of(4)).toContain("nope");
    expect(of(5)).toContain("usr");
    expect(of(7)).toContain(unknown("user", "rol"));
    expect(of(10)).toContain("usr");
    expect(found).toHaveLength(5);
  });
});
