// Variables that Better Auth reads by itself. Names only.

/** Origins that Better Auth trusts beside its own, with commas between. */
export const TRUSTED_ORIGINS = "BETTER_AUTH_TRUSTED_ORIGINS";
