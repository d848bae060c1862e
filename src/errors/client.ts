// What the provider in a browser refuses.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidAuthClient = errorOf(
  "INVALID_AUTH_CLIENT",
  "The authClient given to kitcn keeps no session.",
  "Pass what createAuthClient() of better-auth/react returns, or of better-auth/client, /vue, /svelte or /solid.",
);
