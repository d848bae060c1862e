// Endpoints of Better Auth and its plugins that kitcn treats in a way of their own, by path below the base path. Data and
// small tests of paths. A test compares them with the installed Better Auth, so that a renamed endpoint is noticed.

export const SIGN_UP_PATH = "/sign-up/email";

export const SIGN_OUT_PATH = "/sign-out";

/** What `session.cookieCache` answers from a cookie, mostly. The second is the endpoint of `convex()`. */
export const CACHED_PATHS = ["/get-session", "/convex/token"] as const;

/** Where an OAuth flow begins. */
export const SOCIAL_PATHS: ReadonlySet<string> = new Set(["/sign-in/social", "/link-social"]);

/** What leaves the page, or mails a link: without a callbackURL, Better Auth would come back to itself. */
export const LEAVING_PATHS: ReadonlySet<string> = new Set([
  ...SOCIAL_PATHS,
  "/sign-in/sso",
  "/sign-in/magic-link",
  SIGN_UP_PATH,
  "/send-verification-email",
  "/change-email",
]);

/** Where `oAuthProxy()` ends a flow that another deployment has passed on. The second is the first's name of before. */
export const PROXY_ENDS: ReadonlySet<string> = new Set([
  "/callback/:id/oauth-proxy",
  "/oauth-proxy-callback",
]);

/** True where identity providers send the browser back to: `/callback/:id`, `/oauth2/callback/:id`. */
export function isCallback(path: string | undefined): boolean {
  return path?.split("/").includes("callback") ?? false;
}

/** True at one of `PROXY_ENDS`, given as a pattern or as the path of a request. */
export function isProxied(path: string | undefined): boolean {
  return /\/(oauth-proxy-callback|oauth-proxy)\/*$/.test(path ?? "");
}
