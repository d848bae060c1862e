// What Better Auth writes to the log: its messages and the errors that it catches, without what errors carry beside
// their text. Must not decide what is an error.
import { errorText } from "../error-text.js";
import { isKitcnError } from "../errors/error.js";
import { isRefusedImport, noteFailure } from "../request/failures.js";
import { currentInit } from "../request/init-scope.js";
import type { AuthOptions } from "./types.js";

type Logger = NonNullable<AuthOptions["logger"]>;
type Log = NonNullable<Logger["log"]>;

/** The user's logger, or one for Convex's console. It leaves out what `init` of a plugin was refused on purpose. */
export function loggerOf(logger: AuthOptions["logger"]): Logger {
  const log = logger?.log ?? toConsole;
  return {
    ...logger,
    log: (...args) => {
      if (!currentInit()?.isQuiet()) log(...args);
    },
  };
}

/** Better Auth's router makes a blank 500 of an error that is not its own: it is noted before. */
export function noticing({ onAPIError, logger }: AuthOptions): AuthOptions["onAPIError"] {
  return {
    ...onAPIError,
    onError: async (error, context) => {
      const isOurs = isKitcnError(error) || isRefusedImport(error);
      if (isOurs) noteFailure(error);
      if (onAPIError?.onError) return onAPIError.onError(error, context);
      // Where there is an onError, Better Auth leaves the logging to it.
      if (!isOurs && logger?.disabled !== true) logLikeBetterAuth(error, context.logger);
    },
  };
}

// --- internal ---

const toConsole: Log = (level, message, ...args) => {
  const method = level === "error" || level === "warn" ? level : "log";
  console[method](
    `[Better Auth]: ${message}`,
    ...args.map((arg: unknown) => (arg instanceof Error ? errorText(arg) : arg)),
  );
};

function logLikeBetterAuth(
  error: unknown,
  logger: { readonly error: (message: string, ...args: unknown[]) => void },
): void {
  const isOfBetterAuth = typeof error === "object" && error !== null && "statusCode" in error;
  if (!isOfBetterAuth) logger.error(error instanceof Error ? error.name : "", error);
  else if (error.statusCode === 500) logger.error("INTERNAL_SERVER_ERROR", error);
}
