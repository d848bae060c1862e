// What `kitcn doctor` says about signing keys: those in JWKS, and those of the deployment.
// Only sentences: each function takes names and texts, and decides nothing. `flag` is `--prod` or empty. None takes a key.
import type { Finding } from "./finding-codes.js";
import { spaced } from "./words.js";

type Flag = { flag: string };

// The app's own keys.

export const jwksUnreadable = ({ reason, flag }: Flag & { reason: string }): Finding => ({
  code: "INVALID_JWKS",
  level: "error",
  message: `JWKS on the deployment cannot be read: ${reason}.`,
  fix: rotate({ flag }),
});

export const jwksNotSet = ({ flag }: Flag): Finding => ({
  code: "NO_JWKS",
  level: "warning",
  message:
    "JWKS is not set on the deployment: every token reads keys from the database, and Convex has to fetch them.",
  fix: spaced("npx kitcn env push", flag),
});

export const jwksOnlyPublic = ({ flag }: Flag): Finding => ({
  code: "NO_SIGNING_KEY",
  level: "error",
  message: "JWKS has public keys only, so no token can be signed.",
  fix: rotate({ flag }),
});

export const keyNotDecrypted = ({ flag }: Flag): Finding => ({
  code: "WRONG_SECRET",
  level: "error",
  message:
    "BETTER_AUTH_SECRET does not decrypt the signing key in JWKS: somebody changed one of the two, or one is from another deployment.",
  fix: rotate({ flag }),
});

export const keyHalvesDiffer = ({ id, flag }: Flag & { id: string }): Finding => ({
  code: "KEY_HALVES_DIFFER",
  level: "error",
  message: `The private key and the public key of "${id}" in JWKS do not belong together: every token has an invalid signature.`,
  fix: rotate({ flag }),
});

/** `keys`: how many, as `a key` or `2 keys`. */
export const keysExpired = ({ keys, flag }: Flag & { keys: string }): Finding => ({
  code: "EXPIRED_KEYS",
  level: "warning",
  message: `JWKS still has ${keys} whose grace period is over.`,
  fix: spaced("npx kitcn env push", flag),
});

// Who has which key.

export const jwksNotPassed = (): Finding => ({
  code: "JWKS_NOT_USED",
  level: "error",
  message:
    "JWKS is set on the deployment, but auth.ts does not pass it to convex(): kitcn signs tokens with keys from the database, which Convex does not accept.",
  fix: "In auth.ts: write `convex({ authConfig, jwks: process.env.JWKS })`, then push the functions.",
});

export const configHasOtherKeys = ({ id }: { id: string }): Finding => ({
  code: "AUTH_CONFIG_KEYS",
  level: "error",
  message: `auth.config.ts has other keys than JWKS on the deployment: the signing key "${id}" is not among them.`,
  fix: "In auth.config.ts: call getAuthConfigProvider() without `jwks`, then push the functions.",
});

export const otherKeysServed = ({ url, id }: { url: string; id: string }): Finding => ({
  code: "SERVED_KEYS_DIFFER",
  level: "error",
  message: `${url} serves other keys than JWKS: the signing key "${id}" is not among them.`,
  fix: "Push the functions, so that they run with this auth.ts: npx convex dev, in production npx convex deploy",
});

export const keyNotStored = ({ id, flag }: Flag & { id: string }): Finding => ({
  code: "JWKS_NOT_STORED",
  level: "warning",
  message: `The signing key "${id}" in JWKS is not in the deployment's database: a rotation was interrupted, or JWKS comes from another deployment.`,
  fix: spaced("npx kitcn env push", flag, "--rotate --grace --yes"),
});

// The deployment's keys.

export const bothSigners = (): Finding => ({
  code: "BOTH_SIGNERS",
  level: "warning",
  message:
    "auth.config.ts accepts tokens of the deployment and of the app's own keys. You need both only while you move from one to the other.",
  fix: "Wait one token lifetime after the move. Then remove the provider that convex() in auth.ts does not use, and push the functions.",
});

/** `issuers`: those of auth.config.ts. */
export const deploymentNotAccepted = ({
  url,
  issuers,
}: {
  url: string;
  issuers: readonly string[];
}): Finding => ({
  code: "WRONG_ISSUER",
  level: "error",
  message: `The deployment signs tokens as ${url}, and auth.config.ts accepts ${issuers.join(" and ")}.`,
  fix: 'In auth.config.ts: write getAuthConfigProvider({ signer: "deployment" }), then push the functions.',
});

/** `url`: where the keys should be. */
export const deploymentKeysUnpublished = ({ url }: { url: string }): Finding => ({
  code: "NO_DEPLOYMENT_KEYS",
  level: "warning",
  message: `The deployment does not answer with its public keys at ${url}: its backend may be older than ctx.auth.signJwt.`,
  fix: "Update a self-hosted backend, or leave `signer` out in auth.ts and auth.config.ts, run `npx kitcn codegen`, push the functions, and then run `npx kitcn env push` (add --prod for production).",
});

export const jwksNotNeeded = ({ flag }: Flag): Finding => ({
  code: "JWKS_NOT_NEEDED",
  level: "warning",
  message: "JWKS is set on the deployment, but nothing uses it: the deployment signs the tokens.",
  fix: spaced("npx convex env remove JWKS", flag),
});

// --- internal ---

function rotate({ flag }: Flag): string {
  return spaced("npx kitcn env push", flag, "--rotate --yes");
}
