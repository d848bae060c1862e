import { admin, organization, twoFactor } from "better-auth/plugins";
import type { BetterAuthPlugin } from "better-auth";
import { describe, expect, test } from "vitest";
import { convex } from "../../../src/auth/plugin.js";
import { isSingleWrite } from "../../../src/auth/single-write.js";
import type { AuthOptions } from "../../../src/auth/types.js";

const plain: AuthOptions = { plugins: [convex({ authConfig: { providers: [] } })] };
const withPlugins = (...plugins: BetterAuthPlugin[]): AuthOptions => ({ plugins });

describe("isSingleWrite", () => {
  const tables: [string, { given: { path: string; options: AuthOptions }; want: boolean }][] = [
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
        given: { path: "/api/auth/sign-in/email", options: { rateLimit: { storage: "database" } } },
        want: false,
      },
    ],
  ];
  test.each(tables)("%s", (_title, { given, want }) => {
    expect(isSingleWrite({ url: `https://x.test${given.path}` }, () => given.options)).toBe(want);
  });
});
