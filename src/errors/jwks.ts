// What is wrong with a static JWKS, the variable that holds the signing keys.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidJwks = errorOf(
  "INVALID_JWKS",
  "The static JWKS cannot be read: <reason>.",
  "Run `npx kitcn env push` (with --prod for production): it writes JWKS from the keys of the deployment.",
);

export const noSigningKey = errorOf(
  "NO_SIGNING_KEY",
  "The static JWKS has no key that can sign a token.",
  "Run `npx kitcn env push --rotate --keep-sessions --yes` to make one; for production, add --prod.",
);

export const wrongSecret = errorOf(
  "WRONG_SECRET",
  "The signing key in JWKS was encrypted with another BETTER_AUTH_SECRET.",
  "Run `npx kitcn env push --rotate --yes` to make one with the current secret; for production, add --prod. Everybody has to sign in again.",
);
