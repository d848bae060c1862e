// Prints the modules that `kitcn add auth` creates in an Expo app, except the page. Pure; the caller formats the texts.
// The app owns each module from then on.

/** lib/auth-client.ts: one client for phones and the web. `siteUrl` is an expression. */
export function printExpoClient({
  siteUrl,
  scheme,
}: {
  readonly siteUrl: string;
  readonly scheme: string;
}): string {
  return `import { expoClient } from "@better-auth/expo/client";
import { createAuthClient } from "better-auth/react";
import * as SecureStore from "expo-secure-store";
import { convexClient, crossDomainClient } from "kitcn/auth/client";
import { Platform } from "react-native";

export const authClient = createAuthClient({
  baseURL: ${siteUrl},
  plugins: [
    convexClient(),
    // Keeps the session on a phone. On the web it does nothing.
    ${printExpoPlugin({ expoClient: "expoClient", secureStore: "SecureStore", scheme })},
    // On the web, the auth routes are on another site.
    ${printWebPlugin({ platform: "Platform", crossDomainClient: "crossDomainClient" })},
  ],
});
`;
}

/** The plugin that keeps the session on a phone, under the names that a module gives what it needs. */
export function printExpoPlugin(names: {
  readonly expoClient: string;
  readonly secureStore: string;
  readonly scheme: string;
}): string {
  const { expoClient, secureStore, scheme } = names;
  return `${expoClient}({ scheme: ${JSON.stringify(scheme)}, storage: ${secureStore} })`;
}

/** The plugin that carries cookies on the web, and on the web alone: phones have `expoClient()`. */
export function printWebPlugin(names: {
  readonly platform: string;
  readonly crossDomainClient: string;
}): string {
  return `...(${names.platform}.OS === "web" ? [${names.crossDomainClient}()] : [])`;
}

/** ConvexClientProvider.tsx. React Native has no window that asks before it closes. */
export function printExpoProvider(input: {
  /** An expression: the deployment's URL. */
  readonly convexUrl: string;
  readonly authClient: string;
}): string {
  return `import { ConvexReactClient } from "convex/react";
import { ConvexAuthProvider } from "kitcn/auth/client";
import type { ReactNode } from "react";
import { authClient } from ${JSON.stringify(input.authClient)};

const convex = new ConvexReactClient(${input.convexUrl}, { unsavedChangesWarning: false });

export function ConvexClientProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexAuthProvider client={convex} authClient={authClient}>
      {children}
    </ConvexAuthProvider>
  );
}
`;
}

/** app/auth.tsx: the route at /auth. */
export function printExpoRoute(authPage: string): string {
  return `import { AuthPage } from ${JSON.stringify(authPage)};

export default function AuthRoute() {
  return <AuthPage />;
}
`;
}
