// What `kitcn doctor` says about who may call the auth routes from where: trusted origins, links of phones, CORS, proxies.
// Only sentences: each function takes names and texts, and decides nothing.
import type { Finding } from "./finding-codes.js";

// Trusted origins. `where`: the list that has the origin; `variable`: the one that adds origins to a deployment.

export const expoGoTrusted = ({
  where,
  origin,
  variable,
}: {
  where: string;
  origin: string;
  variable: string;
}): Finding => ({
  code: "OPEN_ORIGIN",
  level: "warning",
  message: `${where} has "${origin}": such links open anybody's app in Expo Go, and would give it the session of your users.`,
  fix: `Remove it from there. For development, write it into ${variable} in convex/.env and run npx kitcn env push.`,
});

export const strangersTrusted = ({
  where,
  origin,
  variable,
}: {
  where: string;
  origin: string;
  variable: string;
}): Finding => ({
  code: "OPEN_ORIGIN",
  level: "warning",
  message: `${where} has "${origin}": anybody can create a site there, whose pages may call your auth routes as your signed-in users.`,
  fix: `List only production's own origins. For previews, set ${variable} on preview deployments only: npx convex env default set --type preview ${variable} "<pattern>"`,
});

/** `authFile`: auth.ts as the user knows it. */
export const schemeNotTrusted = ({
  scheme,
  authFile,
  file,
  line,
}: {
  scheme: string;
  authFile: string;
  file: string;
  line: number;
}): Finding => ({
  code: "SCHEME_NOT_TRUSTED",
  level: "error",
  message: `${file}:${line} says that the app's links begin with ${scheme}://, which trustedOrigins in ${authFile} lacks: the auth routes refuse phones.`,
  fix: `Add "${scheme}://" to trustedOrigins in ${authFile}. Then push it: npx convex dev, in production npx convex deploy`,
  file,
  line,
});

// Between browsers and auth routes.

/** `basePath`: Better Auth's; `paths`: what cors() covers. */
export const corsMissesAuth = ({
  at,
  paths,
  basePath,
}: {
  at: string;
  paths: readonly string[];
  basePath: string;
}): Finding => ({
  code: "CORS_MISSES_AUTH",
  level: "warning",
  message: `${at}: cors() of hono/cors is on ${paths.join(" and ")}, and the auth routes are below ${basePath}, so browsers on another site cannot call them.`,
  fix: `Add \`app.use("${basePath}/*", cors({ ... }))\` before authMiddleware, with the options that the other routes have.`,
});

export const oauthProxyOpen = (): Finding => ({
  code: "OAUTH_PROXY_OPEN",
  level: "warning",
  message:
    "oAuthProxy() in auth.ts does not recognize production: whoever can read the secret of a preview can sign in to production as any user.",
  fix: 'Give it `productionURL: "https://<your app>"` and `currentURL: process.env.SITE_URL`. On production, both must be the same site. See docs/previews.md.',
});
