// Every endpoint of every plugin, called over HTTP with an input that is right and with inputs that are wrong: on the
// stand-in, in the app that the real CLIs pushed. What is not called yet is listed below; the list only shrinks.
import { de } from "@better-auth/i18n/locales";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAuthApp, type AuthApp } from "../faults/support/auth-app.js";
import { CORE_FLOWS } from "../support/flows/core.js";
import {
  EVERY_PLUGIN_FILES,
  EVERY_PLUGIN_PACKAGES,
  FULLEST_AUTH,
} from "../support/flows/every-plugin.js";
import { PACKAGE_FLOWS } from "../support/flows/packages.js";
import { OAUTH_FLOWS } from "../support/flows/rest-oauth.js";
import { SIGN_IN_FLOWS } from "../support/flows/rest-sign-in.js";
import { REST_FLOWS } from "../support/flows/rest.js";
import { openWorld, ORIGIN } from "../support/flows/world.js";
import { plainFetch } from "../support/plain-fetch.js";
import { endpointOf, everyEndpoint, wrongInputsOf, type Recorded } from "../support/endpoints.js";

/** Endpoints that nothing calls with a right input yet, and why. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  "POST /one-tap/callback": "Google has to sign the token, and its keys are fetched from Google.",
};

/** Endpoints that refuse no wrong input: they take none, serve everybody, or redirect with what they were given. */
const TAKES_ANYTHING: readonly string[] = [
  "GET /convex/.well-known/openid-configuration",
  "GET /convex/jwks",
  "GET /error",
  "GET /get-session",
  "GET /jwks",
  "GET /multi-session/list-device-sessions",
  "GET /ok",
  "GET /open-api/generate-schema",
  "GET /passkey/generate-authenticate-options",
  "GET /reference",
  "GET /scim/v2/ResourceTypes",
  "GET /scim/v2/Schemas",
  "GET /scim/v2/ServiceProviderConfig",
  "POST /callback/:id",
  "POST /sign-in/anonymous",
  "POST /sign-out",
  "POST /siwe/get-nonce",
  "POST /siwe/nonce",
];

/** Endpoints that answer a wrong input with a 5xx, and why. */
const FAILS: Readonly<Record<string, string>> = {
  "POST /oauth2/consent":
    "A hook of the OAuth provider parses oauth_query before anything has checked that it is a text.",
  "POST /oauth2/continue": "As /oauth2/consent.",
  "POST /oauth2/public-client-prelogin": "As /oauth2/consent.",
};

/** Endpoints that refuse with a status alone: Better Auth throws UNAUTHORIZED without a message there. */
const BLANK: readonly string[] = ["POST /admin/stop-impersonating", "POST /oauth2/update-consent"];

/** Wrong inputs that are sent at once. More would have a loaded machine take functions beyond their CPU time. */
const LANES = 2;

const { served, serverOnly } = everyEndpoint();

let app: AuthApp;
const recorded: Recorded[] = [];

beforeAll(async () => {
  app = await startAuthApp("split", FULLEST_AUTH, {
    packages: EVERY_PLUGIN_PACKAGES,
    files: EVERY_PLUGIN_FILES,
  });
}, 600_000);
afterAll(() => app?.stop());

const world = () => ({
  consent: app.outside.consent,
  captcha: app.outside.captcha,
  ...openWorld({
    base: app.deployment.siteUrl,
    serve: async (request) => {
      const body = await request.clone().text();
      const answer = await plainFetch(request, body);
      recorded.push({ request, body, status: answer.status });
      return answer;
    },
    lastSent: async () => {
      // What a request sends is sent by a function that it scheduled.
      await app.deployment.settled();
      const rows = await app.deployment.rows();
      const sent = rows[""]?.["sent"] ?? [];
      const last = sent
        .toSorted((one, other) => Number(one._creationTime) - Number(other._creationTime))
        .at(-1);
      return String(last?.["text"] ?? "");
    },
  }),
});

