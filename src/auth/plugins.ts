// `kitcn/auth/plugin`: kitcn's plugins as Better Auth runs them, for instances that apps make themselves.
// Must not be imported by what queries load: the functions of the same names in `kitcn/auth` are light.
export { convex, type ConvexPlugin } from "./plugin.js";
export { crossDomain, type CrossDomainPlugin } from "../cross-domain/plugin.js";
export type { ConvexPluginOptions } from "./convex.js";
export type { CrossDomainOptions } from "../cross-domain/index.js";
