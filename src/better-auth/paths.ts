// Lists endpoints of Better Auth and its plugins that kitcn treats specially, by path below the base path. Data, and
// small checks of paths. A test compares them with the installed Better Auth, and fails if one was renamed.

export const SIGN_UP_PATH = "/sign-up/email";

export const SIGN_OUT_PATH = "/sign-out";

/** Endpoints that `session.cookieCache` usually answers from a cookie. The second one is the endpoint of `convex()`. */
export const CACHED_PATHS = ["/get-session", "/convex/token"] as const;

/** Endpoints that begin an OAuth flow. */
export const SOCIAL_PATHS: ReadonlySet<string> = new Set(["/sign-in/social", "/link-social"]);

/** Endpoints that leave the page or mail a link. Without a callbackURL, Better Auth would return to its own URL. */
export const LEAVING_PATHS: ReadonlySet<string> = new Set([
  ...SOCIAL_PATHS,
  "/sign-in/sso",
  "/sign-in/magic-link",
  SIGN_UP_PATH,
  "/send-verification-email",
  "/change-email",
]);

/** Endpoints where `oAuthProxy()` ends a flow of another deployment. The second is an older name of the first. */
export const PROXY_ENDS: ReadonlySet<string> = new Set([
  "/callback/:id/oauth-proxy",
  "/oauth-proxy-callback",
]);

/** True for a path to which identity providers return the browser: `/callback/:id`, `/oauth2/callback/:id`. */
export function isCallback(path: string | undefined): boolean {
  return path?.split("/").includes("callback") ?? false;
}

/** True for one of `PROXY_ENDS`, as a pattern or as the path of a request. */
export function isProxied(path: string | undefined): boolean {
  return /\/(oauth-proxy-callback|oauth-proxy)\/*$/.test(path ?? "");
}
