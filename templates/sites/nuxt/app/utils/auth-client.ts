import { createAuthClient } from "better-auth/vue";
import { convexClient } from "kitcn/auth/browser";

export const authClient = createAuthClient({
  plugins: [convexClient()],
});
