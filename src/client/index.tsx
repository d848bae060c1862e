// `kitcn/auth/client`: what an app's browser code imports.
export { ConvexAuthProvider, type ConvexAuthProviderProps } from "./provider.js";
export { convexClient } from "./convex-client.js";
export { crossDomainClient, type CrossDomainClientOptions } from "./cross-domain-client.js";
export type { ConvexAuthClient } from "./auth-client.js";
export type { CookieStorage } from "./cookie-jar.js";
