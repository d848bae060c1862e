// requireRole and requireOrganization: who may go on, and what the others are told, in every context and with renamed
// models and columns.
import { admin, organization } from "better-auth/plugins";
import type { GenericDataModel } from "convex/server";
import { describe, expect, test } from "vitest";
import {
  convex,
  getHeaders,
  requireOrganization,
  requireRole,
} from "../../../../src/auth/index.js";
import type { AuthCtx, AuthOptions } from "../../../../src/auth/runtime.js";
import { toClientError } from "../../../../src/server/error.js";
import { createHttpApp, SITE } from "../support/http-app.js";

const HOUR = 3_600_000;
const contexts = ["query", "mutation", "action"] as const;

type Names = { readonly user: string; readonly member: string; readonly role: string };

const PLAIN: Names = { user: "user", member: "member", role: "role" };
const PROVIDER = {
  ...({ type: "customJwt", algorithm: "RS256" } as const),
  ...{ issuer: SITE, applicationID: "convex", jwks: "data:" },
};
const RENAMED: Names = { user: "people", member: "membership", role: "rank" };

/** An app with a user in two organizations: an owner of the active one, a member of the other one. */
async function appWith(names: Names, { plugins }: Partial<AuthOptions> = {}) {
  const own = [
    admin({ schema: { user: { fields: { role: names.role } } } }),
    organization({ schema: { member: { modelName: names.member, fields: { role: names.role } } } }),
  ];
  const options = { user: { modelName: names.user }, plugins: plugins ?? own };
  const app = createHttpApp({ options });
  const times = { createdAt: 1, updatedAt: 1 };
  const insert = (table: string, columns: object) =>
    app.t.run((ctx) => ctx.db.insert(table as never, columns as never)) as Promise<string>; // the test's schema has no types
  const hasRoles = own.some((one) => options.plugins.some(({ id }) => id === one.id));
  const userId = await insert(names.user, {
    ...{ name: "Ada", email: "ada@example.com", emailVerified: false, ...times },
    ...(hasRoles && { [names.role]: "editor, reader" }),
  });
  if (!hasRoles) return { app, userId, active: "", other: "", sessionId: "" };
  const [active, other] = [
    await insert("organization", { name: "One", slug: "one", createdAt: 1 }),
    await insert("organization", { name: "Two", slug: "two", createdAt: 1 }),
  ];
  const join = (organizationId: string, role: string) =>
    insert(names.member, { userId, organizationId, [names.role]: role, createdAt: 1 });
  const memberId = await join(active, "owner,billing");
  await join(other, "member");
  const session = { userId, token: "token-1", expiresAt: Date.now() + HOUR, ...times };
  const sessionId = await insert("session", { ...session, activeOrganizationId: active });
  return { app, userId, active, other, memberId, sessionId };
}

type World = Awaited<ReturnType<typeof appWith>>;
type Work = (ctx: AuthCtx<GenericDataModel>) => Promise<unknown>;

/** What a function gives back, or the code that a caller gets. */
async function ask(
  { app, userId, sessionId }: World,
  context: (typeof contexts)[number],
  work: Work,
): Promise<unknown> {
  const t = app.t.withIdentity({ subject: userId, sessionId });
  // convex-test runs functions that are given in place.
  const run = t[context] as (work: unknown) => Promise<unknown>;
  return run(async (ctx: AuthCtx<GenericDataModel>) => {
    try {
      return await work(ctx);
    } catch (error) {
      return (error as { data: { code: string } }).data.code; // a KitcnError
    }
  });
}

describe.each([
  ["as Better Auth names them", PLAIN],
  ["renamed", RENAMED],
])("models and columns %s", (_title, names) => {
  test.each(contexts)("in a %s", async (context) => {
    const world = await appWith(names);
    const { userId, active, other, memberId } = world;
    const wants: readonly (readonly [Work, unknown])[] = [
      [async (ctx) => (await requireRole(ctx, "reader")).roles, ["editor", "reader"]],
      [async (ctx) => (await requireRole(ctx, ["admin", "editor"])).userId, userId],
      [(ctx) => requireRole(ctx, "admin"), "ROLE_REQUIRED"],
      // No role is a part of another one.
      [(ctx) => requireRole(ctx, "edit"), "ROLE_REQUIRED"],
      [(ctx) => requireRole(ctx, []), "ROLE_REQUIRED"],
      [
        async (ctx) => {
          const { session, member: _member, ...found } = await requireOrganization(ctx);
          return { ...found, expiresAt: session.expiresAt > Date.now() };
        },
        {
          ...{ userId, organizationId: active, memberId, expiresAt: true },
          roles: ["owner", "billing"],
        },
      ],
      [
        async (ctx) => (await requireOrganization(ctx)).member,
        {
          ...{ id: memberId, _id: memberId, _creationTime: expect.any(Number) as number },
          ...{ userId, organizationId: active, createdAt: 1, [names.role]: "owner,billing" },
        },
      ],
      [
        async (ctx) => (await requireRole(ctx, "editor")).user,
        expect.objectContaining({
          ...{ id: userId, _id: userId, _creationTime: expect.any(Number) as number },
          ...{ name: "Ada", [names.role]: "editor, reader" },
        }),
      ],
      [async (ctx) => (await requireOrganization(ctx, { role: "billing" })).organizationId, active],
      [
        async (ctx) => (await requireOrganization(ctx, { organizationId: other })).roles,
        ["member"],
      ],
      [
        (ctx) => requireOrganization(ctx, { organizationId: other, role: "owner" }),
        "ROLE_REQUIRED",
      ],
      [(ctx) => requireOrganization(ctx, { role: [] }), "ROLE_REQUIRED"],
      [(ctx) => requireOrganization(ctx, { organizationId: "none-such" }), "NOT_A_MEMBER"],
      [(ctx) => requireOrganization(ctx, { organizationId: userId }), "NOT_A_MEMBER"],
    ];
    for (const [work, want] of wants) expect(await ask(world, context, work)).toEqual(want);
  });

  test("without an active organization, and without a session", async () => {
    const world = await appWith(names);
    await world.app.t.run((ctx) =>
      ctx.db.patch(world.sessionId as never, { activeOrganizationId: undefined } as never),
    );
    const demand: Work = (ctx) => requireOrganization(ctx);
    expect(await ask(world, "query", demand)).toBe("NO_ACTIVE_ORGANIZATION");
    await world.app.t.run((ctx) => ctx.db.delete(world.sessionId as never));
    expect(await ask(world, "query", demand)).toBe("NOT_SIGNED_IN");
    expect(await ask(world, "query", (ctx) => requireRole(ctx, "editor"))).toBe("NOT_SIGNED_IN");
  });
});

