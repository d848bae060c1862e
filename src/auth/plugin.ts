// The Better Auth plugin that turns a session into a JWT which Convex accepts.
// Signs only where a token is asked for. Must not read the database for keys when JWKS is static.
import type { BetterAuthPlugin, GenericEndpointContext, Session, User } from "better-auth";
import { createAuthEndpoint, sessionMiddleware } from "better-auth/api";
import { bearer } from "better-auth/plugins/bearer";
import { createJwk, jwt, signJWT } from "better-auth/plugins/jwt";
import type { AuthConfig } from "convex/server";
import * as z from "zod";
import { KitcnError } from "../errors.js";
import { needsAction } from "../request/effects.js";
import { CONVEX_APPLICATION_ID, DEFAULT_BASE_PATH, jwksPath } from "./config.js";
import {
  JWT_ALGORITHM,
  parseStaticJwks,
  printStaticJwks,
  publicJwks,
  type PublicJwks,
  type StoredKey,
} from "./jwks.js";

export type ConvexPluginOptions = {
  /** The default export of auth.config.ts: issuer and audience of the tokens come from it. */
  authConfig: AuthConfig;
  jwt?: {
    /** Lifetime of a token in seconds. Default: 900. */
    expirationSeconds?: number;
    /**
     * The custom claims of a token. Default: all user fields except `id` and `image`. `sessionId` and
     * `iat` are always added.
     */
    definePayload?: (session: {
      user: User & Record<string, unknown>;
      session: Session & Record<string, unknown>;
    }) => Promise<Record<string, unknown>> | Record<string, unknown>;
  };
  /** Static JWKS text, as `kitcn env push` stores it. Without it, keys are read from the database. */
  jwks?: string | undefined;
  options?: {
    /** As Better Auth's own `basePath`. Default: `/api/auth`. */
    basePath?: string;
  };
};

/** Default lifetime of a token, in seconds. */
export const TOKEN_TTL_SECONDS = 900;

/**
 * Makes Better Auth issue tokens that `ctx.auth.getUserIdentity()` accepts.
 *
 * @throws KitcnError `NO_CONVEX_PROVIDER`, `INVALID_JWKS`
 * @example
 * plugins: [convex({ authConfig, jwks: process.env.JWKS })]
 */
export function convex(options: ConvexPluginOptions) {
  const keyRing = createKeyRing(options);
  const sign = tokenSigner(options, keyRing);
  const basePath = options.options?.basePath ?? DEFAULT_BASE_PATH;

  return {
    id: "convex",
    schema: jwt().schema,
    // A query has no cookies: `getHeaders(ctx)` passes the session token as a bearer.
    hooks: { before: bearer().hooks.before },
    endpoints: {
      getConvexOpenIdConfig: createAuthEndpoint(
        "/convex/.well-known/openid-configuration",
        { method: "GET" },
        async (ctx) => ctx.json(openIdConfig(convexProvider(options.authConfig).issuer, basePath)),
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
      getLatestJwks: createAuthEndpoint.serverOnly({ method: "POST" }, async (ctx) => {
        const keys = await keyRing.stored(ctx);
        if (keys.some(isLive)) return printStaticJwks(keys);
        await mintKey(ctx);
        return printStaticJwks(await keyRing.stored(ctx));
      }),
      /** A new signing key. With `grace` the old public keys stay for one token lifetime. */
      rotateKeys: createAuthEndpoint.serverOnly(
        { method: "POST", body: z.object({ grace: z.boolean().optional() }).optional() },
        async (ctx) => {
          const old = await keyRing.stored(ctx);
          await mintKey(ctx);
          await retire(ctx, old, {
            until: ctx.body?.grace ? Date.now() + ttlSeconds(options) * 1000 : undefined,
          });
          return printStaticJwks(await keyRing.stored(ctx));
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}

// --- internal ---

const RS256_KEYS = { jwks: { keyPairConfig: { alg: JWT_ALGORITHM } } } as const;

/** Only an action may generate a key. */
async function mintKey(ctx: GenericEndpointContext): Promise<void> {
  await needsAction("a signing key is made");
  await createJwk(ctx, RS256_KEYS);
}

type KeyRing = {
  /** Every key a token may still be signed with, or verified by. */
  verifying(ctx: GenericEndpointContext): Promise<StoredKey[]>;
  /** The keys in the database, whatever JWKS says. */
  stored(ctx: GenericEndpointContext): Promise<StoredKey[]>;
};

function createKeyRing({ jwks }: ConvexPluginOptions): KeyRing {
  const fixed = jwks ? parseStaticJwks(jwks) : undefined;
  const stored = async (ctx: GenericEndpointContext) => {
    const rows = await ctx.context.adapter.findMany<DatabaseKey>({ model: "jwks" });
    return rows.map(keyOfRow).filter((key) => !isExpired(key) && key.alg === JWT_ALGORITHM);
  };
  return {
    stored,
    async verifying(ctx) {
      if (fixed) return fixed.filter((key) => !isExpired(key));
      const keys = await stored(ctx);
      if (keys.some(isLive)) return keys;
      await mintKey(ctx);
      return stored(ctx);
    },
  };
}

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
    return signJWT(ctx, {
      options: { ...RS256_KEYS, adapter: { getJwks: async () => keys } },
      payload: {
        ...custom,
        sub: user.id,
        sessionId: session.id,
        iat: nowSeconds,
        exp: nowSeconds + ttlSeconds(options),
        iss: issuer,
        aud: audience,
      },
    });
  };
}

function ttlSeconds(options: ConvexPluginOptions): number {
  return options.jwt?.expirationSeconds ?? TOKEN_TTL_SECONDS;
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

function noSigningKey(): KitcnError {
  return new KitcnError({
    code: "NO_SIGNING_KEY",
    message: "The static JWKS has no key that can sign a token.",
    hint: "Run `npx kitcn env push --rotate` to make one.",
  });
}

function openIdConfig(issuer: string, basePath: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}${basePath}/oauth2/authorize`,
    jwks_uri: `${issuer}${jwksPath(basePath)}`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [JWT_ALGORITHM],
  };
}

/** A row of Better Auth's `jwks` model; adapters give dates as Date. */
type DatabaseKey = {
  id: string;
  publicKey: string;
  privateKey: string;
  createdAt: Date;
  expiresAt?: Date | null;
  alg?: string | null;
};

function keyOfRow(row: DatabaseKey): StoredKey {
  return {
    id: row.id,
    publicKey: row.publicKey,
    privateKey: row.privateKey || undefined,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime(),
    alg: row.alg ?? undefined,
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

/** Can sign: has a private key and is not on its way out. */
function isLive(key: StoredKey): boolean {
  return key.privateKey !== undefined && key.expiresAt === undefined;
}

function isExpired(key: StoredKey): boolean {
  return key.expiresAt !== undefined && key.expiresAt <= Date.now();
}

/** Old keys keep only their public half until `until` (ms), or go at once. */
async function retire(
  ctx: GenericEndpointContext,
  keys: readonly StoredKey[],
  { until }: { until: number | undefined },
): Promise<void> {
  for (const key of keys) {
    const where = [{ field: "id", value: key.id }];
    if (until === undefined) await ctx.context.adapter.delete({ model: "jwks", where });
    else if (isLive(key))
      await ctx.context.adapter.update({
        model: "jwks",
        where,
        update: { privateKey: "", expiresAt: new Date(until) },
      });
  }
}
