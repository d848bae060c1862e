// What servers in front of Convex refuse: URLs that are missing or wrong, proxies, and tokens that they do not get.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const missingConvexUrl = errorOf(
  "MISSING_CONVEX_URL",
  "The URL of the Convex deployment is not known.",
  "Set <variable> (npx convex dev writes it to .env.local), or pass convexUrl.",
);

export const missingConvexSiteUrl = errorOf(
  "MISSING_CONVEX_SITE_URL",
  "The URL of the Convex site, where the auth routes are, is not known.",
  "Set <variable> (npx convex dev writes it to .env.local), or pass convexSiteUrl.",
);

export const invalidConvexSiteUrl = errorOf(
  "INVALID_CONVEX_SITE_URL",
  'The Convex site URL is "<url>", which is not an http(s) URL.',
  "Give the URL that ends in .convex.site, or the site port of a local deployment.",
);

export const invalidProxy = errorOf(
  "INVALID_PROXY",
  "The option proxy is <given>.",
  'Give "auto", "none", <platforms>, or { hops: <number of proxies in front> }.',
);

export const tokenUnavailable = errorOf(
  "TOKEN_UNAVAILABLE",
  "GET <url> gave no token: <reason>.",
  "Check the Convex site URL, and that convex() is among the plugins in auth.ts.",
);

export const convexSiteUnreachable = errorOf(
  "CONVEX_SITE_UNREACHABLE",
  "The auth server cannot be reached. Try again.",
  "If it goes on, read the log of this server: it names the Convex site, and what failed. Check that URL.",
);
