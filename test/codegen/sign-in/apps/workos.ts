// Apps with WorkOS AuthKit by its documented setups for Convex, written for these tests. The packages are types alone.
import { NEXT_TYPES, stub } from "./types.js";

const WORKOS_ENTRIES = `const clientId = process.env.WORKOS_CLIENT_ID;

export default {
  providers: [
    {
      type: "customJwt",
      issuer: "https://api.workos.com/",
      algorithm: "RS256",
      applicationID: clientId,
      jwks: \`https://api.workos.com/sso/jwks/\${clientId}\`,
    },
    {
      type: "customJwt",
      issuer: \`https://api.workos.com/user_management/\${clientId}\`,
      algorithm: "RS256",
      jwks: \`https://api.workos.com/sso/jwks/\${clientId}\`,
    },
  ],
};
`;

const WORKOS_HOOKS = `import type { ReactNode } from "react";
type User = { email: string };
export declare function AuthKitProvider(props: { children: ReactNode; clientId?: string; redirectUri?: string; onSessionExpired?: false | (() => void) }): ReactNode;
export declare function useAuth(): { user: User | null; loading: boolean; isLoading: boolean; getAccessToken(): Promise<string>; signIn(): Promise<void>; signOut(): void };
export declare function useAccessToken(): { getAccessToken(): Promise<string | undefined>; accessToken: string | undefined; refresh(): Promise<string | undefined> };
`;

export const WORKOS_TYPES: Record<string, string> = {
  ...NEXT_TYPES,
  ...stub(
    "@workos-inc/authkit-nextjs",
    `export declare function authkitMiddleware(options?: { middlewareAuth?: { enabled: boolean; unauthenticatedPaths: string[] }; eagerAuth?: boolean }): (request: import("next/server").NextRequest) => Promise<Response>;
export declare function handleAuth(options?: { returnPathname?: string; onSuccess?: () => void }): (request: Request) => Promise<Response>;
export declare function getSignInUrl(): Promise<string>;
export declare function getSignUpUrl(): Promise<string>;
export declare function withAuth(options?: { ensureSignedIn: true }): Promise<{ user: { email: string } | null; accessToken: string | undefined }>;
`,
    { components: WORKOS_HOOKS },
  ),
  ...stub("@workos-inc/authkit-react", WORKOS_HOOKS),
};

export const WORKOS_NEXT: Record<string, string> = {
  ...WORKOS_TYPES,
  "app/layout.tsx": `import type { ReactNode } from "react";
import { ConvexClientProvider } from "../components/ConvexClientProvider";

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ConvexClientProvider>{children}</ConvexClientProvider>
      </body>
    </html>
  );
}
`,
  "components/ConvexClientProvider.tsx": `"use client";
import { AuthKitProvider, useAccessToken, useAuth } from "@workos-inc/authkit-nextjs/components";
import { ConvexProviderWithAuth, ConvexReactClient } from "convex/react";
import { useCallback, useState, type ReactNode } from "react";

const ignore = () => {};

export function ConvexClientProvider({ children }: { children: ReactNode }) {
  const [convex] = useState(() => new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!));
  return (
    <AuthKitProvider onSessionExpired={ignore}>
      <ConvexProviderWithAuth client={convex} useAuth={useAuthFromAuthKit}>
        {children}
      </ConvexProviderWithAuth>
    </AuthKitProvider>
  );
}

function useAuthFromAuthKit() {
  const { user, loading: isLoading } = useAuth();
  const { getAccessToken, refresh } = useAccessToken();
  const fetchAccessToken = useCallback(
    async ({ forceRefreshToken }: { forceRefreshToken: boolean }) =>
      (forceRefreshToken ? await refresh() : await getAccessToken()) ?? null,
    [getAccessToken, refresh],
  );
  return { isLoading, isAuthenticated: user !== null, fetchAccessToken };
}
`,
  "app/page.tsx": `"use client";
import { useAuth } from "@workos-inc/authkit-nextjs/components";

export default function Home() {
  const { user, signOut } = useAuth();
  return user ? <button onClick={() => signOut()}>Leave</button> : <a href="/sign-in">Come in</a>;
}
`,
  "app/server/page.tsx": `import { withAuth } from "@workos-inc/authkit-nextjs";

export default async function Page() {
  const { accessToken } = await withAuth();
  return <p>{accessToken?.length}</p>;
}
`,
  "app/callback/route.ts": `import { handleAuth } from "@workos-inc/authkit-nextjs";

export const GET = handleAuth();
`,
  "app/sign-in/route.ts": `import { getSignInUrl } from "@workos-inc/authkit-nextjs";
import { redirect } from "next/navigation";

export async function GET() {
  const url = await getSignInUrl();
  return redirect(url);
}
`,
  "proxy.ts": `import { authkitMiddleware } from "@workos-inc/authkit-nextjs";

export default authkitMiddleware({
  eagerAuth: true,
  middlewareAuth: { enabled: true, unauthenticatedPaths: ["/", "/sign-in", "/docs/:path*"] },
});

export const config = { matcher: ["/((?!_next).*)"] };
`,
  "convex/auth.config.ts": WORKOS_ENTRIES,
};

export const WORKOS_VITE: Record<string, string> = {
  ...WORKOS_TYPES,
  "src/main.tsx": `import { AuthKitProvider, useAuth } from "@workos-inc/authkit-react";
import { ConvexReactClient } from "convex/react";
import { createRoot } from "react-dom/client";
import { ConvexProviderWithAuthKit } from "./ConvexProviderWithAuthKit";
import { Home } from "./Home";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

createRoot(document.getElementById("root")!).render(
  <AuthKitProvider
    clientId={import.meta.env.VITE_WORKOS_CLIENT_ID}
    redirectUri={import.meta.env.VITE_WORKOS_REDIRECT_URI}
  >
    <ConvexProviderWithAuthKit client={convex} useAuth={useAuth}>
      <Home />
    </ConvexProviderWithAuthKit>
  </AuthKitProvider>,
);
`,
  "src/ConvexProviderWithAuthKit.tsx": `import { ConvexProviderWithAuth, type ConvexReactClient } from "convex/react";
import { useCallback, useMemo, type ReactNode } from "react";

type UseAuth = () => { isLoading: boolean; user: unknown; getAccessToken: () => Promise<string> };

export function ConvexProviderWithAuthKit({
  children,
  client,
  useAuth,
}: {
  children: ReactNode;
  client: ConvexReactClient;
  useAuth: UseAuth;
}) {
  const useAuthFromWorkOS = useHook(useAuth);
  return (
    <ConvexProviderWithAuth client={client} useAuth={useAuthFromWorkOS}>
      {children}
    </ConvexProviderWithAuth>
  );
}

function useHook(useAuth: UseAuth) {
  return useMemo(
    () =>
      function useAuthFromWorkOS() {
        const { isLoading, user, getAccessToken } = useAuth();
        const fetchAccessToken = useCallback(() => getAccessToken(), [getAccessToken]);
        return { isLoading, isAuthenticated: Boolean(user), fetchAccessToken };
      },
    [useAuth],
  );
}
`,
  "src/Home.tsx": `import { useAuth } from "@workos-inc/authkit-react";

export function Home() {
  const { user, signIn, signOut } = useAuth();
  if (user) return <button onClick={() => signOut()}>Leave</button>;
  return <button onClick={() => void signIn()}>Come in</button>;
}
`,
  "convex/auth.config.ts": WORKOS_ENTRIES,
};
