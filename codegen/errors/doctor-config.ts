// What `kitcn doctor` says about what auth.ts, auth.config.ts and http.ts have to agree on, and about plugins.
// Only sentences: each function takes names and texts, and decides nothing.
import type { Finding } from "./finding-codes.js";

// Who makes tokens, and who accepts them. `helper`: the call that makes the provider.

export const convexPluginMissing = (): Finding => ({
  code: "NO_CONVEX_PLUGIN",
  level: "error",
  message: "auth.ts does not use the convex() plugin, so there are no tokens.",
  fix: 'In auth.ts: import { convex } from "kitcn/auth" and authConfig from "./auth.config", and add `convex({ authConfig, jwks: process.env.JWKS })` to `plugins`.',
});

export const providerMissing = ({
  algorithm,
  applicationId,
  helper,
}: {
  algorithm: string;
  applicationId: string;
  helper: string;
}): Finding => ({
  code: "NO_CONVEX_PROVIDER",
  level: "error",
  message: `auth.config.ts has no ${algorithm} provider with applicationID "${applicationId}".`,
  fix: `Add \`${helper}\` from kitcn/auth/config to the providers of auth.config.ts. In auth.ts, pass its default export to convex({ authConfig }). Then push the functions.`,
});

export const providerNotPassed = ({
  algorithm,
  applicationId,
}: {
  algorithm: string;
  applicationId: string;
}): Finding => ({
  code: "NO_CONVEX_PROVIDER",
  level: "error",
  message: `The authConfig that auth.ts passes to convex() has no ${algorithm} provider with applicationID "${applicationId}", but auth.config.ts has one.`,
  fix: 'In auth.ts: import authConfig from "./auth.config" and pass it to convex({ authConfig }).',
});

export const providerHasDomain = ({ helper }: { helper: string }): Finding => ({
  code: "OIDC_PROVIDER",
  level: "error",
  message:
    "The provider in auth.config.ts has a `domain`: Convex looks for its keys at the root of that domain, where kitcn serves nothing.",
  fix: `In auth.config.ts: replace that provider with \`${helper}\` from kitcn/auth/config, then push the functions.`,
});

export const issuersDiffer = ({
  issued,
  accepted,
}: {
  issued: string;
  accepted: string;
}): Finding => ({
  code: "ISSUER_MISMATCH",
  level: "error",
  message: `auth.ts issues tokens as ${issued}, and auth.config.ts accepts ${accepted}.`,
  fix: 'In auth.ts: import authConfig from "./auth.config" and pass it to convex({ authConfig }).',
});

// Base paths. `wanted`: Better Auth's.

export const pluginBasePath = ({ wanted, given }: { wanted: string; given: string }): Finding => ({
  code: "BASE_PATH_MISMATCH",
  level: "error",
  message: `Better Auth's basePath in auth.ts is "${wanted}", but convex({ options: { basePath } }) in auth.ts says "${given}".`,
  fix: `Remove \`basePath\` from the options of convex() in auth.ts, or write "${wanted}" there.`,
});

/** `at`: the module, and the line if it is known. */
export const httpBasePath = ({
  at,
  wanted,
  given,
}: {
  at: string;
  wanted: string;
  given: string;
}): Finding => ({
  code: "BASE_PATH_MISMATCH",
  level: "error",
  message: `Better Auth's basePath in auth.ts is "${wanted}", but ${at} says "${given}".`,
  fix: "Run `npx kitcn codegen`, and pass no other basePath to registerRoutes or authMiddleware.",
});

export const configBasePath = ({ wanted, given }: { wanted: string; given: string }): Finding => ({
  code: "BASE_PATH_MISMATCH",
  level: "error",
  message: `Better Auth's basePath in auth.ts is "${wanted}", but auth.config.ts says "${given}".`,
  fix: `In auth.config.ts: write getAuthConfigProvider({ basePath: "${wanted}" }), then push the functions.`,
});

// What the deployment answers. `answer`: the status, with what it says of the failure.

export const routesNotFound = ({ url, answer }: { url: string; answer: string }): Finding => ({
  code: "AUTH_ROUTES_MISSING",
  level: "error",
  message: `${url} answers ${answer}, so requests do not reach Better Auth there.`,
  fix: "Call registerRoutes in http.ts, or use authMiddleware with Hono. Then push the functions: npx convex dev, in production npx convex deploy",
});

export const routesFail = ({ url, answer }: { url: string; answer: string }): Finding => ({
  code: "AUTH_ROUTES_MISSING",
  level: "error",
  message: `${url} answers ${answer}, so requests do not reach Better Auth there.`,
  fix: "Run `npx convex logs` (add --prod for production), open that URL again, and fix the error that the logs show.",
});

// Options of Better Auth.

/** `option`: the line to write. */
export const rateLimitsOff = ({
  file,
  line,
  option,
}: {
  file: string;
  line: number;
  option: string;
}): Finding => ({
  code: "RATE_LIMITS_OFF",
  level: "warning",
  message: `${file} has no rate limits, so anybody can guess passwords and codes, or make it send mails, without limit.`,
  fix: `Add \`${option}\` to the options of defineAuth() in ${file}, run \`npx kitcn add auth --schema --yes\`, then push.`,
  file,
  line,
});

/** `maker`: the function that makes the plugin `needs`; `problem`: what Better Auth answers. */
export const pluginMissing = ({
  plugin,
  needs,
  maker,
  problem,
}: {
  plugin: string;
  needs: string;
  maker: string;
  problem: string;
}): Finding => ({
  code: "PLUGIN_MISSING",
  level: "error",
  message: `The plugin "${plugin}" needs the plugin "${needs}", which auth.ts does not list: every request fails with "${problem}".`,
  fix: `Add \`${maker}()\` to \`plugins\` in auth.ts, run \`npx kitcn add auth --schema --yes\`, then push.`,
});
