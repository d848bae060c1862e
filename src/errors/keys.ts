// What stops tokens from being signed. Only what loads Better Auth has it.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const noConvexPlugin = errorOf(
  "NO_CONVEX_PLUGIN",
  "auth.ts does not use the convex() plugin, so there are no signing keys.",
  "Add `convex({ authConfig, jwks: process.env.JWKS })` from kitcn/auth to its plugins.",
);

export const noConvexProvider = errorOf(
  "NO_CONVEX_PROVIDER",
  'auth.config.ts has no <algorithm> provider with applicationID "<id>".',
  "Add `getAuthConfigProvider(<options>)` from kitcn/auth/config to its providers.",
);

export const wrongIssuer = errorOf(
  "WRONG_ISSUER",
  "The deployment signs tokens as <issuer>, and auth.config.ts accepts <accepted>.",
  'Use `getAuthConfigProvider({ signer: "deployment" })` from kitcn/auth/config, which reads CONVEX_CLOUD_URL, and push.',
);

export const deploymentSigns = errorOf(
  "DEPLOYMENT_SIGNS",
  'convex({ signer: "deployment" }): Convex keeps the signing key, so there is no JWKS to store or to rotate.',
  "Nothing is missing: BETTER_AUTH_SECRET is all that auth needs. `npx kitcn env push --rotate --yes` ends the sessions.",
);

export const noDeploymentSigner = errorOf(
  "NO_DEPLOYMENT_SIGNER",
  'convex({ signer: "deployment" }) cannot reach ctx.auth.signJwt here.',
  "It needs convex 1.48 or newer, a backend that has it, and an instance made by defineAuth. Update convex. Or leave `signer` out in auth.ts and auth.config.ts, run `npx kitcn codegen`, push the functions, and then run `npx kitcn env push` (add --prod for production).",
);

export const tokenNeedsMutation = errorOf(
  "TOKEN_NEEDS_MUTATION",
  "The deployment signs tokens in mutations, and this is a query.",
  "Ask for the token in a mutation or an action, or over HTTP at /convex/token.",
);

export const reservedClaim = errorOf(
  "RESERVED_CLAIM",
  'A token signed by the deployment cannot carry <names>: Convex sets iss, iat and exp itself, and keeps nbf and all names that begin with "convex" or "cvx".',
  "Leave it out, or give it another name, in convex({ jwt: { definePayload } }). Without definePayload every field of the user is a claim.",
);
