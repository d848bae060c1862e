// What the provider in a browser refuses, and what needs it.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidAuthClient = errorOf(
  "INVALID_AUTH_CLIENT",
  "The authClient given to kitcn keeps no session.",
  "Pass what createAuthClient() of better-auth/react returns, or of better-auth/client, /vue, /svelte or /solid.",
);

/** `caller`: the component or hook that needs the provider. */
export const missingAuthProvider = errorOf(
  "MISSING_AUTH_PROVIDER",
  "<caller> is rendered outside of ConvexAuthProvider.",
  "Put it inside the ConvexAuthProvider of kitcn/auth/client.",
);
