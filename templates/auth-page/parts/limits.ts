// Limits of auth.ts that the auth pages tell their readers. `npx kitcn add auth` fills them in.

/** The fewest characters of a password. */
export const PASSWORD_LENGTH: number = 8;

/** The fewest characters of a user name. */
export const USERNAME_LENGTH: number = 3;

/** For how long wrong codes lock an account. */
export const LOCK_MINUTES: number = 15;
