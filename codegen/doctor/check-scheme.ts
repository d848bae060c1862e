// Findings about Expo apps of which the auth routes know nothing: phones send the scheme of the app's links as their
// origin. Pure.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";
import { schemeNotTrusted } from "../errors/doctor-origins.js";
import type { AuthFacts, Finding, Variables } from "./types.js";

/** The scheme of an Expo app's links, and where it is written. */
export type SchemeFacts = {
  /** As `notes` of `notes://`. */
  readonly scheme: string;
  /** From the app's folder. */
  readonly file: string;
  readonly line: number;
};

/** `SCHEME_NOT_TRUSTED`, for each app whose scheme neither auth.ts nor the variable lists. */
export function checkSchemes(input: {
  readonly schemes: readonly SchemeFacts[];
  readonly auth: Pick<AuthFacts, "trustedOrigins" | "hasOriginsFunction" | "limits">;
  readonly env: Variables;
}): Finding[] {
  const { schemes, auth, env } = input;
  // A function decides by the request.
  if (auth.hasOriginsFunction) return [];
  const { file: authFile } = auth.limits;
  const trusted = [...auth.trustedOrigins, ...(env[TRUSTED_ORIGINS] ?? "").split(",")];
  return schemes
    .filter(({ scheme }) => !trusted.some((origin) => isOf(scheme, origin.trim())))
    .map((one) => schemeNotTrusted({ ...one, authFile }));
}

// --- internal ---

/** True for the origin of these links, for one with a path, and for a pattern in the place of the scheme. */
function isOf(scheme: string, origin: string): boolean {
  const [own = ""] = origin.split(":");
  return own.toLowerCase() === scheme.toLowerCase() || /[*?]/.test(own);
}
