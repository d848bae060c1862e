// Replaces an app's auth client, so that lint and the compiler can check the page's modules. No app gets this file.
import {
  emailOTPClient,
  magicLinkClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({
  plugins: [emailOTPClient(), magicLinkClient(), twoFactorClient(), usernameClient()],
});
