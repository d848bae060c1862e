// The endpoints that kitcn names by path are endpoints of the installed Better Auth and its plugins.
import { expect, test } from "vitest";
import * as paths from "../../../src/better-auth/paths.js";
import { everyEndpoint } from "../../support/endpoints.js";

/** `@better-auth/sso` cannot be deployed. */
const NOT_SERVED = ["/sign-in/sso"];

test("each path is one of an endpoint", () => {
  const served = new Set(everyEndpoint().served.map((endpoint) => endpoint.split(" ")[1]));
  const named = Object.values(paths).flatMap((value) =>
    typeof value === "function" ? [] : typeof value === "string" ? [value] : [...value],
  );
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named.filter((path) => !served.has(path)))].sort()).toEqual(NOT_SERVED);
});

test.each([
  { path: "/callback/:id", callback: true, proxied: false },
  { path: "/oauth2/callback/idp", callback: true, proxied: false },
  { path: "/callback/:id/oauth-proxy", callback: true, proxied: true },
  { path: "/api/auth/oauth-proxy-callback", callback: false, proxied: true },
  // With `advanced.skipTrailingSlashes`, the same endpoints.
  { path: "/api/auth/oauth-proxy-callback/", callback: false, proxied: true },
  { path: "/sign-in/social", callback: false, proxied: false },
  { path: undefined, callback: false, proxied: false },
])("$path: a callback $callback, proxied $proxied", ({ path, callback, proxied }) => {
  expect(paths.isCallback(path)).toBe(callback);
  expect(paths.isProxied(path)).toBe(proxied);
});
