// Sends what fuzz.ts draws to the app with every plugin, one request after the other, and looks at each answer and at
// the tables after it. The suite asks for some requests, the matrix for more.
import { expect } from "vitest";
import type { Digests } from "../../deployment/digests.js";
import { everyEndpoint } from "../../support/endpoints.js";
import {
  EVERY_PLUGIN_FILES,
  EVERY_PLUGIN_PACKAGES,
  FULLEST_AUTH,
} from "../../support/flows/every-plugin.js";
import { random } from "../../support/random.js";
import { startAuthApp, type AuthApp } from "./auth-app.js";
import { drawRequest, fuzzEndpoints } from "./fuzz.js";

/** The app with every plugin. */
export function startFuzzedApp(): Promise<AuthApp> {
  return startAuthApp("split", FULLEST_AUTH, {
    packages: EVERY_PLUGIN_PACKAGES,
    files: EVERY_PLUGIN_FILES,
  });
}

/** Each request is answered, none with an unexplained 5xx, and none writes anything but what its endpoint is for. */
export async function assertHarmless(
  app: AuthApp,
  { requests, seed }: { readonly requests: number; readonly seed: number },
): Promise<void> {
  const draw = random(seed);
  const { api, served } = everyEndpoint();
  const endpoints = fuzzEndpoints(api, served);
  const unexplained: string[] = [];
  const written: string[] = [];
  let before = await tablesOf(app);
  for (let count = 0; count < requests; count++) {
    const { path, init } = drawRequest(draw, endpoints);
    const at = `${count}: ${init.method} ${path.slice(0, 200)} ${String(init.body ?? "").slice(0, 300)}`;
    const logged = app.deployment.logs().length;
    const answer = await fetch(`${app.deployment.siteUrl}/api/auth${path}`, init);
    const text = await answer.text();
    if (answer.status >= 500) {
      const lines = app.deployment.logs().slice(logged).join("\n");
      const isExplained = KNOWN_FAILURES.test(path) && /\b[A-Z]\w*Error\b/.test(lines);
      if (!isExplained) unexplained.push(`${at}\n${answer.status} ${text}\n${lines}`);
    }
    const after = await tablesOf(app);
    for (const [place, digest] of Object.entries(after)) {
      if (digest === (before[place] ?? "")) continue;
      const table = place.split("/").at(-1) ?? ""; // below the path of its component
      if (!WRITERS[table]?.test(path.replace("//", "/").toLowerCase()))
        written.push(`${table} by ${at}`);
    }
    before = after;
  }
  const of = `of ${requests} requests of seed ${seed}`;
  expect(unexplained, of).toEqual([]);
  expect(written, of).toEqual([]);
}

// --- internal ---

/** What may write a table without a session: paths below /api/auth, whatever their input. */
const WRITERS: Readonly<Record<string, RegExp>> = {
  user: /^\/(sign-up|sign-in|siwe\/verify|phone-number\/verify|callback|scim)/,
  session: /^\/(sign-up|sign-in|siwe\/verify|phone-number\/verify|callback)/,
  account: /^\/(sign-up|sign-in|siwe\/verify|phone-number|email-otp|callback)/,
  walletAddress: /^\/siwe\/verify/,
  verification:
    /^\/(sign-in|sign-up|request-password-reset|forget-password|email-otp|phone-number|siwe|passkey|oauth2|oauth-popup|link-social|one-time|magic-link|two-factor|callback)/,
  sent: /^\/(sign-in|sign-up|request-password-reset|forget-password|email-otp|phone-number|send-verification-email|two-factor)/,
  deviceCode: /^\/device/,
  oauthClient: /^\/oauth2\/register/,
  jwks: /^\/(jwks|token|convex|oauth2)/,
};

/** Tables that any request may write: its own rate limit, and what a plugin seeds when it starts. */
const ANYBODYS: readonly string[] = ["rateLimit", "oauthResource"];

/** A hook of the OAuth provider parses oauth_query before anything has checked that it is a text. */
const KNOWN_FAILURES = /^\/oauth2\/(consent|continue|public-client-prelogin)/;

/** What each table holds. */
async function tablesOf({ deployment }: AuthApp): Promise<Digests> {
  await deployment.settled();
  return deployment.digests(ANYBODYS);
}
