// The Better Auth plugin that turns a session into a JWT which Convex accepts. auth.ts describes it (convex.ts).
// Signs only where a token is asked for: tokens.ts does. Where the keys come from is the key ring's business.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { jwt } from "better-auth/plugins/jwt";
import * as z from "zod";
import { deploymentSigns } from "../errors/keys.js";
import { assertOptions, ttlSeconds, type ConvexPluginOptions } from "./convex.js";
import { DEFAULT_BASE_PATH, jwksPath, trimBasePath } from "./http/base-path.js";
import { DEPLOYMENT_ALGORITHM, deploymentJwksUrl } from "./keys/deployment-keys.js";
import { JWT_ALGORITHM, printStaticJwks, publicJwks, type PublicJwks } from "./keys/jwks.js";
import { createKeyRing, type KeyRing } from "./keys/key-ring.js";
import { issuerOf, tokenMaker } from "./keys/tokens.js";

type Made = ReturnType<typeof makePlugin>;

/** What `convex` of `kitcn/auth/plugin` makes. An interface, so that an app with `declaration: true` can name it without zod. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- a type alias has no name in declarations
export interface ConvexPlugin extends Made {}

/**
 * The same plugin as `convex` of `kitcn/auth`, with its endpoints: for instances that you make yourself.
 * `defineAuth` takes either.
 *
 * @throws KitcnError `INVALID_JWKS`, `INVALID_EXPIRATION`, `INVALID_SIGNER`; `NO_CONVEX_PROVIDER`, `NO_SIGNING_KEY`
 * and `WRONG_SECRET` where a token is asked for. `signer: "deployment"` works in instances of `defineAuth` only.
 * @example
 * import { betterAuth } from "better-auth";
 * import { convex } from "kitcn/auth/plugin";
 * import type { ActionCtx } from "./_generated/server";
 * import authConfig from "./auth.config";
 * import { httpAdapter } from "./generated/auth";
 *
 * export const createAuth = (ctx: ActionCtx) =>
 *   betterAuth({ database: httpAdapter(ctx), plugins: [convex({ authConfig })] });
 */
export function convex(options: ConvexPluginOptions): ConvexPlugin {
  return makePlugin(options);
}

// --- internal ---

function makePlugin(options: ConvexPluginOptions) {
  assertOptions(options);
  const keyRing = keysOf(options, createKeyRing(options.jwks));
  const makeToken = tokenMaker(options, keyRing);

  // Tokens of an earlier signer are verified until they expire.
  const published = options.signer === "deployment" ? keyRing.known : keyRing.verifying;

  return {
    id: "convex",
    /** What it was made with, for `kitcn doctor`. */
    options,
    schema: jwt().schema,
    // A query has no cookies: `getHeaders(ctx)` passes the signed session token as a bearer. The bare token is
    // in every session document and in the body of get-session, so it is no credential.
    hooks: { before: bearer({ requireSignature: true }).hooks.before },
    endpoints: {
      getConvexOpenIdConfig: createAuthEndpoint(
        "/convex/.well-known/openid-configuration",
        { method: "GET" },
        async (ctx) => {
          const basePath = options.options?.basePath ?? ctx.context.options.basePath;
          return ctx.json(openIdConfig(options, basePath));
        },
      ),
      getConvexJwks: createAuthEndpoint("/convex/jwks", { method: "GET" }, async (ctx) =>
        ctx.json<PublicJwks>(publicJwks(await published(ctx))),
      ),
      getConvexToken: createAuthEndpoint(
        "/convex/token",
        { method: "GET", requireHeaders: true, use: [sessionMiddleware] },
        async (ctx) => ctx.json({ token: await makeToken(ctx, ctx.context.session) }),
      ),
      /** The static JWKS of this deployment's stored keys; makes the first key where there is none. */
      getLatestJwks: createAuthEndpoint.serverOnly({ method: "POST" }, async (ctx) =>
        printStaticJwks(await keyRing.latest(ctx)),
      ),
      /** A new signing key, as static JWKS. With `grace` older public keys stay for one token lifetime. */
      rotateKeys: createAuthEndpoint.serverOnly(
        { method: "POST", body: z.object({ grace: z.boolean().optional() }).optional() },
        async (ctx) => {
          const graceMs = ctx.body?.grace ? ttlSeconds(options) * 1000 : undefined;
          return printStaticJwks(await keyRing.rotate(ctx, { graceMs }));
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

/** Where the deployment signs, there is no key to store or to rotate. */
function keysOf(options: ConvexPluginOptions, keyRing: KeyRing): KeyRing {
  if (options.signer !== "deployment") return keyRing;
  const refuse = async () => {
    throw deploymentSigns();
  };
  return { ...keyRing, latest: refuse, rotate: refuse };
}

function openIdConfig(options: ConvexPluginOptions, basePath: string = DEFAULT_BASE_PATH) {
  const issuer = issuerOf(options);
  const isKeyless = options.signer === "deployment";
  const origin = trimBasePath(issuer);
  return {
    issuer,
    authorization_endpoint: `${origin}${trimBasePath(basePath)}/oauth2/authorize`,
    jwks_uri: isKeyless ? deploymentJwksUrl(origin) : `${origin}${jwksPath(basePath)}`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [isKeyless ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM],
  };
}
