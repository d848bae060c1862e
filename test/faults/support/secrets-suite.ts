// Nothing secret is logged, thrown, stored for later or printed: a person does everything that involves a secret, and
// everything that somebody else can read is searched for each of them.
// The default suite and the matrix choose the placement.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { ORIGIN, startAuthApp, type AuthApp, type Browser } from "./auth-app.js";
import { newEmail, ok } from "./scenarios.js";
import { leaksIn, secretsIn } from "./secrets.js";

const AUTH = `import { emailOTP, genericOAuth, magicLink, oneTimeToken, twoFactor } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
async function mail(to: string, token: string) {
  await fetch(outside + "/mail", { method: "POST", body: JSON.stringify({ to, token }) });
}
const recognisable = () => "code-" + crypto.randomUUID();

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  rateLimit: {
    enabled: true,
    storage: process.env.RATE_LIMIT === "memory" ? ("memory" as const) : ("database" as const),
    customRules: { "/**": { window: 10, max: 1000 } },
  },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => "hash-of-" + btoa(password),
      verify: async ({ hash, password }: { hash: string; password: string }) => hash === "hash-of-" + btoa(password),
    },
    sendResetPassword: ({ user, token }) => mail(user.email, token),
  },
  emailVerification: { sendVerificationEmail: ({ user, token }) => mail(user.email, token) },
  user: {
    changeEmail: {
      enabled: true,
      sendChangeEmailConfirmation: ({ user, token }) => mail(user.email, token),
    },
    deleteUser: {
      enabled: true,
      sendDeleteAccountVerification: ({ user, token }) => mail(user.email, token),
    },
  },
  databaseHooks: {
    user: {
      create: {
        after: async (user) => {
          if (user.email.startsWith("failing")) throw new Error("the hook fails");
        },
      },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    magicLink({ sendMagicLink: ({ email, token }) => mail(email, token) }),
    emailOTP({ generateOTP: recognisable, sendVerificationOTP: ({ email, otp }) => mail(email, otp) }),
    oneTimeToken(),
    twoFactor({ otpOptions: { digits: 30, sendOTP: ({ user, otp }) => mail(user.email, otp) } }),
    genericOAuth({
      config: [
        {
          providerId: "outside",
          clientId: "client",
          clientSecret: process.env.CLIENT_SECRET ?? "",
          authorizationUrl: outside + "/authorize",
          tokenUrl: outside + "/token",
          userInfoUrl: outside + "/userinfo",
          scopes: ["openid"],
        },
      ],
    }),
  ],
  telemetry: { enabled: false },
}));
`;

const VARIABLES = {
  BETTER_AUTH_SECRET: "auth-secret-nobody-may-ever-read-4b7e",
  CLIENT_SECRET: "client-secret-nobody-may-ever-read-91cd",
};

let app: AuthApp;
let secrets: Set<string>;

/** Keeps what an answer lets its client know. */
async function kept(asked: Promise<Response>): Promise<Response> {
  const answer = await asked;
  const text = await answer.clone().text();
  if (text.startsWith("{")) for (const one of secretsIn(JSON.parse(text))) secrets.add(one);
  for (const line of answer.headers.getSetCookie()) {
    const value = decodeURIComponent(line.split(";")[0]?.split("=").slice(1).join("=") ?? "");
    if (value.length >= 12)
      [value, value.split(".")[0] ?? value].forEach((one) => secrets.add(one));
  }
  return answer;
}

/** What was mailed to an address, by a function that a request scheduled. */
async function mailed(email: string): Promise<string> {
  await app.deployment.settled();
  const token = await app.outside.mailed(email);
  secrets.add(token);
  return token;
}

