// A TanStack Start app in production: its own server forwards the auth routes and renders on it.
import { describeRedirects } from "./suites/auth-page.js";
import { describeServer } from "./suites/server.js";
import { describeSessions } from "./suites/sessions.js";
import { useWorld } from "./support/world.js";

const world = useWorld({
  from: { fixture: "start" },
  env: ({ convexUrl, convexSiteUrl }) => ({
    VITE_CONVEX_URL: convexUrl,
    VITE_CONVEX_SITE_URL: convexSiteUrl,
  }),
  serve: (port) => [
    "node_modules/vite/bin/vite.js",
    ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
  ],
});

describeServer(world);
describeSessions("start", world);
describeRedirects(world);
