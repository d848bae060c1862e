// What a finding of `kitcn doctor` is, and every code that one can have. docs/errors.md says what each means.
// Must import no check: the checks of codegen/doctor/ import the sentences beside this file.
import type { CodegenErrorCode } from "./codes.js";

/** In the order of the alphabet. An error of another command that a check ran into has a code of CODES instead. */
export const FINDING_CODES = [
  "AUTH_CONFIG_KEYS",
  "AUTH_ROUTES_MISSING",
  "BASE_PATH_MISMATCH",
  "BOTH_SIGNERS",
  "COMPONENT_NOT_MOUNTED",
  "CORS_MISSES_AUTH",
  "DUPLICATE_BETTER_AUTH",
  "EXPIRED_KEYS",
  "FRONT_ADDRESS_MISSING",
  "FRONT_OTHER_DEPLOYMENT",
  "GENERATED_STALE",
  "HTTP_NOT_WIRED",
  "INVALID_JWKS",
  "ISSUER_MISMATCH",
  "JWKS_NOT_NEEDED",
  "JWKS_NOT_STORED",
  "JWKS_NOT_USED",
  "KEY_HALVES_DIFFER",
  "LOCAL_SITE_URL",
  "MISSING_INDEXES",
  "MISSING_VARIABLE",
  "NO_BETTER_AUTH",
  "NO_CONVEX_PLUGIN",
  "NO_CONVEX_PROVIDER",
  "NO_DEPLOYMENT_KEYS",
  "NO_JWKS",
  "NO_SECRET",
  "NO_SIGNING_KEY",
  "NO_SITE_URL",
  "OAUTH_PROXY_OPEN",
  "OIDC_PROVIDER",
  "OPEN_ORIGIN",
  "PACKAGE_VERSION",
  "PEERS_DO_NOT_FIT",
  "PLUGIN_MISSING",
  "RATE_LIMITS_OFF",
  "SCHEMA_CONFLICT",
  "SCHEMA_DRIFT",
  "SCHEME_NOT_TRUSTED",
  "SERVED_KEYS_DIFFER",
  "SHARED_SECRET",
  "TRIGGERS_NOT_LOADED",
  "TRIGGER_BYPASS",
  "UNFINISHED_CODE",
  "WEAK_SECRET",
  "WRONG_ISSUER",
  "WRONG_SECRET",
] as const;

/** A code of FINDING_CODES. */
export type FindingCode = (typeof FINDING_CODES)[number];

export type Finding = {
  /** Stable, for scripts. */
  readonly code: FindingCode | CodegenErrorCode;
  /** An error breaks sign-in, or will; a warning does not. */
  readonly level: "error" | "warning";
  /** What is wrong and where. Never holds a value of a variable. */
  readonly message: string;
  /** The command or edit that fixes it. */
  readonly fix: string;
  /** Where it is one place: the file, from the app's folder, and the line. */
  readonly file?: string;
  readonly line?: number;
};
