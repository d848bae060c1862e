// What the provider, and components that belong inside of it, refuse in a browser. Plain functions: bundlers of pages
// drop those that an app does not use, and errorOf with them. Must import nothing but the error class.
import { KitcnError } from "./error.js";

export const invalidAuthClient = (): KitcnError =>
  new KitcnError({
    code: "INVALID_AUTH_CLIENT",
    message: "The authClient given to kitcn keeps no session.",
    hint: "Pass what createAuthClient() of better-auth/react returns, or of better-auth/client, /vue, /svelte or /solid.",
  });

/** `caller`: the component or hook that needs the provider. */
export const missingAuthProvider = ({ caller }: { caller: string }): KitcnError =>
  new KitcnError({
    code: "MISSING_AUTH_PROVIDER",
    message: `${caller} is rendered outside of ConvexAuthProvider.`,
    hint: "Put it inside the ConvexAuthProvider of kitcn/auth/client.",
  });
