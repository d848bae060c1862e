// An app with Auth0 by its documented setup for Convex, written for these tests. The package is types alone.
import { stub } from "./types.js";

export const AUTH0_TYPES: Record<string, string> = stub(
  "@auth0/auth0-react",
  `import type { ReactNode } from "react";
export declare function Auth0Provider(props: { children: ReactNode; domain: string; clientId: string; authorizationParams?: object; useRefreshTokens?: boolean; cacheLocation?: string }): ReactNode;
export declare function useAuth0(): { isAuthenticated: boolean; isLoading: boolean; user: { name: string } | undefined; loginWithRedirect(): Promise<void>; logout(options?: { logoutParams?: { returnTo?: string } }): Promise<void> };
`,
);

export const AUTH0_VITE: Record<string, string> = {
  ...AUTH0_TYPES,
  "src/main.tsx": `import { Auth0Provider } from "@auth0/auth0-react";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithAuth0 } from "convex/react-auth0";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Home } from "./Home";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Auth0Provider
      domain="notes.eu.auth0.com"
      clientId="abc"
      authorizationParams={{ redirect_uri: window.location.origin }}
      useRefreshTokens={true}
      cacheLocation="localstorage"
    >
      <ConvexProviderWithAuth0 client={convex}>
        <Home />
      </ConvexProviderWithAuth0>
    </Auth0Provider>
  </StrictMode>,
);
`,
  "src/Home.tsx": `import { useAuth0 } from "@auth0/auth0-react";

export function Home() {
  const { isAuthenticated, isLoading, loginWithRedirect, logout } = useAuth0();
  if (isLoading) return <p>...</p>;
  return isAuthenticated ? (
    <button onClick={() => logout({ logoutParams: { returnTo: window.location.origin } })}>Leave</button>
  ) : (
    <button onClick={() => loginWithRedirect()}>Come in</button>
  );
}
`,
  "convex/auth.config.ts": `export default {
  providers: [{ domain: "notes.eu.auth0.com", applicationID: "abc" }],
};
`,
};
