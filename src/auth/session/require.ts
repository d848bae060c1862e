// What a function may demand of whoever calls it: a role, or membership of an organization. In every context, with one
// read more than getSession. Must not import better-auth: queries evaluate this.
import type { GenericDataModel } from "convex/server";
import {
  noActiveOrganization,
  noRoles,
  notAMember,
  notSignedIn,
  roleRequired,
} from "../../errors/session.js";
import type { StandingAnswer, StandingQuestion } from "./standing.js";
import { internalReference, STORE_MODULE } from "../references.js";
import { getSession, type SessionOf } from "./session.js";
import type { AuthId, MemberOf, UserOf } from "./session-types.js";
import type { AuthCtx } from "../types.js";

/** Who calls, once it is known that they may. */
export type RoleHolder<DataModel extends GenericDataModel> = {
  readonly session: SessionOf<DataModel>;
  readonly userId: AuthId<"user">;
  /** The user's document, with `id`; dates are ms numbers. */
  readonly user: UserOf<DataModel>;
  /** All of the user's roles: Better Auth keeps them in one text, with commas. */
  readonly roles: readonly string[];
};

/** A signed-in member of an organization. */
export type OrganizationMember<DataModel extends GenericDataModel> = {
  readonly session: SessionOf<DataModel>;
  readonly userId: AuthId<"user">;
  readonly organizationId: AuthId<"organization">;
  readonly memberId: AuthId<"member">;
  /** The member's document, with `id`; dates are ms numbers. */
  readonly member: MemberOf<DataModel>;
  /** All of the member's roles: Better Auth keeps them in one text, with commas. */
  readonly roles: readonly string[];
};

export type OrganizationDemand = {
  /** Default: the organization that is active in the session. */
  readonly organizationId?: string | undefined;
  /** One of these roles is enough. Default: every member may. */
  readonly role?: string | readonly string[] | undefined;
};

/**
 * Goes on for a signed-in user with one of these roles, which are those of Better Auth's admin plugin.
 *
 * @throws KitcnError `NOT_SIGNED_IN`, `ROLE_REQUIRED`; `NO_ROLES` where users have no roles
 * @example
 * import { requireRole } from "kitcn/auth";
 * import { query } from "./_generated/server";
 *
 * export const reports = query({
 *   args: {},
 *   handler: async (ctx) => {
 *     const { roles } = await requireRole(ctx, "admin");
 *     return roles;
 *   },
 * });
 */
export async function requireRole<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  role: string | readonly string[],
): Promise<RoleHolder<DataModel>> {
  const { session, userId } = await requireSession(ctx);
  const found = await ctx.runQuery(STANDING, { userId, sessionId: session.id, of: "user" });
  if (found === "no roles") throw noRoles();
  assertRole(found.roles, role);
  const user = found.row as unknown as UserOf<DataModel>; // a row with roles, of that table
  return { session, userId, user, roles: found.roles };
}

/**
 * Goes on for a signed-in member of the active organization, or of the one that is named.
 *
 * @throws KitcnError `NOT_SIGNED_IN`, `NO_ACTIVE_ORGANIZATION`, `NOT_A_MEMBER`, `ROLE_REQUIRED`; `NO_ROLES` where the
 *   organization plugin is off
 * @example
 * import { requireOrganization } from "kitcn/auth";
 * import { query } from "./_generated/server";
 *
 * export const settings = query({
 *   args: {},
 *   handler: async (ctx) => {
 *     const { organizationId } = await requireOrganization(ctx, { role: ["owner", "admin"] });
 *     return organizationId;
 *   },
 * });
 */
export async function requireOrganization<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  { organizationId, role }: OrganizationDemand = {},
): Promise<OrganizationMember<DataModel>> {
  const { session, userId } = await requireSession(ctx);
  const asked = organizationId ?? session.activeOrganizationId;
  if (!asked) throw noActiveOrganization();
  const question = { userId, sessionId: session.id, of: "member", organizationId: asked } as const;
  const found = await ctx.runQuery(STANDING, question);
  if (found === "no roles") throw noRoles();
  if (!found.row) throw notAMember();
  if (role !== undefined) assertRole(found.roles, role);
  return {
    session,
    userId,
    roles: found.roles,
    // Ids of these tables, and a row, read from them.
    organizationId: asked as AuthId<"organization">,
    memberId: found.row["id"] as AuthId<"member">,
    member: found.row as unknown as MemberOf<DataModel>,
  };
}

// --- internal ---

const STANDING = internalReference<"query", StandingQuestion, StandingAnswer>(
  `${STORE_MODULE}:authSession`,
);

type AnySession = {
  readonly id: string;
  readonly userId: AuthId<"user">;
  readonly activeOrganizationId?: string | null;
};

async function requireSession<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
): Promise<{
  readonly session: SessionOf<DataModel> & AnySession;
  readonly userId: AuthId<"user">;
}> {
  const session = (await getSession(ctx)) as (SessionOf<DataModel> & AnySession) | null; // every session has these
  if (!session) throw notSignedIn();
  return { session, userId: session.userId };
}

function assertRole(roles: readonly string[], role: string | readonly string[]): void {
  const wanted = [role].flat();
  if (wanted.some((one) => roles.includes(one))) return;
  throw roleRequired({ role: wanted.join(" or ") });
}
