import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { admin, organization, twoFactor } from "better-auth/plugins";
import { describe, expect, test } from "vitest";
import { convex } from "../../../../src/auth/plugin.js";
import { isInCookie } from "../../../../src/auth/http/in-cookie.js";
import type { AuthOptions } from "../../../../src/auth/types.js";

const plain: AuthOptions = { plugins: [convex({ authConfig: { providers: [] } })] };

const looking: BetterAuthPlugin = {
  id: "looking",
  hooks: {
    before: [
      {
        matcher: (context) => context.request!.url.endsWith("?fresh"),
        handler: createAuthMiddleware(async () => {}),
      },
    ],
  },
};

describe("isInCookie", () => {
  type Given = { path: string; options: AuthOptions; cookie?: string };
  const cached: AuthOptions = { ...plain, session: { cookieCache: { enabled: true } } };
  const cookie = "__Secure-app.session_token=t; __Secure-app.session_data=d";
  const tables: [string, { given: Given; want: boolean }][] = [
    [
      "a sign-in, cookie or not",
      { given: { path: "/api/auth/sign-in/email", options: cached, cookie }, want: false },
    ],
    [
      "a path that only looks like it",
      { given: { path: "/api/auth/get-sessions", options: cached, cookie }, want: false },
    ],
    [
      "under another base path",
      { given: { path: "/x/get-session", options: cached, cookie }, want: true },
    ],
    [
      "with plugins that have no hooks on it",
      {
        given: {
          path: "/api/auth/get-session",
          options: { ...cached, plugins: [twoFactor(), organization(), admin()] },
          cookie,
        },
        want: true,
      },
    ],
    [
      "with the app's own hooks",
      {
        given: { path: "/api/auth/get-session", options: { ...cached, hooks: {} }, cookie },
        want: false,
      },
    ],
    [
      "with hooks around each session",
      {
        given: {
          path: "/api/auth/get-session",
          options: { ...cached, databaseHooks: { session: {} } },
          cookie,
        },
        want: false,
      },
    ],
    [
      "with hooks around each user, which such a request does not write",
      {
        given: {
          path: "/api/auth/get-session",
          options: { ...cached, databaseHooks: { user: {} } },
          cookie,
        },
        want: true,
      },
    ],
    [
      "with a rate limit, which counts",
      {
        given: {
          path: "/api/auth/get-session",
          options: { ...cached, rateLimit: { enabled: true } },
          cookie,
        },
        want: false,
      },
    ],
    [
      "with a hook that looks at more than the path to decide",
      {
        given: {
          path: "/api/auth/get-session",
          options: { ...cached, plugins: [looking] },
          cookie,
        },
        want: false,
      },
    ],
    [
      "a session in a cookie",
      { given: { path: "/api/auth/get-session", options: cached, cookie }, want: true },
    ],
    [
      "a token for a session in a cookie",
      { given: { path: "/api/auth/convex/token", options: cached, cookie }, want: true },
    ],
    [
      "no session in a cookie yet",
      {
        given: { path: "/api/auth/get-session", options: cached, cookie: "session_token=t" },
        want: false,
      },
    ],
    [
      "a stale cookie, where the options cache no session",
      { given: { path: "/api/auth/get-session", options: plain, cookie }, want: false },
    ],
  ];
  test.each(tables)("%s", async (_title, { given, want }) => {
    const headers = given.cookie ? [["cookie", given.cookie]] : [];
    const request = { url: `https://x.test${given.path}`, method: "POST", headers, body: null };
    expect(await isInCookie(request, () => given.options)).toBe(want);
  });
});
