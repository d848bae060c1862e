import { createAuthClient } from "better-auth/solid";
import { convexClient } from "kitcn/auth/browser";

export const authClient = createAuthClient({
  plugins: [convexClient()],
});
