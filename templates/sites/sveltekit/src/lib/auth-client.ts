import { createAuthClient } from "better-auth/svelte";
import { convexClient } from "kitcn/auth/browser";

export const authClient = createAuthClient({
  plugins: [convexClient()],
});
