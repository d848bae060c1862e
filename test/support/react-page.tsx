// A page as an app has it: kitcn's provider over the real clients, rendered by React into a document of its own.
// For tests in Node's environment, where fetch and WebSocket are Node's.
import { createAuthClient } from "better-auth/client";
import { ConvexReactClient, useConvexAuth, useQuery } from "convex/react";
import type { FunctionReference } from "convex/server";
import { Window } from "happy-dom";
import { vi } from "vitest";
import { WebSocket } from "ws";
import { ConvexAuthProvider, convexClient } from "../../src/client/index.js";
import type { CookieJar } from "./cookie-fetch.js";

export type Page = {
  readonly text: () => string;
  readonly auth: ReturnType<typeof clientFor>;
  readonly close: () => Promise<void>;
};

/** Shows who a query says is signed in: "loading", "nobody", or the identity's email address. */
export async function openPage({
  url,
  siteUrl,
  jar,
  whoami,
}: {
  url: string;
  siteUrl: string;
  jar: CookieJar;
  whoami: FunctionReference<"query", "public", Record<string, never>, { email?: string } | null>;
}): Promise<Page> {
  const window = new Window({ url: siteUrl });
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("navigator", window.navigator);
  // React looks for these when it is loaded.
  const { createRoot } = await import("react-dom/client");
  const convex = new ConvexReactClient(url, { webSocketConstructor: WebSocket as never }); // ws has the browser's interface
  const auth = clientFor(siteUrl, jar);
  const container = window.document.createElement("main");
  const root = createRoot(container as unknown as HTMLElement); // happy-dom's own types are not the DOM's

  function Who() {
    const { isLoading } = useConvexAuth();
    const identity = useQuery(whoami, {});
    if (isLoading || identity === undefined) return "loading";
    return identity === null ? "nobody" : (identity.email ?? "no address");
  }
  root.render(
    <ConvexAuthProvider client={convex} authClient={auth}>
      <Who />
    </ConvexAuthProvider>,
  );
  return {
    auth,
    text: () => container.textContent,
    close: async () => {
      root.unmount();
      await convex.close();
      await window.happyDOM.close();
      vi.unstubAllGlobals();
    },
  };
}

// --- internal ---

function clientFor(siteUrl: string, jar: CookieJar) {
  return createAuthClient({
    baseURL: siteUrl,
    plugins: [convexClient()],
    fetchOptions: { customFetchImpl: jar.fetch },
  });
}
