// What `kitcn doctor` says of origins that strangers may have: facts in, findings out.
import { expect, test } from "vitest";
import { checkOrigins } from "../../../codegen/doctor/check-origins.js";

const open = (origins: string[], { isProduction = true, env = {} } = {}) =>
  checkOrigins({ origins, env, isProduction }).map(({ code }) => code);

test.each([
  "https://*.vercel.app",
  "https://*-team.vercel.app",
  "https://app-git-*-team.vercel.app",
  "*.pages.dev",
  "https://*.netlify.app",
  "https://app?.onrender.com",
  "https://*.amplifyapp.com",
  "https://*.azurestaticapps.net",
  "https://*",
  "*",
  "https://*.com",
  "https://*.vercel.app:443/path",
  "exp://",
  "exp://192.168.*.*:*/**",
])("in production, anybody can be at %s", (origin) => {
  expect(open([origin])).toEqual(["OPEN_ORIGIN"]);
  expect(
    open([], { env: { BETTER_AUTH_TRUSTED_ORIGINS: `https://a.example.com, ${origin}` } }),
  ).toEqual(["OPEN_ORIGIN"]);
  expect(open([origin], { isProduction: false })).toEqual([]);
});

test.each([
  "https://app.example.com",
  "https://*.example.com",
  "https://app-team.vercel.app",
  "https://*.app.pages.dev",
  "https://*--app.netlify.app",
  "myapp://",
  "notes://*",
  "http://localhost:*",
])("%s is the app's own", (origin) => expect(open([origin])).toEqual([]));
