// `kitcn/auth`: the plugin and the helpers that app code imports.
export { convex, TOKEN_TTL_SECONDS, type ConvexPluginOptions } from "./plugin.js";
export { crossDomain, type CrossDomainOptions } from "../cross-domain/index.js";
export { getAuthUserId, getAuthUserIdentity, type AuthUserIdentity } from "./identity.js";
export {
  getHeaders,
  getSession,
  type AuthId,
  type SessionDocument,
  type SessionOf,
} from "./session.js";
export { isKitcnError, KitcnError, type KitcnErrorCode, type KitcnErrorData } from "../errors.js";
