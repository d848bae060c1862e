// Stands for an app's auth client, so that lint and the compiler see the page's modules. No app gets it.
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient();
