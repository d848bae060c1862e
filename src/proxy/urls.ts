// The two URLs of a deployment, out of options and environment.
// Must not read the environment itself: bundlers replace only the full name of a variable.
import { missingConvexSiteUrl, missingConvexUrl } from "../errors/proxy.js";

export type DeploymentUrls = {
  /** Where functions are called: `https://happy-animal-123.convex.cloud`. */
  convexUrl(): string;
  /** Where HTTP actions are: `https://happy-animal-123.convex.site`. */
  convexSiteUrl(): string;
};

/**
 * The URLs, read when they are needed. The site URL follows from a URL that ends in `.convex.cloud`; a
 * local or self-hosted deployment has a port of its own for it.
 *
 * @throws KitcnError `MISSING_CONVEX_URL`, `MISSING_CONVEX_SITE_URL`, from the two functions
 */
export function deploymentUrls({
  convexUrl,
  convexSiteUrl,
  variables,
}: {
  convexUrl: string | undefined;
  convexSiteUrl: string | undefined;
  /** Names to tell the developer. */
  variables: { readonly url: string; readonly site: string };
}): DeploymentUrls {
  const given = convexUrl || undefined;
  return {
    convexUrl() {
      if (given) return given;
      throw missingConvexUrl({ variable: variables.url });
    },
    convexSiteUrl() {
      const site = convexSiteUrl || cloudSite(given);
      if (site) return site;
      throw missingConvexSiteUrl({ variable: variables.site });
    },
  };
}

// --- internal ---

function cloudSite(convexUrl: string | undefined): string | undefined {
  if (convexUrl === undefined || !/^https:\/\/[^/]+\.convex\.cloud\/?$/.test(convexUrl))
    return undefined;
  return convexUrl.replace(/\.convex\.cloud\/?$/, ".convex.site");
}