/** Keeps what the tables have of secrets now: they are gone from there later. */
async function keepStored(): Promise<void> {
  const rows = await app.deployment.rows();
  const ids = new Set(
    JSON.stringify(rows)
      .match(/"_id":"[^"]+"/g)
      ?.map((one) => one.slice(7, -1)),
  );
  for (const tables of Object.values(rows))
    for (const [table, list] of Object.entries(tables))
      if (!table.startsWith("_"))
        for (const row of list) {
          secretsIn(row).forEach((one) => secrets.add(one));
          // A verification's identifier is often the token itself: "reset-password:<token>".
          for (const part of String(row["identifier"] ?? "").split(":"))
            if (part.length >= 12 && !part.includes("@")) secrets.add(part);
        }
  // What a verification is about is no secret: a user, an address.
  for (const one of secrets)
    if (ids.has(one) || /^[^\s"]+@example\.com$/.test(one)) secrets.delete(one);
}

let passwords = 0;
const newPassword = () => {
  const password = `password-nobody-may-read-${passwords++}`;
  secrets.add(password).add(`hash-of-${btoa(password)}`);
  return password;
};

async function wholeLife(): Promise<void> {
  const email = newEmail();
  let password = newPassword();
  const browser = keeping(app.browser());
  const signIn = async () => ok(browser.post("/sign-in/email", { email, password }));

  await ok(browser.post("/sign-up/email", { name: "Person", email, password }));
  const failing = { name: "Person", email: `failing-${email}`, password: newPassword() };
  await keeping(app.browser()).post("/sign-up/email", failing);
  await keeping(app.browser()).post("/sign-up/email", {
    name: "P",
    email,
    password: newPassword(),
  });
  await signIn();
  const wrong = await browser.post("/sign-in/email", { email, password: newPassword() });
  expect(wrong.status).toBe(401);
  await ok(browser.get("/convex/token"));
  const drawn = await ok(browser.get("/one-time-token/generate"));
  await ok(keeping(app.browser()).post("/one-time-token/verify", { token: drawn.token }));

  await ok(browser.post("/request-password-reset", { email, redirectTo: `${ORIGIN}/reset` }));
  const token = await mailed(email);
  await keepStored();
  await browser.get(`/reset-password/${token}?callbackURL=${encodeURIComponent(ORIGIN)}`);
  password = newPassword();
  await ok(browser.post("/reset-password", { token, newPassword: password }));
  const again = await browser.post("/reset-password", { token, newPassword: newPassword() });
  expect(again.status).toBe(400);
  await signIn();
  const next = newPassword();
  await ok(browser.post("/change-password", { currentPassword: password, newPassword: next }));
  password = next;

  await ok(browser.post("/send-verification-email", { email }));
  await browser.get(`/verify-email?token=${await mailed(email)}`);
  await ok(browser.post("/change-email", { newEmail: `new-${email}` }));
  await browser.get(`/verify-email?token=${await mailed(email)}`);

  await ok(browser.post("/sign-in/magic-link", { email }));
  await keepStored();
  await browser.get(`/magic-link/verify?token=${await mailed(email)}`);
  await ok(browser.post("/email-otp/send-verification-otp", { email, type: "sign-in" }));
  await keepStored();
  await ok(browser.post("/sign-in/email-otp", { email, otp: await mailed(email) }));

  const enabled = await ok(browser.post("/two-factor/enable", { password }));
  const [backup = "", wrongBackup = ""] = enabled.backupCodes as string[]; // as the endpoint answers
  [backup, wrongBackup].forEach((one) => secrets.add(one));
  await ok(browser.post("/two-factor/send-otp"));
  await keepStored();
  await ok(browser.post("/two-factor/verify-otp", { code: await mailed(email) }));
  const other = keeping(app.browser());
  await ok(other.post("/sign-in/email", { email, password }));
  await ok(other.post("/two-factor/verify-backup-code", { code: backup }));
  await ok(browser.post("/two-factor/get-totp-uri", { password }));
  await ok(browser.post("/two-factor/disable", { password }));

  const stranger = keeping(app.browser());
  const social = { provider: "outside", callbackURL: `${ORIGIN}/home` };
  const { url } = await ok(stranger.post("/sign-in/social", social));
  const state = new URL(String(url)).searchParams.get("state") ?? "";
  const code = app.outside.consent(`via-${email}`);
  secrets.add(state).add(code);
  await keepStored();
  await stranger.get(`/callback/outside?${new URLSearchParams({ state, code })}`);
  await stranger.get(`/callback/outside?${new URLSearchParams({ state, code })}`);
  const accounts = (await (await stranger.get("/list-accounts")).json()) as { id: string }[]; // as above
  const account = { accountId: accounts[0]?.id };
  await ok(stranger.post("/get-access-token", account));
  await ok(stranger.post("/refresh-token", account));
  app.outside.providerTokens().forEach((one) => secrets.add(one));

  await keepStored();
  await ok(stranger.post("/sign-out"));
  await signIn();
  await ok(browser.post("/delete-user", { password }));
  await keepStored();
  await browser.get(`/delete-user/callback?token=${await mailed(email)}`);
  const gone = await browser.post("/sign-in/email", { email, password });
  expect(gone.status).toBe(401);
  await app.deployment.settled();
}

/** A browser whose answers are kept. */
function keeping(browser: Browser): Browser {
  return {
    get: (path) => kept(browser.get(path)),
    post: (path, body, headers) => kept(browser.post(path, body, headers)),
  };
}

/** Declares the tests of one placement. */
export function keepsSecretsIn(placement: Placement): void {
  describe(`placement ${placement}`, () => {
    beforeAll(async () => {
      secrets = new Set(Object.values(VARIABLES));
      app = await startAuthApp(placement, AUTH, { variables: VARIABLES });
    });
    afterAll(() => app?.stop());

    test.each(["database", "memory"])(
      "rate limits in %s: nothing secret is left",
      async (storage) => {
        await setVariable("RATE_LIMIT", storage);
        await wholeLife();
        const executions = await app.deployment.executions();
        // A run that starts again throws, so there is something to search.
        expect(executions.map(({ error }) => error ?? "").join("\n")).toContain("starts again");
        const scheduled = await app.deployment.scheduled();
        expect(scheduled.length).toBeGreaterThan(0);
        const readable = [
          ...app.deployment.logs(),
          // Convex names an HTTP action by its route, /api/auth/*; the stand-in by the path that was asked for.
          ...executions.flatMap(({ logLines, error }) => [...logLines, error ?? ""]),
          ...scheduled.map((job) => JSON.stringify(job)),
        ];
        expect(secrets.size).toBeGreaterThan(50);
        expect(leaksIn(readable.join("\n"), secrets)).toEqual([]);
      },
    );

    test("no command prints a secret", async () => {
      const ran = [app.added, await app.kitcn("env", "push"), await app.kitcn("doctor")];
      const printed = ran.map(({ stdout, stderr }) => stdout + stderr).join("\n");
      expect(printed).toContain("BETTER_AUTH_SECRET");
      expect(leaksIn(printed, secrets)).toEqual([]);
    });
  });
}

async function setVariable(name: string, value: string): Promise<void> {
  const { url, adminKey } = app.deployment;
  const answer = await fetch(`${url}/api/update_environment_variables`, {
    method: "POST",
    headers: { authorization: `Convex ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ changes: [{ name, value }] }),
  });
  expect(answer.status).toBe(200);
}
