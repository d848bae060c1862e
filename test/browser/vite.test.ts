// A Vite app on localhost, its auth routes on 127.0.0.1: another site, as in production.
import { describeAuthPage, describeRedirects } from "./suites/auth-page.js";
import { describeFailures, describeRequests } from "./suites/failures.js";
import { describeSessions } from "./suites/sessions.js";
import { useWorld } from "./support/world.js";

const world = useWorld({
  from: { fixture: "vite" },
  env: ({ convexUrl, convexSiteUrl }) => ({
    VITE_CONVEX_URL: convexUrl,
    VITE_CONVEX_SITE_URL: convexSiteUrl,
  }),
  serve: (port) => [
    "node_modules/vite/bin/vite.js",
    ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
  ],
});

describeRequests(world);
describeSessions("vite", world);
describeAuthPage("vite", world);
describeRedirects(world);
describeFailures(world);
