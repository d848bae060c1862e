// The hook of auth.ts that asks a function about each new password, in the place of Convex Auth's own option. Text alone;
// it has to read what the endpoint reads: a request may have more members than the endpoint knows. Pure.

/** Requests that call a new password `password`, as code; others, also those of plugins, call it `newPassword`. */
const PATHS = String.raw`/^\/(sign-up\/email|email-otp\/reset-password|admin\/create-user)\/?$/`;

/** The new password in a request's body, as code. */
export const NEW_PASSWORD = newPasswordOf("path", "body");

/**
 * The option of defineAuth().
 *
 * @param name of the function, which throws where a password is not good enough
 */
export function printPasswordHook(name: string): string {
  return `  hooks: {
    // Asked about each new password: of sign-ups, and wherever a request has newPassword.
    before: createAuthMiddleware(async (request) => {
      const given: unknown = ${newPasswordOf("request.path", "request.body")};
      if (typeof given !== "string") return;
      try {
        ${name}(given);
      } catch (error) {
        throw new APIError("BAD_REQUEST", { message: error instanceof Error ? error.message : String(error) });
      }
    }),
  },
`;
}

// --- internal ---

function newPasswordOf(path: string, body: string): string {
  return `${PATHS}.test(${path}) ? ${body}?.password : ${body}?.newPassword`;
}
