// What kitcn says about signing keys and the sessions that end with them, and about moving auth tables.
// Only sentences: each function takes names and texts, and decides nothing. None takes a key.
import { CodegenError } from "../errors.js";

export const rotationNeedsYes = (): CodegenError =>
  new CodegenError({
    code: "NEEDS_YES",
    message: "Rotating the signing key needs a confirmation, and there is no terminal to ask in.",
    hint: "Add --yes to the command.",
    exitCode: 2,
  });

export const noKeysToRotate = (): CodegenError =>
  new CodegenError({
    code: "NO_KEYS_TO_ROTATE",
    message: "The deployment itself signs the tokens, so the app has no signing key to replace.",
    hint: "To end every session, run the command with --rotate, but without --grace and --keep-sessions. Nothing was changed.",
    exitCode: 2,
  });

export const functionsNotPushed = ({
  name,
  cause,
}: {
  name: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "FUNCTIONS_NOT_PUSHED",
    message: `The deployment has no ${name}, so there is no JWKS to store yet. Other variables were set.`,
    hint: "Push your functions (`npx convex dev`, or `npx convex deploy` for production), then run the command again.",
    cause,
  });

export const keysNotText = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "INVALID_JWKS",
    message: `${name} returned no text.`,
    hint: REFRESH,
  });

export const jwksTooLarge = ({ bytes, max }: { bytes: number; max: number }): CodegenError =>
  invalid(`it has ${bytes} bytes, and Convex takes fewer than ${max} in one variable`);

export const jwksEmpty = (): CodegenError => invalid("it has no key");

export const jwksWithoutRs256 = (): CodegenError => invalid("it has no RS256 key");

export const jwksKeyNotRsa = ({ kid }: { kid: string }): CodegenError =>
  invalid(`the key "${kid}" is not an RSA key`);

export const jwksUnreadable = ({ reason }: { reason: string }): CodegenError => invalid(reason);

export const sessionsUncounted = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "SESSIONS_NOT_ENDED",
    message: `${name} did not say how many sessions it ended.`,
    hint: REFRESH,
  });

export const sessionsFunctionMissing = ({
  ended,
  reason,
  cause,
}: {
  ended: number;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "SESSIONS_NOT_ENDED",
    message: stopped(ended, reason),
    hint: REFRESH,
    cause,
  });

/** `fix`: a sentence that says how to get rid of the reason. */
export const sessionsNotEnded = ({
  ended,
  reason,
  fix,
  cause,
}: {
  ended: number;
  reason: string;
  fix: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "SESSIONS_NOT_ENDED",
    message: stopped(ended, reason),
    hint: `${fix} Run the command again to end the other sessions.`,
    cause,
  });

export const placementUnchecked = (input: {
  from: string;
  to: string;
  lock: string;
}): CodegenError =>
  notMoved(input, "no deployment is configured, so kitcn cannot check that the tables are empty");

export const placementUnanswered = (input: {
  from: string;
  to: string;
  lock: string;
  cause: unknown;
}): CodegenError =>
  notMoved(input, "the deployment did not say whether the tables are empty", input.cause);

export const tablesNotEmpty = (input: {
  from: string;
  to: string;
  lock: string;
  models: readonly string[];
}): CodegenError => notMoved(input, `the tables have rows of ${input.models.join(", ")}`);

// --- internal ---

const REFRESH =
  "Refresh generated/auth.ts with `npx kitcn codegen`, push it, then run the command again.";

function invalid(reason: string): CodegenError {
  return new CodegenError({
    code: "INVALID_JWKS",
    message: `The JWKS was not stored: ${reason}.`,
    hint: "Make new keys with `npx kitcn env push --rotate --keep-sessions --yes`; for production, add --prod. Old tokens become invalid, and browsers fetch new ones by themselves.",
  });
}

function stopped(ended: number, reason: string): string {
  return `kitcn replaced the signing key and ended ${ended} sessions. Then an error stopped it: ${reason}`;
}

function notMoved(
  { from, to, lock }: { from: string; to: string; lock: string },
  reason: string,
  cause?: unknown,
): CodegenError {
  return new CodegenError({
    code: "PLACEMENT_CHANGED",
    message: `The auth tables of this app have placement "${from}". kitcn did not change it to "${to}": ${reason}.`,
    hint:
      "kitcn does not move documents. Run `npx convex export --path backup.zip`, remove the better-auth entries from " +
      `${lock} and the auth tables from schema.ts, and run the command again. Then push, and import each table with ` +
      "`npx convex import --table`. node_modules/kitcn/docs/placements.md has all steps.",
    cause,
  });
}
