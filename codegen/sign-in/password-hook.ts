// The hook of auth.ts that asks a function about each new password, in the place of Convex Auth's own option. Text alone;
// it has to read what the endpoint reads: a request may have more members than the endpoint knows. Pure.

/** Requests that call a new password `password`, as code; others, also those of plugins, call it `newPassword`. */
const PATHS = String.raw`/^\/(sign-up\/email|email-otp\/reset-password|admin\/create-user)\/?$/`;

/** The new password in a request's body, as code. */
export const NEW_PASSWORD = `${PATHS}.test(path) ? body?.password : body?.newPassword`;

/**
 * The option of defineAuth().
 *
 * @param name of the function, which throws where a password is not good enough
 */
export function printPasswordHook(name: string): string {
  return `  hooks: {
    // Asked about each new password: of sign-ups, and wherever a request has newPassword.
    before: createAuthMiddleware(async ({ path, body }) => {
      const paths = ${PATHS};
      const password: unknown = paths.test(path) ? body?.password : body?.newPassword;
      if (typeof password !== "string") return;
      try {
        ${name}(password);
      } catch (error) {
        throw new APIError("BAD_REQUEST", { message: error instanceof Error ? error.message : String(error) });
      }
    }),
  },
`;
}