// SSO imports Node modules, which Convex functions that serve HTTP do not have.
const flows = [
  ...CORE_FLOWS,
  ...PACKAGE_FLOWS,
  ...REST_FLOWS,
  ...SIGN_IN_FLOWS,
  ...OAUTH_FLOWS,
].filter(({ name }) => name !== "SSO");

test("the list of endpoints is whole", () => {
  expect(served.length).toBeGreaterThan(180);
  expect(serverOnly.length).toBeGreaterThan(20);
});

describe("a right input", () => {
  test.each(flows)("$name", ({ run }) => run(world()), 600_000);

  test("reaches every endpoint, except those listed", () => {
    const called = new Set(
      recorded
        .filter(({ status }) => status < 400)
        .map(({ request }) => endpointOf(request, served)),
    );
    const missing = served.filter((endpoint) => !called.has(endpoint));
    expect(missing).toEqual(Object.keys(NOT_CALLED).sort());
  });
});

test("an error's message is in the language of the browser", async () => {
  const body = JSON.stringify({ email: "nobody@example.com", password: "wrong password" });
  const answer = await fetch(`${app.deployment.siteUrl}/api/auth/sign-in/email`, {
    ...{ method: "POST", body },
    headers: {
      ...{ origin: ORIGIN, "content-type": "application/json" },
      "accept-language": "de-AT,en;q=0.5",
    },
  });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({
    code: "INVALID_EMAIL_OR_PASSWORD",
    message: de.INVALID_EMAIL_OR_PASSWORD,
  });
});

/** The session of somebody who has nothing to do with anything; another one when a request may have ended it. */
function strangers(lane: number) {
  const { call, signUp } = world();
  let token = "";
  let isSure = false;
  let count = 0;
  return {
    token: async () => {
      const { body } = token && !isSure ? await call("/get-session", { as: token }) : { body: {} };
      if (!isSure && !("session" in body)) ({ token } = await signUp(`stranger${lane}-${count++}`));
      isSure = true;
      return token;
    },
    mayHaveEnded: () => {
      isSure = false;
    },
  };
}

test("a wrong input is refused with a code or a message, and never with a 5xx", async () => {
  const found = {
    failing: new Set<string>(),
    blank: new Set<string>(),
    patient: new Set<string>(),
  };
  const seen: string[] = [];
  const base = `${app.deployment.siteUrl}/api/auth`;
  const rights = [...recorded]; // those of the strangers come after them
  const tryEndpoint = async (endpoint: string, stranger: ReturnType<typeof strangers>) => {
    const right = rights.findLast(
      ({ request, status }) => status < 400 && endpointOf(request, served) === endpoint,
    );
    const token = await stranger.token();
    let refusals = 0;
    for (const { name, request } of wrongInputsOf(endpoint, right, { base, token })) {
      const answer = await plainFetch(request, await request.clone().text());
      const text = await answer.text();
      const isRefused = answer.status >= 400 || /error/.test(answer.headers.get("location") ?? "");
      if (isRefused) refusals++;
      else stranger.mayHaveEnded();
      if (answer.status >= 500) found.failing.add(endpoint);
      else if (answer.status >= 400 && !/error|code|message|detail/i.test(text))
        found.blank.add(endpoint);
      if (answer.status >= 500) seen.push(`${endpoint} (${name}): ${answer.status} ${text}`);
    }
    if (refusals === 0) found.patient.add(endpoint);
  };
  // Each lane waits for one answer; together they keep the deployment's threads at work.
  const rest = [...served];
  const work = async (_: unknown, lane: number) => {
    const stranger = strangers(lane);
    for (let next = rest.shift(); next; next = rest.shift()) await tryEndpoint(next, stranger);
  };
  await Promise.all(Array.from({ length: LANES }, work));
  expect([...found.failing].sort(), seen.join("\n")).toEqual(Object.keys(FAILS).sort());
  expect([...found.blank].sort()).toEqual(BLANK);
  expect([...found.patient].sort()).toEqual(TAKES_ANYTHING);
}, 1_800_000);
