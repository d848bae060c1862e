// The hook of auth.ts that asks a function about each new password, in the place of Convex Auth's own option. Text alone;
// it has to read what the endpoint reads: a request may have more members than the endpoint knows. Pure.

/** The new password in a request's body, as code; also of the plugins that set passwords in other ways. */
export const NEW_PASSWORD = String.raw`/^\/(sign-up\/email|email-otp\/reset-password|admin\/create-user)\/?$/.test(path) ? body?.password : body?.newPassword`;

/**
 * The option of defineAuth().
 *
 * @param name of the function, which throws where a password is not good enough
 */
export function printPasswordHook(name: string): string {
  return `  hooks: {
    // Asked about each new password: of sign-ups, and wherever a request has newPassword.
    before: createAuthMiddleware(async ({ path, body }) => {
      const password: unknown = ${NEW_PASSWORD};
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
