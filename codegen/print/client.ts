// The texts of the front-end modules that `kitcn add auth` creates, the auth page excepted. Pure; formatting
// is the caller's business. Each becomes the user's own.

/** How an app reads a variable of its build: `process.env.NAME` or `import.meta.env.NAME`. */
export type ReadVariable = (name: "CONVEX_URL" | "CONVEX_SITE_URL") => string;

/** auth-client.ts. `siteUrl` is given where the auth routes are on another site than the app. */
export function printAuthClient({ siteUrl }: { readonly siteUrl?: string | undefined }): string {
  if (siteUrl === undefined)
    return `import { createAuthClient } from "better-auth/react";
import { convexClient } from "kitcn/auth/client";

export const authClient = createAuthClient({
  plugins: [convexClient()],
});
`;
  return `import { createAuthClient } from "better-auth/react";
import { convexClient, crossDomainClient } from "kitcn/auth/client";

export const authClient = createAuthClient({
  baseURL: ${siteUrl},
  plugins: [convexClient(), crossDomainClient()],
});
`;
}

/** ConvexClientProvider.tsx, where an app has no provider of Convex. */
export function printProvider(input: {
  /** An expression: the deployment's URL. */
  readonly convexUrl: string;
  readonly authClient: string;
  readonly isClientModule: boolean;
}): string {
  return `${input.isClientModule ? '"use client";\n\n' : ""}import { ConvexReactClient } from "convex/react";
import { ConvexAuthProvider } from "kitcn/auth/client";
import type { ReactNode } from "react";
import { authClient } from ${JSON.stringify(input.authClient)};

const convex = new ConvexReactClient(${input.convexUrl});

export function ConvexClientProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexAuthProvider client={convex} authClient={authClient}>
      {children}
    </ConvexAuthProvider>
  );
}
`;
}

/** lib/auth-server.ts of a Next app. */
export function printNextServer(): string {
  return `import { createNextAuth } from "kitcn/auth/nextjs";

export const {
  handlers,
  getToken,
  isAuthenticated,
  preloadAuthQuery,
  fetchAuthQuery,
  fetchAuthMutation,
  fetchAuthAction,
} = createNextAuth();
`;
}

/** app/api/auth/[...all]/route.ts. */
export function printNextRoute(authServer: string): string {
  return `import { handlers } from ${JSON.stringify(authServer)};

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = handlers;
`;
}

/** app/auth/page.tsx. */
export function printNextPage(authPage: string): string {
  return `import { AuthPage } from ${JSON.stringify(authPage)};

export default function Page() {
  return <AuthPage />;
}
`;
}

/** src/lib/auth-server.ts of a TanStack Start app. */
export function printStartServer(read: ReadVariable): string {
  return `import { createStartAuth } from "kitcn/auth/start";

export const {
  handlers,
  getToken,
  isAuthenticated,
  fetchAuthQuery,
  fetchAuthMutation,
  fetchAuthAction,
} = createStartAuth({
  convexUrl: ${read("CONVEX_URL")},
  convexSiteUrl: ${read("CONVEX_SITE_URL")},
});
`;
}

/** src/routes/api/auth/$.ts. Start's types make `server` an option of routes; nothing else may import them. */
export function printStartRoute(authServer: string): string {
  return `import { createFileRoute } from "@tanstack/react-router";
import type {} from "@tanstack/react-start";
import { handlers } from ${JSON.stringify(authServer)};

export const Route = createFileRoute("/api/auth/$")({ server: { handlers } });
`;
}

/** src/routes/auth.tsx, or its index, whose `route` ends with a slash. */
export function printStartPage(authPage: string, route: "/auth" | "/auth/"): string {
  return `import { createFileRoute } from "@tanstack/react-router";
import { AuthPage } from ${JSON.stringify(authPage)};

export const Route = createFileRoute("${route}")({ component: AuthPage });
`;
}
