// The texts of the files that `kitcn add auth` creates. Pure; formatting is the caller's business.
// What a user may want to change stands here, in their file; everything else is generated.

/** How relative imports end in this app: "" or ".js". */
export type Extension = "" | ".js";

/** auth.config.ts: makes Convex accept kitcn's tokens. */
export function printAuthConfig(): string {
  return `import { getAuthConfigProvider } from "kitcn/auth/config";
import type { AuthConfig } from "convex/server";

export default {
  providers: [getAuthConfigProvider()],
} satisfies AuthConfig;
`;
}

/** auth.ts: the user's Better Auth options. */
export function printAuth(extension: Extension): string {
  return `import { convex } from "kitcn/auth";
import authConfig from "./auth.config${extension}";
import { defineAuth } from "./generated/auth${extension}";

// Your Better Auth options. After adding a plugin, run \`npx kitcn add auth --schema\`.
export default defineAuth(() => ({
  // Where your app runs. A list in \`trustedOrigins\` admits more origins.
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  telemetry: { enabled: false },
}));
`;
}

/** http.ts, where an app has none. */
export function printHttp(extension: Extension): string {
  return `import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { getAuth } from "./generated/auth${extension}";

const http = httpRouter();

registerRoutes(http, getAuth);

export default http;
`;
}

/** convex.config.ts, where an app has none. */
export function printConvexConfig(): string {
  return `import { defineApp } from "convex/server";
import authComponent from "kitcn/convex.config";

const app = defineApp();
app.use(authComponent);

export default app;
`;
}
