// Requests that a generator draws, against the app with every plugin: each is answered, none with an unexplained 5xx,
// and without a session none writes anything but what its endpoint is for. FUZZ_REQUESTS and FUZZ_SEED choose others.
import { afterAll, beforeAll, expect, test } from "vitest";
import { everyEndpoint } from "../support/endpoints.js";
import {
  EVERY_PLUGIN_FILES,
  EVERY_PLUGIN_PACKAGES,
  FULLEST_AUTH,
} from "../support/flows/every-plugin.js";
import { random } from "../support/random.js";
import { startAuthApp, type AuthApp } from "./support/auth-app.js";
import { drawRequest, fuzzEndpoints } from "./support/fuzz.js";

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 300);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261);

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
const ANYBODYS = new Set(["rateLimit", "oauthResource"]);

/** A hook of the OAuth provider parses oauth_query before anything has checked that it is a text. */
const KNOWN_FAILURES = /^\/oauth2\/(consent|continue|public-client-prelogin)/;

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp("split", FULLEST_AUTH, {
    packages: EVERY_PLUGIN_PACKAGES,
    files: EVERY_PLUGIN_FILES,
  });
}, 600_000);
afterAll(() => app?.stop());

/** Each table's rows as text, without the system's. */
async function tablesOf(): Promise<Map<string, string>> {
  await app.deployment.settled();
  const rows = await app.deployment.rows();
  return new Map(
    Object.values(rows).flatMap((tables) =>
      Object.entries(tables)
        .filter(([table]) => !table.startsWith("_"))
        .map(([table, list]): [string, string] => [table, JSON.stringify(list)]),
    ),
  );
}

test(`${REQUESTS} requests of seed ${SEED} are answered, and write only what they are for`, async () => {
  const draw = random(SEED);
  const { api, served } = everyEndpoint();
  const endpoints = fuzzEndpoints(api, served);
  const unexplained: string[] = [];
  const written: string[] = [];
  let before = await tablesOf();
  for (let count = 0; count < REQUESTS; count++) {
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
    const after = await tablesOf();
    for (const [table, rows] of after)
      if (rows !== (before.get(table) ?? "[]") && !ANYBODYS.has(table))
        if (!WRITERS[table]?.test(path.replace("//", "/").toLowerCase()))
          written.push(`${table} by ${at}`);
    before = after;
  }
  expect(unexplained).toEqual([]);
  expect(written).toEqual([]);
}, 1_800_000);
