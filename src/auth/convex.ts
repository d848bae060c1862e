// `convex()` of `kitcn/auth`: describes the plugin. Its endpoints are plugin.ts, which `createAuth` builds of this.
// Must not import better-auth or zod at run time: every query that imports a helper loads this.
import type { Session, User } from "better-auth";
import type { AuthConfig } from "convex/server";
import { invalidLifetime, lifetimeTooLong } from "../errors/plugin.js";
import { describePlugin } from "../plugin-description.js";
import {
  assertSigner,
  MAX_DEPLOYMENT_TTL_SECONDS,
  type TokenSigner,
} from "./keys/deployment-keys.js";
import type { ConvexPlugin } from "./plugin.js";

export type ConvexPluginOptions = {
  /** The default export of auth.config.ts: issuer and audience of the tokens come from it. */
  authConfig: AuthConfig;
  jwt?: {
    /** Lifetime of a token in seconds. Default: 900. With `signer: "deployment"` at most 3,600. */
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
  /**
   * Who signs the tokens. `"jwks"`: a key of the app's own, in `jwks` or the database. `"deployment"`: the key that
   * Convex keeps for the deployment (`ctx.auth.signJwt` of convex 1.48), so that there is no key to store, push or
   * rotate; auth.config.ts needs `getAuthConfigProvider({ signer: "deployment" })`. Default: `"jwks"`.
   */
  signer?: TokenSigner | undefined;
  options?: {
    /** Where the auth routes are. Default: Better Auth's own `basePath`, else `/api/auth`. */
    basePath?: string;
  };
};

/** Default lifetime of a token, in seconds. */
export const TOKEN_TTL_SECONDS = 900;

/**
 * Makes Better Auth issue tokens that `ctx.auth.getUserIdentity()` accepts. For `defineAuth`; where you call
 * `betterAuth()` yourself, import it from `kitcn/auth/plugin`.
 *
 * @throws KitcnError `INVALID_EXPIRATION`, `INVALID_SIGNER`; `INVALID_JWKS` at the first request; `NO_CONVEX_PROVIDER`,
 * `NO_SIGNING_KEY`, `WRONG_SECRET`, and with `signer: "deployment"` `RESERVED_CLAIM`, `NO_DEPLOYMENT_SIGNER` and
 * `WRONG_ISSUER` where a token is asked for
 * @example
 * // convex/auth.ts
 * import { convex } from "kitcn/auth";
 * import authConfig from "./auth.config";
 * import { defineAuth } from "./generated/auth";
 *
 * export default defineAuth(() => ({
 *   emailAndPassword: { enabled: true },
 *   plugins: [convex({ authConfig, jwks: process.env.JWKS })],
 * }));
 */
export function convex(options: ConvexPluginOptions): ConvexPlugin {
  assertOptions(options);
  return describePlugin<ConvexPlugin>("convex", { id: "convex", options, schema: KEYS_SCHEMA });
}

/** Lifetime of a token, in seconds. */
export function ttlSeconds({ jwt }: ConvexPluginOptions): number {
  return jwt?.expirationSeconds ?? TOKEN_TTL_SECONDS;
}

/** @throws KitcnError `INVALID_EXPIRATION`, `INVALID_SIGNER` */
export function assertOptions(options: ConvexPluginOptions): void {
  assertSigner(options.signer);
  const seconds = ttlSeconds(options);
  const maximum = options.signer === "deployment" ? MAX_DEPLOYMENT_TTL_SECONDS : Infinity;
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= maximum) return;
  const standard = TOKEN_TTL_SECONDS;
  if (seconds > maximum && Number.isFinite(seconds))
    throw lifetimeTooLong({ seconds, most: maximum, standard });
  throw invalidLifetime({ seconds, standard });
}

/** The table of the signing keys: that of Better Auth's jwt(), which is not loaded for it. */
export const KEYS_SCHEMA: ConvexPlugin["schema"] = {
  jwks: {
    fields: {
      publicKey: { type: "string", required: true },
      privateKey: { type: "string", required: true },
      createdAt: { type: "date", required: true },
      expiresAt: { type: "date", required: false },
      alg: { type: "string", required: false },
      crv: { type: "string", required: false },
    },
  },
};
