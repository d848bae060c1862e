import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { defineNuxtModule } from "nuxt/kit";

// Sets the addresses of the Convex deployment in the public runtimeConfig. They come from the environment, as in a build
// by `npx convex deploy --cmd`, else from .env.local, which `npx convex dev` writes and Nuxt does not read.
export default defineNuxtModule({
  meta: { name: "convex-auth" },
  setup(_options, { options }) {
    const file = join(options.rootDir, ".env.local");
    const local = existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {};
    const { CONVEX_URL = "", CONVEX_SITE_URL = "" } = process.env.CONVEX_URL ? process.env : local;
    const config = options.runtimeConfig.public;
    if (!config.convexUrl)
      Object.assign(config, { convexUrl: CONVEX_URL, convexSiteUrl: CONVEX_SITE_URL });
    // The development server starts again if the addresses change.
    options.watch.push(file);
  },
});
