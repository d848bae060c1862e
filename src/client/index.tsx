// `kitcn/auth/client`: what an app's browser code imports.
export { ConvexAuthProvider, type ConvexAuthProviderProps } from "./provider.js";
// Declarations of an app's auth client name the types of its plugins.
export { convexClient, type ConvexClientPlugin } from "./convex-client.js";
export {
  crossDomainClient,
  type CrossDomainClientOptions,
  type CrossDomainClientPlugin,
} from "./cross-domain-client.js";
export type { ConvexAuthClient } from "./auth-client.js";
export type { CookieStorage } from "./cookie-jar.js";
