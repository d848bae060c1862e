// A Vite app on localhost, its auth routes on 127.0.0.1: another site, as in production.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AUTH_PAGE_STYLES } from "../../codegen/print/auth-page-styles.js";
import { printAuthPage } from "../../codegen/print/auth-page.js";
import { describeFailures, describeRequests } from "./suites/failures.js";
import { describeSessions } from "./suites/sessions.js";
import { useWorld } from "./support/world.js";

/** What `kitcn add auth` does not write yet: the client side of a Vite app. */
async function wiring(): Promise<Record<string, string>> {
  const folder = "test/fixtures/browser/vite-wiring";
  const paths = (await readdir(folder, { recursive: true })).filter((path) => /\.\w+$/.test(path));
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), "utf8")));
  return {
    ...Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? ""])),
    "src/auth/AuthPage.tsx": printAuthPage({
      authClient: "../lib/auth-client.ts",
      styles: "./auth.module.css",
      providers: [],
    }),
    "src/auth/auth.module.css": AUTH_PAGE_STYLES,
  };
}

const world = useWorld(async () => ({
  fixture: "vite",
  files: await wiring(),
  env: ({ convexUrl, convexSiteUrl }) => ({
    VITE_CONVEX_URL: convexUrl,
    VITE_CONVEX_SITE_URL: convexSiteUrl,
  }),
  serve: (port) => [
    "node_modules/vite/bin/vite.js",
    ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
  ],
}));

describeRequests(world);
describeSessions("vite", world);
describeFailures(world);
