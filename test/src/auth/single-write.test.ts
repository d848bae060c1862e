import { admin, organization, twoFactor } from "better-auth/plugins";
import type { BetterAuthPlugin } from "better-auth";
import { describe, expect, test } from "vitest";
import { convex } from "../../../src/auth/plugin.js";
import { isSingleWrite } from "../../../src/auth/single-write.js";
import type { AuthOptions } from "../../../src/auth/types.js";

const plain: AuthOptions = { plugins: [convex({ authConfig: { providers: [] } })] };
const withPlugins = (...plugins: BetterAuthPlugin[]): AuthOptions => ({ plugins });

describe("isSingleWrite", () => {
  type Given = { path: string; options: AuthOptions; cookie?: string };
  const cached: AuthOptions = { ...plain, session: { cookieCache: { enabled: true } } };
  const cookie = "__Secure-app.session_token=t; __Secure-app.session_data=d";
  const tables: [string, { given: Given; want: boolean }][] = [
    ["a plain sign-in", { given: { path: "/api/auth/sign-in/email", options: plain }, want: true }],
    [
      "under another base path",
      { given: { path: "/x/sign-in/email", options: plain }, want: true },
    ],
    ["sign-up", { given: { path: "/api/auth/sign-up/email", options: plain }, want: false }],
    [
      "a path that only looks like it",
      { given: { path: "/api/auth/sign-in/emails", options: plain }, want: false },
    ],
    [
      "two-factor, whose hook deletes the session",
      {
        given: { path: "/api/auth/sign-in/email", options: withPlugins(twoFactor()) },
        want: false,
      },
    ],
    [
      "plugins without hooks on it",
      {
        given: { path: "/api/auth/sign-in/email", options: withPlugins(organization(), admin()) },
        want: true,
      },
    ],
    [
      "the app's own hooks",
      { given: { path: "/api/auth/sign-in/email", options: { hooks: {} } }, want: false },
    ],
    [
      "rate limits in the database",
      {
        given: {
          path: "/api/auth/sign-in/email",
          options: { rateLimit: { enabled: true, storage: "database" } },
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
    expect(await isSingleWrite(request, () => given.options)).toBe(want);
  });
});
