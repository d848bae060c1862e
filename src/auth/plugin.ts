// The Better Auth plugin that turns a session into a JWT which Convex accepts. auth.ts describes it (convex.ts).
// Signs only where a token is asked for. Where the keys come from is the key ring's business.
import type { BetterAuthPlugin, GenericEndpointContext, Session, User } from "better-auth";
import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { jwt, signJWT } from "better-auth/plugins/jwt";
import type { AuthConfig } from "convex/server";
import * as z from "zod";
import { KitcnError } from "../errors.js";
import { DEFAULT_BASE_PATH, jwksPath, trimBasePath } from "./base-path.js";
import { CONVEX_APPLICATION_ID } from "./config.js";
import { assertExpiration, ttlSeconds, type ConvexPluginOptions } from "./convex.js";
import {
  JWT_ALGORITHM,
  printStaticJwks,
  publicJwks,
  type PublicJwks,
  type StoredKey,
} from "./jwks.js";
import { createKeyRing, isLive, RS256_KEYS, type KeyRing } from "./key-ring.js";

/** The built plugin. */
export type ConvexPlugin = ReturnType<typeof convex>;

/**
 * The same plugin as `convex` of `kitcn/auth`, with its endpoints: for instances that you make yourself.
 * `defineAuth` takes either.
 *
 * @throws KitcnError `INVALID_JWKS`, `INVALID_EXPIRATION`; `NO_CONVEX_PROVIDER`, `NO_SIGNING_KEY` and
 * `WRONG_SECRET` where a token is asked for
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
export function convex(options: ConvexPluginOptions) {
  assertExpiration(options);
  const keyRing = createKeyRing(options.jwks);
  const sign = tokenSigner(options, keyRing);

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
          return ctx.json(openIdConfig(convexProvider(options.authConfig).issuer, basePath));
        },
      ),
      getConvexJwks: createAuthEndpoint("/convex/jwks", { method: "GET" }, async (ctx) =>
        ctx.json<PublicJwks>(publicJwks(await keyRing.verifying(ctx))),
      ),
      getConvexToken: createAuthEndpoint(
        "/convex/token",
        { method: "GET", requireHeaders: true, use: [sessionMiddleware] },
        async (ctx) => ctx.json({ token: await sign(ctx, ctx.context.session) }),
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

// --- internal ---

type SignedInSession = {
  session: Session & Record<string, unknown>;
  user: User & Record<string, unknown>;
};

function tokenSigner(options: ConvexPluginOptions, keyRing: KeyRing) {
  return async (ctx: GenericEndpointContext, { session, user }: SignedInSession) => {
    const { issuer, audience } = convexProvider(options.authConfig);
    const custom = options.jwt?.definePayload
      ? await options.jwt.definePayload({ session, user })
      : claimsOfUser(user);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const keys = (await keyRing.verifying(ctx)).filter(isLive).map(rowOfKey);
    if (keys.length === 0) throw noSigningKey();
    return signOrExplain(ctx, {
      options: { ...RS256_KEYS, adapter: { getJwks: async () => keys } },
      payload: {
        ...custom,
        sub: user.id,
        sessionId: session.id,
        iat: nowSeconds,
        exp: nowSeconds + Math.ceil(ttlSeconds(options)),
        iss: issuer,
        aud: audience,
      },
    });
  };
}

function claimsOfUser({ id: _id, image: _image, ...claims }: Record<string, unknown>) {
  return claims;
}

function convexProvider({ providers }: AuthConfig): { issuer: string; audience: string } {
  for (const provider of providers) {
    if (provider.applicationID && provider.applicationID !== CONVEX_APPLICATION_ID) continue;
    const issuer = "type" in provider ? provider.issuer : provider.domain;
    if ("type" in provider && provider.algorithm !== JWT_ALGORITHM) continue;
    return { issuer, audience: CONVEX_APPLICATION_ID };
  }
  throw new KitcnError({
    code: "NO_CONVEX_PROVIDER",
    message: `auth.config.ts has no ${JWT_ALGORITHM} provider with applicationID "${CONVEX_APPLICATION_ID}".`,
    hint: "Add `getAuthConfigProvider()` from kitcn/auth/config to its providers.",
  });
}

/** Better Auth says of any secret that does not fit only that the key cannot be decrypted. */
async function signOrExplain(...args: Parameters<typeof signJWT>): Promise<string> {
  try {
    return await signJWT(...args);
  } catch (error) {
    if (!(error instanceof Error && /decrypt/.test(error.message))) throw error;
    throw new KitcnError({
      code: "WRONG_SECRET",
      message: "The signing key in JWKS was encrypted with another BETTER_AUTH_SECRET.",
      hint: "Run `npx kitcn env push --rotate` (with --prod for production) to make one with the secret of today.",
    });
  }
}

function noSigningKey(): KitcnError {
  return new KitcnError({
    code: "NO_SIGNING_KEY",
    message: "The static JWKS has no key that can sign a token.",
    hint: "Run `npx kitcn env push --rotate` to make one.",
  });
}

function openIdConfig(issuer: string, basePath: string = DEFAULT_BASE_PATH) {
  const origin = trimBasePath(issuer);
  return {
    issuer,
    authorization_endpoint: `${origin}${trimBasePath(basePath)}/oauth2/authorize`,
    jwks_uri: `${origin}${jwksPath(basePath)}`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [JWT_ALGORITHM],
  };
}

function rowOfKey(key: StoredKey) {
  return {
    id: key.id,
    publicKey: key.publicKey,
    privateKey: key.privateKey ?? "",
    createdAt: new Date(key.createdAt),
    // Expiry of ours is the end of a grace period; Better Auth must not mint a key because of it.
    alg: JWT_ALGORITHM,
  } as const;
}
