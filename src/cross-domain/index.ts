// `crossDomain()` of `kitcn/auth`: describes the plugin. What it does is plugin.ts, which `createAuth` builds of this.
// Must not import better-auth or zod at run time: every query that imports a helper loads this.
import { describePlugin } from "../plugin-description.js";
import type { CrossDomainPlugin } from "./plugin.js";

export type CrossDomainOptions = {
  /** Where the app is served, as `https://app.example.com` or `http://localhost:5173`. */
  siteUrl: string;
};

/**
 * For apps that are served from another site than the auth routes (a Vite SPA, Expo): cookies travel in
 * the `Better-Auth-Cookie` and `Set-Better-Auth-Cookie` headers of `crossDomainClient()`, relative
 * callback URLs lead to the app, and redirects back to it carry a token that is good for three minutes.
 *
 * After a sign-in with a provider, the token is what the provider said, sealed: nothing is written and
 * nobody is signed in before the client that began sends it back with its state cookie. After a mailed
 * link, the token stands for the session, is good once, and works wherever the link was opened.
 * `siteUrl` becomes a trusted origin; other clients of the same deployment are not affected.
 * For `defineAuth`; where you call `betterAuth()` yourself, import it from `kitcn/auth/plugin`.
 *
 * @throws KitcnError `INVALID_SITE_URL` when the first request is served
 * @example
 * import { convex, crossDomain } from "kitcn/auth";
 * import authConfig from "./auth.config";
 * import { defineAuth } from "./generated/auth";
 *
 * export default defineAuth(() => ({
 *   emailAndPassword: { enabled: true },
 *   plugins: [convex({ authConfig }), crossDomain({ siteUrl: process.env.SITE_URL! })],
 * }));
 */
export function crossDomain(options: CrossDomainOptions): CrossDomainPlugin {
  return describePlugin<CrossDomainPlugin>("crossDomain", { id: "cross-domain", options });
}
