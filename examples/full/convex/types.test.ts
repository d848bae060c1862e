// What the types of contexts, auth.api and procedures promise, checked by tsc alone.
import type { DataModel, Id } from "./_generated/dataModel";
import type { OrmDocument } from "kitcn/orm";
import type { getAuth } from "./generated/auth";
import type { MutationCtx, QueryCtx } from "./generated/server";
import type authDefinition from "./auth";
import { getAuthUserId, getAuthUserIdentity, getHeaders, getSession } from "kitcn/auth";
import type { authQuery } from "../lib/crpc";
import type { create, mine } from "./projects";
import { no, yes, type IsAny, type Same } from "./types.assert";

export async function orm(ctx: QueryCtx & MutationCtx, userId: Id<"user">) {
  const user = await ctx.orm.query.user.findFirst({
    where: { _id: userId },
    columns: { email: true, plan: true, username: true, twoFactorEnabled: true, role: true },
    with: { sessions: { columns: { expiresAt: true, activeOrganizationId: true } }, members: true },
  });
  if (!user) return;
  yes<Same<typeof user.email, string>>(true);
  yes<Same<typeof user.plan, "free" | "pro" | null | undefined>>(true);
  yes<Same<typeof user.username, string | null | undefined>>(true);
  yes<Same<typeof user.twoFactorEnabled, boolean | null | undefined>>(true);
  yes<Same<(typeof user.sessions)[number]["expiresAt"], number>>(true);
  yes<Same<(typeof user.members)[number], OrmDocument<DataModel, "member">>>(true);
  no<IsAny<(typeof user.sessions)[number]["activeOrganizationId"]>>(false);
  // @ts-expect-error not among the columns asked for
  void user.name;
  // @ts-expect-error no such relation
  await ctx.orm.query.user.findMany({ with: { projects: true } });
  // @ts-expect-error no such column
  await ctx.orm.query.user.findMany({ where: { emial: "a@b.co" } });
  // @ts-expect-error a number is no title
  await ctx.orm.query.tasks.findMany({ where: { title: 3 } });
  // @ts-expect-error neither free nor pro
  await ctx.orm.query.user.findMany({ where: { plan: { in: ["gold"] } } });

  const page = await ctx.orm.query.tasks.findMany({
    cursor: null,
    limit: 10,
    with: { project: true },
  });
  yes<Same<(typeof page.page)[number]["project"], OrmDocument<DataModel, "projects"> | null>>(true);

  const inserted = await ctx.orm.insert("activity", { line: "x" });
  yes<Same<typeof inserted, OrmDocument<DataModel, "activity">>>(true);
  // @ts-expect-error the line is missing
  await ctx.orm.insert("activity", {});
  // @ts-expect-error an id of another table
  await ctx.orm.update("tasks", userId, { isDone: true });
}

export async function readOnly(ctx: QueryCtx) {
  // @ts-expect-error a query does not write
  await ctx.orm.insert("activity", { line: "x" });
}

export async function api(auth: ReturnType<typeof getAuth>) {
  const session = await auth.api.getSession({ headers: new Headers() });
  if (!session) return;
  no<IsAny<typeof session.user>>(false);
  yes<Same<typeof session.user.email, string>>(true);
  yes<Same<typeof session.user.username, string | null | undefined>>(true);
  no<IsAny<typeof session.user.plan>>(false);
  no<IsAny<typeof session.session.activeOrganizationId>>(false);
  const members = await auth.api.listMembers({ headers: new Headers() });
  no<IsAny<typeof members>>(false);
  const keys = await auth.api.listApiKeys({ headers: new Headers() });
  no<IsAny<typeof keys>>(false);
  const headers = new Headers();
  const { users } = await auth.api.listUsers({ query: { limit: 10 }, headers });
  yes<Same<(typeof users)[number]["email"], string>>(true);
  const created = await auth.api.createOrganization({ body: { name: "A", slug: "a" }, headers });
  no<IsAny<typeof created>>(false);
  const available = await auth.api.isUsernameAvailable({ body: { username: "ada" } });
  yes<Same<typeof available, { available: boolean }>>(true);
  const codes = await auth.api.viewBackupCodes({ body: { userId: session.user.id } });
  yes<Same<(typeof codes)["backupCodes"], string[]>>(true);
  const { key } = await auth.api.createApiKey({ body: { name: "ci" }, headers });
  yes<Same<typeof key, string>>(true);
  const { token } = await auth.api.getConvexToken({ headers });
  yes<Same<typeof token, string>>(true);
  // @ts-expect-error a slug is missing
  await auth.api.createOrganization({ body: { name: "A" }, headers });
  // @ts-expect-error no such endpoint
  void auth.api.listWidgets;
}

export async function helpers(ctx: QueryCtx) {
  const session = await getSession(ctx);
  if (session) {
    yes<Same<typeof session.expiresAt, number>>(true);
    yes<Same<typeof session.userId, Id<"user">>>(true);
    yes<Same<typeof session.id, Id<"session">>>(true);
    yes<Same<typeof session._creationTime, number>>(true);
    yes<Same<typeof session.activeOrganizationId, Id<"organization"> | null>>(true);
  }
  yes<Same<Awaited<ReturnType<typeof getHeaders>>, Headers>>(true);
  const identity = await getAuthUserIdentity(ctx);
  if (identity) yes<Same<typeof identity.sessionId, Id<"session">>>(true);
  yes<Same<Awaited<ReturnType<typeof getAuthUserId>>, Id<"user"> | null>>(true);
}

type Handler<T> = T extends { _handler?: infer F } ? F : never;
no<IsAny<Handler<typeof create>>>(false);

export type ProcedureChecks = [typeof authQuery, typeof mine, typeof authDefinition];
