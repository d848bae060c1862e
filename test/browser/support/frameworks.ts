// How apps of a framework find their deployment, and how their production build is served.
// Must not know which app.
import type { WebAppOptions } from "./app.js";

type Framework = Pick<WebAppOptions, "env" | "serve">;

/** Next on its own server. */
export const NEXT: Framework = {
  env: withPrefix("NEXT_PUBLIC_"),
  serve: (port) => [
    "node_modules/next/dist/bin/next",
    ...["start", "--port", String(port), "--hostname", "127.0.0.1"],
  ],
};

/** What Vite bundles: a plain app, React's, Start's. */
export const VITE: Framework = {
  env: withPrefix("VITE_"),
  serve: (port) => [
    "node_modules/vite/bin/vite.js",
    ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
  ],
};

// --- internal ---

function withPrefix(prefix: string): Framework["env"] {
  return ({ convexUrl, convexSiteUrl }) => ({
    [`${prefix}CONVEX_URL`]: convexUrl,
    [`${prefix}CONVEX_SITE_URL`]: convexSiteUrl,
  });
}