test("a ban counts at once, and so does the end of a session", async () => {
  // Its bearer signs the administrator in.
  const bearer = convex({ authConfig: { providers: [PROVIDER] } });
  const world = await appWith(PLAIN, { plugins: [bearer, admin(), organization()] });
  const { app, userId } = world;
  const guards: readonly Work[] = [
    (ctx) => requireRole(ctx, "editor"),
    (ctx) => requireOrganization(ctx),
  ];
  const askAll = (who: World) => Promise.all(guards.map((work) => ask(who, "query", work)));
  const times = { createdAt: 1, updatedAt: 1 };
  const grace = await app.t.run(async (ctx) => {
    const columns = { name: "Grace", email: "grace@example.com", emailVerified: true, ...times };
    const id = await ctx.db.insert("user" as never, { ...columns, role: "user,admin" } as never); // no types here
    const session = { userId: id, token: "token-2", expiresAt: Date.now() + HOUR, ...times };
    return { userId: id, sessionId: await ctx.db.insert("session" as never, session as never) };
  });
  const ban: Work = async (ctx) => {
    const { banUser } = app.getAuth(ctx).api as {
      banUser: (input: object) => Promise<{ user: { banned: boolean } }>; // of the admin plugin
    };
    const { user } = await banUser({ body: { userId }, headers: await getHeaders(ctx) });
    return user.banned;
  };
  expect(await ask({ ...world, ...grace }, "action", ban)).toBe(true);
  expect(await askAll(world)).toEqual(["NOT_SIGNED_IN", "NOT_SIGNED_IN"]);
  const late = await appWith(PLAIN);
  await late.app.t.run((ctx) =>
    ctx.db.patch(late.sessionId as never, { expiresAt: Date.now() - 1 } as never),
  );
  expect(await askAll(late)).toEqual(["NOT_SIGNED_IN", "NOT_SIGNED_IN"]);
});

test("without the plugins there are no roles", async () => {
  const world = await appWith(PLAIN, { plugins: [] });
  const sessionId = (await world.app.t.run((ctx) =>
    ctx.db.insert(
      "session" as never,
      {
        ...{ userId: world.userId, token: "token-1", expiresAt: Date.now() + HOUR },
        ...{ createdAt: 1, updatedAt: 1 },
      } as never,
    ),
  )) as string; // an id
  const signedIn = { ...world, sessionId };
  expect(await ask(signedIn, "query", (ctx) => requireRole(ctx, "admin"))).toBe("NO_ROLES");
  const named: Work = (ctx) => requireOrganization(ctx, { organizationId: "any" });
  expect(await ask(signedIn, "query", named)).toBe("NO_ROLES");
});

test.each([
  ["a role", "FORBIDDEN", (ctx: AuthCtx<GenericDataModel>) => requireRole(ctx, "admin"), true],
  ["a session", "UNAUTHORIZED", (ctx: AuthCtx<GenericDataModel>) => requireRole(ctx, "x"), false],
] as const)("a procedure that lacks %s answers %s", async (_title, code, work, isSignedIn) => {
  const { app, userId, sessionId } = await appWith(PLAIN);
  const t = isSignedIn ? app.t.withIdentity({ subject: userId, sessionId }) : app.t;
  const run = t.query as unknown as (work: unknown) => Promise<unknown>; // given in place
  const shown = run((ctx: AuthCtx<GenericDataModel>) =>
    work(ctx).catch((error: unknown) => {
      throw toClientError(error);
    }),
  );
  await expect(shown).rejects.toMatchObject({ code });
});
