// Where the auth routes are, as text: the base path of Better Auth, and what lies under it.
// Must not import better-auth, nor anything that auth.config.ts may not touch.
import { invalidBasePath } from "../../errors/http.js";

/** Where the auth routes are unless `basePath` says otherwise. */
export const DEFAULT_BASE_PATH = "/api/auth";

/** The path of the JWKS endpoint under a base path. */
export function jwksPath(basePath: string = DEFAULT_BASE_PATH): string {
  return `${trimBasePath(basePath)}/convex/jwks`;
}

/** A base path without the slashes at its end, so that more can be appended. */
export function trimBasePath(basePath: string): string {
  return basePath.replace(/\/+$/, "");
}

/**
 * The base path as routers compare it: with a slash before it, and none behind.
 *
 * @throws KitcnError `INVALID_BASE_PATH`
 */
export function routePath(basePath: string): string {
  if (basePath.startsWith("/")) return trimBasePath(basePath);
  throw invalidBasePath({ path: basePath });
}
