import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

// What a team works on.
export const projects = defineTable({
  organizationId: v.id("organization"),
  name: v.string(),
}).index("by_organizationId", ["organizationId"]);

/** Better Auth: user. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const userTable = defineTable({
  name: v.string(),
  email: v.string(), // unique
  emailVerified: v.boolean(), // default false
  image: v.optional(v.union(v.string(), v.null())),
  // Ours: shown instead of the name.
  nickname: v.optional(v.string()),
  createdAt: v.number(), // default now
  updatedAt: v.number(), // default now
  role: v.optional(v.union(v.string(), v.null())),
  banned: v.optional(v.union(v.boolean(), v.null())), // default false
  banReason: v.optional(v.union(v.string(), v.null())),
  banExpires: v.optional(v.union(v.number(), v.null())),
  plan: v.union(v.literal("free"), v.literal("pro")), // default "free"
})
  .index("by_email", ["email"])
  .index("by_nickname", ["nickname"]) // ours, too
  .index("by_createdAt", ["createdAt"])
  .index("by_name", ["name"]);

/** Better Auth: session. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const sessionTable = defineTable({
  expiresAt: v.number(),
  token: v.string(), // unique
  createdAt: v.number(), // default now
  updatedAt: v.number(),
  ipAddress: v.optional(v.union(v.string(), v.null())),
  userAgent: v.optional(v.union(v.string(), v.null())),
  userId: v.id("user"),
  activeOrganizationId: v.optional(v.union(v.string(), v.null())),
  activeTeamId: v.optional(v.union(v.string(), v.null())),
  impersonatedBy: v.optional(v.union(v.string(), v.null())),
})
  .index("by_token", ["token"])
  .index("by_userId_expiresAt", ["userId", "expiresAt"]);

/** Better Auth: account. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const accountTable = defineTable({
  accountId: v.string(),
  providerId: v.string(),
  userId: v.id("user"),
  accessToken: v.optional(v.union(v.string(), v.null())),
  refreshToken: v.optional(v.union(v.string(), v.null())),
  idToken: v.optional(v.union(v.string(), v.null())),
  accessTokenExpiresAt: v.optional(v.union(v.number(), v.null())),
  refreshTokenExpiresAt: v.optional(v.union(v.number(), v.null())),
  scope: v.optional(v.union(v.string(), v.null())),
  password: v.optional(v.union(v.string(), v.null())),
  createdAt: v.number(), // default now
  updatedAt: v.number(),
})
  .index("by_providerId_accountId", ["providerId", "accountId"])
  .index("by_userId", ["userId"]);

/** Better Auth: organization. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const organizationTable = defineTable({
  name: v.string(),
  slug: v.string(), // unique
  logo: v.optional(v.union(v.string(), v.null())),
  createdAt: v.number(),
  metadata: v.optional(v.union(v.string(), v.null())),
})
  .index("by_slug", ["slug"])
  .index("by_name", ["name"]);

/** Better Auth: team. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const teamTable = defineTable({
  name: v.string(),
  memberCount: v.number(), // default 0
  organizationId: v.id("organization"),
  createdAt: v.number(),
  updatedAt: v.optional(v.union(v.number(), v.null())),
}).index("by_organizationId", ["organizationId"]);

/** Better Auth: teamMember. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const teamMemberTable = defineTable({
  teamId: v.id("team"),
  userId: v.id("user"),
  membershipKey: v.optional(v.union(v.string(), v.null())), // unique
  createdAt: v.optional(v.union(v.number(), v.null())),
})
  .index("by_membershipKey", ["membershipKey"])
  .index("by_teamId_userId", ["teamId", "userId"])
  .index("by_userId", ["userId"]);

/** Better Auth: member. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const memberTable = defineTable({
  organizationId: v.id("organization"),
  userId: v.id("user"),
  role: v.string(), // default "member"
  createdAt: v.number(),
})
  .index("by_organizationId_userId", ["organizationId", "userId"])
  .index("by_organizationId_role", ["organizationId", "role"])
  .index("by_userId", ["userId"]);

/** Better Auth: invitation. Refreshed by `kitcn add auth --schema`; lines of your own stay. */
export const invitationTable = defineTable({
  organizationId: v.id("organization"),
  email: v.string(),
  role: v.optional(v.union(v.string(), v.null())),
  teamId: v.optional(v.union(v.string(), v.null())),
  status: v.string(), // default "pending"
  expiresAt: v.number(),
  createdAt: v.number(), // default now
  inviterId: v.id("user"),
})
  .index("by_organizationId_status", ["organizationId", "status"])
  .index("by_email_organizationId_status", ["email", "organizationId", "status"])
  .index("by_teamId", ["teamId"])
  .index("by_inviterId", ["inviterId"]);

export default defineSchema({
  projects,
  user: userTable,
  session: sessionTable,
  account: accountTable,
  organization: organizationTable,
  team: teamTable,
  teamMember: teamMemberTable,
  member: memberTable,
  invitation: invitationTable,
});
