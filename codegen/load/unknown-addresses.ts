// Addresses of a deployment, for evaluating auth.ts and auth.config.ts where only Convex knows the real ones.
// Must import nothing.

/** Stands for CONVEX_SITE_URL. */
export const UNKNOWN_SITE = "https://unknown.convex.site";

/** The variables that Convex sets, by name. */
export const UNKNOWN_ADDRESSES = {
  CONVEX_SITE_URL: UNKNOWN_SITE,
  CONVEX_CLOUD_URL: "https://unknown.convex.cloud",
} as const;
