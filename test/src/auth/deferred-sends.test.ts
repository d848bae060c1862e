// Better Auth's own plugins must call the callbacks that kitcn replaced, not copies they took earlier.
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { betterAuth } from "better-auth/minimal";
import { emailOTP, magicLink, organization, phoneNumber, twoFactor } from "better-auth/plugins";
import { afterEach, expect, test, vi } from "vitest";
import { COPYING } from "../../../src/better-auth/callback-names.js";
import { wrapCallbacks } from "../../../src/request/callbacks.js";
import { withinRun } from "../../../src/request/effects.js";
import { loadResponse } from "../../../src/request/message.js";
import { runHandler } from "../../../src/request/run.js";
import { createCookieJar } from "../../support/cookie-fetch.js";

const SITE = "https://x.test";
const credentials = { email: "ada@example.com", password: "correct horse", name: "Ada" };

afterEach(() => vi.unstubAllGlobals());

function createTestAuth() {
  const sent: string[] = [];
  const send = (name: string) => async () => void sent.push(name);
  const given = {
    baseURL: SITE,
    secret: "test-secret-of-thirty-two-characters!",
    logger: { disabled: true },
    emailAndPassword: { enabled: true, sendResetPassword: send("reset") },
    emailVerification: { sendVerificationEmail: send("verify") },
    plugins: [
      magicLink({ sendMagicLink: send("magic") }),
      emailOTP({ sendVerificationOTP: send("otp") }),
      phoneNumber({ sendOTP: send("phone") }),
      twoFactor({ otpOptions: { sendOTP: send("second factor") } }),
      organization({ sendInvitationEmail: send("invitation") }),
    ],
  };
  const makers = { "email-otp": emailOTP, "phone-number": phoneNumber };
  const { options } = wrapCallbacks(given, undefined, makers);
  const tables = Object.values(getAuthTables(options));
  const rows = Object.fromEntries(tables.map(({ modelName }) => [modelName, [] as never[]]));
  return { auth: betterAuth({ ...options, database: memoryAdapter(rows) }), sent };
}

type Sends = { deferred: string[]; sent: string[] };

async function sendsOf(path: string, body: object): Promise<Sends> {
  const { auth, sent } = createTestAuth();
  vi.stubGlobal("fetch", (request: Request) => auth.handler(request));
  const jar = createCookieJar(SITE);
  const post = (to: string, data: object) =>
    jar.fetch(`${SITE}/api/auth${to}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(data),
    });
  await post("/sign-up/email", credentials);
  const created = await (await post("/organization/create", { name: "Acme", slug: "acme" })).json();
  vi.unstubAllGlobals();
  const request = new Request(`${SITE}/api/auth${path}`, {
    method: "POST",
    headers: {
      origin: SITE,
      "content-type": "application/json",
      cookie: [...jar.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
    body: JSON.stringify({
      ...body,
      ...(path.includes("invite") && { organizationId: created.id }),
    }),
  });
  const { outcome, outbox } = await runHandler({
    context: "mutation",
    journal: [],
    handler: (run) => withinRun(run, async () => loadResponse(await auth.handler(request))),
  });
  if (outcome.kind !== "response") throw new Error(outcome.kind);
  expect(outcome.response.status).toBe(200);
  return { deferred: outbox.map((callback) => callback.path.join(".")), sent };
}

test.each([
  ["/request-password-reset", { email: credentials.email }, "emailAndPassword.sendResetPassword"],
  [
    "/send-verification-email",
    { email: credentials.email },
    "emailVerification.sendVerificationEmail",
  ],
  ["/sign-in/magic-link", { email: credentials.email }, "plugins.magic-link.sendMagicLink"],
  [
    "/organization/invite-member",
    { email: "bob@example.com", role: "member" },
    "plugins.organization.sendInvitationEmail",
  ],
  [
    "/email-otp/send-verification-otp",
    { email: credentials.email, type: "sign-in" },
    "plugins.email-otp.sendVerificationOTP",
  ],
  [
    "/email-otp/request-password-reset",
    { email: credentials.email },
    "plugins.email-otp.sendVerificationOTP",
  ],
  ["/phone-number/send-otp", { phoneNumber: "+15550100" }, "plugins.phone-number.sendOTP"],
])("%s waits for the commit", async (path, body, want) => {
  expect(await sendsOf(path, body)).toEqual({ deferred: [want], sent: [] });
});

test("every plugin that copies its options is made again, and one that was changed is left as it is", () => {
  const made: Record<string, () => { id: string; options?: unknown }> = {
    "email-otp": () => emailOTP({ sendVerificationOTP: async () => {} }),
    "phone-number": () => phoneNumber({ sendOTP: async () => {} }),
  };
  const makers = { "email-otp": emailOTP, "phone-number": phoneNumber };
  expect(Object.keys(made)).toEqual(Object.keys(COPYING));
  for (const make of Object.values(made)) {
    const plugin = make();
    const [wrapped] = wrapCallbacks({ plugins: [plugin] }, undefined, makers).options.plugins;
    expect(wrapped?.options).not.toBe(plugin.options);
    const changed = { ...plugin, onRequest: async () => {} };
    const [left] = wrapCallbacks({ plugins: [changed] }, undefined, makers).options.plugins;
    expect(left).toHaveProperty("onRequest");
    expect(left?.options).toBe(plugin.options);
  }
});
