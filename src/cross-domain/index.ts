// The server half of the cross-domain plugin, for `kitcn/auth`.
export { crossDomain, type CrossDomainOptions } from "./plugin.js";
