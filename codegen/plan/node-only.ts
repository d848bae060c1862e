// Plugins whose packages cannot be bundled for Convex: their tables are planned all the same. Pure.
import type { SourcePlugin } from "./types.js";

/** Sentences about plugins that the deployment will refuse. */
export function describeNodeOnly(plugins: readonly SourcePlugin[]): string[] {
  return plugins.flatMap((plugin) => {
    const instead = plugin.package === undefined ? undefined : NODE_ONLY.get(plugin.package);
    if (instead === undefined) return [];
    return [
      `${plugin.package} imports modules of Node, which Convex functions that serve HTTP do not have: the push will fail. ${instead}`,
    ];
  });
}

// --- internal ---

/** What to do instead, by package. */
const NODE_ONLY: ReadonlyMap<string, string> = new Map([
  [
    "@better-auth/sso",
    "For OpenID Connect use `genericOAuth()` of better-auth/plugins, with an entry for each identity provider.",
  ],
]);
