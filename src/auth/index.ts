// `kitcn/auth`: what auth.ts describes itself with, and the helpers that app code imports.
// Must not import better-auth or zod at run time, nor what does: a query evaluates all of it on every run.
export { convex, TOKEN_TTL_SECONDS, type ConvexPluginOptions } from "./convex.js";
export { crossDomain, type CrossDomainOptions } from "../cross-domain/index.js";
export type { ConvexPlugin } from "./plugin.js";
export type { CrossDomainPlugin } from "../cross-domain/plugin.js";
export { getAuthUserId, getAuthUserIdentity, type AuthUserIdentity } from "./session/identity.js";
export {
  getHeaders,
  getSession,
  type AuthId,
  type MemberOf,
  type SessionDocument,
  type SessionOf,
  type UserOf,
} from "./session/session.js";
export {
  requireOrganization,
  requireRole,
  type OrganizationDemand,
  type OrganizationMember,
  type RoleHolder,
} from "./session/require.js";
export {
  isKitcnError,
  KitcnError,
  type KitcnErrorCode,
  type KitcnErrorData,
} from "../errors/error.js";
