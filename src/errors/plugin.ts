// What convex() and other options of auth.ts refuse, where they are read: also queries that read a session load this.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidLifetime = errorOf(
  "INVALID_EXPIRATION",
  "convex({ jwt: { expirationSeconds } }) is <seconds>, which is not a valid token lifetime.",
  "Give a number of seconds above 0; the default is <standard>.",
);

export const lifetimeTooLong = errorOf(
  "INVALID_EXPIRATION",
  "convex({ jwt: { expirationSeconds } }) is <seconds>, and the deployment signs tokens for at most <most> seconds.",
  "Give a number of seconds above 0, at most <most>; the default is <standard>.",
);

export const invalidSigner = errorOf(
  "INVALID_SIGNER",
  'The option signer is "<signer>", which is not a signer.',
  'Write "deployment" or "jwks", or leave it out for "jwks".',
);

export const descriptionOnly = errorOf(
  "PLUGIN_DESCRIPTION",
  "<plugin>() of kitcn/auth only describes the plugin, so betterAuth() cannot serve its endpoints.",
  "Where you call betterAuth() yourself, import <plugin> from kitcn/auth/plugin.",
);

export const noSecret = errorOf(
  "NO_SECRET",
  "BETTER_AUTH_SECRET is not set on this deployment.",
  "Run `npx kitcn env push`, for production `npx kitcn env push --prod`: it makes one, and the signing keys.",
);
