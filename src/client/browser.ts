// `kitcn/auth/browser`: what an app's browser code imports where it has no React.
// Must stay free of React.
export {
  createAuthStore,
  type AuthStore,
  type AuthStoreOptions,
  type AuthStoreState,
} from "./auth-store.js";
export { connectAuth, type ConnectAuthOptions, type ConvexAuthState } from "./connect-auth.js";
export { convexClient } from "./convex-client.js";
export { crossDomainClient, type CrossDomainClientOptions } from "./cross-domain-client.js";
export type { ConvexAuthClient } from "./auth-client.js";
export type { CookieStorage } from "./cookie-jar.js";
