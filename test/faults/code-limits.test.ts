// Guesses at codes, many at once: how many are really checked, by address and by account. A try is taken before the
// check, so the number is exact however many run in parallel.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../codegen/types.js";
import { startAuthApp, type AuthApp, type Browser } from "./support/auth-app.js";
import { newEmail, ok, PASSWORD, signedUp, withTwoFactor } from "./support/scenarios.js";

const AUTH = `import { emailOTP, phoneNumber, twoFactor } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
async function mail(to: string, token: string) {
  await fetch(outside + "/mail", { method: "POST", body: JSON.stringify({ to, token }) });
}

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => crypto.randomUUID() + " hash of " + password,
      verify: async ({ hash, password }: { hash: string; password: string }) => hash.endsWith(" hash of " + password),
    },
  },
  rateLimit: {
    enabled: true,
    storage: "database",
    customRules: {
      // As many as Better Auth's own rules, in windows that are long enough for a busy machine.
      "/two-factor/verify-totp": { window: 3600, max: 3 },
      "/sign-in/email-otp": { window: 3600, max: 3 },
      "/sign-in/email": { window: 3600, max: 3 },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    // Better Auth's own limits of tries are out of the way, where one can say so.
    emailOTP({ allowedAttempts: 1000, sendVerificationOTP: ({ email, otp }) => mail(email, otp) }),
    phoneNumber({
      allowedAttempts: 1000,
      sendOTP: ({ phoneNumber, code }) => mail(phoneNumber, code),
      signUpOnVerification: { getTempEmail: (number) => number.slice(1) + "@phone.example.com" },
    }),
    twoFactor({ accountLockout: { enabled: false } }),
  ],
  telemetry: { enabled: false },
}));
`;

let app: AuthApp;

/** How often each answer came: its status, and Better Auth's code where it has one. */
async function answersOf(answers: Promise<Response>[]): Promise<{ [answer: string]: number }> {
  const counts: { [answer: string]: number } = {};
  for (const answer of await Promise.all(answers)) {
    const { code = "" } = ((await answer.json()) ?? {}) as { code?: string }; // as Better Auth answers errors
    const name = `${answer.status} ${answer.status === 429 ? "" : code}`.trim();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

/** Another address for each try of one browser, which keeps its cookies. */
const from = (at: number) => ({ "x-forwarded-for": `172.16.${at >> 8}.${at & 255}` });

/** A browser that has given the right password, and is asked for a code. */
async function challenged(email: string): Promise<Browser> {
  const browser = app.browser();
  expect(await ok(browser.post("/sign-in/email", { email, password: PASSWORD }))).toMatchObject({
    twoFactorRedirect: true,
  });
  return browser;
}

const wrong = (at: number) => String(100_000 + at);

function startsIn(placement: Placement): void {
  beforeAll(async () => {
    app = await startAuthApp(placement, AUTH);
  });
  afterAll(() => app?.stop());
  test("50 codes at once from one address cost three checks", async () => {
    const email = newEmail();
    await withTwoFactor(app, email);
    const browser = await challenged(email);
    const codes = times(50, (at) => browser.post("/two-factor/verify-totp", { code: wrong(at) }));
    expect(await answersOf(codes)).toEqual({ "401 INVALID_CODE": 3, "429": 47 });

    const mailed = newEmail();
    await ok(app.browser().post("/email-otp/send-verification-otp", otpFor(mailed)));
    const guesser = app.browser();
    const tries = times(50, (at) =>
      guesser.post("/sign-in/email-otp", { email: mailed, otp: wrong(at) }),
    );
    expect(await answersOf(tries)).toEqual({ "400 INVALID_OTP": 3, "429": 47 });
  });
}

describe.each(["component", "app"] as const)("placement %s", startsIn);

describe("placement split", () => {
  startsIn("split");

  test("codes for one account from many addresses and challenges: ten are checked", async () => {
    const email = newEmail();
    await withTwoFactor(app, email);
    // Better Auth checks five codes of one challenge, so no challenge gets more than five.
    const browsers: Browser[] = [];
    for (let at = 0; at < 10; at++) browsers.push(await challenged(email));
    const tries = times(48, (at) => {
      const [path, code] =
        Math.floor(at / 10) % 2 === 0
          ? ["verify-totp", wrong(at)]
          : ["verify-backup-code", "none-such"];
      return browsers[at % 10]!.post(`/two-factor/${path}`, { code }, from(at));
    });
    const answers = await answersOf(tries);
    const { "401 INVALID_CODE": codes = 0, "401 INVALID_BACKUP_CODE": backupCodes = 0 } = answers;
    expect(codes + backupCodes, JSON.stringify(answers)).toBe(10);
    expect(answers["429"], JSON.stringify(answers)).toBe(38);
  });

  test.each([
    ["an address of mail", "/email-otp/send-verification-otp", "/sign-in/email-otp", mailCode],
    ["a phone number", "/phone-number/send-otp", "/phone-number/verify", phoneCode],
  ] as const)(
    "50 codes for %s from many addresses: ten are checked",
    async (_t, send, check, of) => {
      const { to, asked, guess } = of();
      await ok(app.browser().post(send, asked));
      const tries = times(50, (at) => app.browser().post(check, guess(wrong(at))));
      expect(await answersOf(tries)).toEqual({ "400 INVALID_OTP": 10, "429": 40 });
      // Not even the right one is checked now.
      const right = await app.outside.mailed(to);
      expect((await app.browser().post(check, guess(right))).status).toBe(429);
    },
  );

  test("the tries of one endpoint are those of all that check the codes of an address", async () => {
    const email = newEmail();
    const tries = times(12, (at) =>
      at % 2 === 0
        ? app.browser().post("/email-otp/verify-email", { email, otp: wrong(at) })
        : app.browser().post("/email-otp/check-verification-otp", {
            ...{ email: email.toUpperCase(), otp: wrong(at), type: "sign-in" },
          }),
    );
    expect(await answersOf(tries)).toEqual({ "400 INVALID_OTP": 10, "429": 2 });
  });

  test("a right code gives its try back", async () => {
    const email = newEmail();
    const seen: string[] = [];
    for (let at = 0; at < 11; at++) {
      await ok(app.browser().post("/email-otp/send-verification-otp", otpFor(email)));
      const mails = () => app.outside.calls("/mail").filter((body) => body.includes(email));
      await expect.poll(() => mails().length).toBe(at + 1);
      const { token: otp } = JSON.parse(mails().at(-1)!) as { token: string };
      seen.push(otp);
      await ok(app.browser().post("/sign-in/email-otp", { email, otp }));
    }
    expect(seen).toHaveLength(11);

    const other = newEmail();
    const { code } = await withTwoFactor(app, other);
    for (let at = 0; at < 11; at++)
      await ok((await challenged(other)).post("/two-factor/verify-totp", { code: await code() }));
  });

  test("a right code that comes several times at once signs in once", async () => {
    const { to, asked, guess } = mailCode();
    await ok(app.browser().post("/email-otp/send-verification-otp", asked));
    const code = await app.outside.mailed(to);
    const mails = times(4, () => app.browser().post("/sign-in/email-otp", guess(code)));
    expect((await answersOf(mails))["200"]).toBe(1);

    const phone = phoneCode();
    await ok(app.browser().post("/phone-number/send-otp", phone.asked));
    const texted = await app.outside.mailed(phone.to);
    const texts = times(4, () => app.browser().post("/phone-number/verify", phone.guess(texted)));
    expect((await answersOf(texts))["200"]).toBe(1);

    const email = newEmail();
    const { browser } = await withTwoFactor(app, email);
    const made = await ok(
      browser.post("/two-factor/generate-backup-codes", { password: PASSWORD }),
    );
    const [backup] = made.backupCodes as string[]; // as the endpoint answers
    const challenges: Browser[] = [];
    for (let at = 0; at < 3; at++) challenges.push(await challenged(email));
    const path = "/two-factor/verify-backup-code";
    const backups = challenges.map((one, at) => one.post(path, { code: backup }, from(at)));
    expect((await answersOf(backups))["200"]).toBe(1);
  });

  test("wrong passwords are limited alike for an account and for a name without one", async () => {
    const email = newEmail();
    await signedUp(app, email);
    const tries = (name: string) =>
      times(14, () => app.browser().post("/sign-in/email", { email: name, password: "wrong" }));
    const ofAccount = await answersOf(tries(email));
    expect(ofAccount).toEqual({ "401 INVALID_EMAIL_OR_PASSWORD": 10, "429": 4 });
    expect(await answersOf(tries(newEmail()))).toEqual(ofAccount);
  });

  test("requests without an address are limited by whom they name, not all together", async () => {
    const [email, other] = [newEmail(), newEmail()];
    // Of two addresses, Better Auth takes neither.
    const nowhere = { "x-forwarded-for": "198.51.100.1, 198.51.100.2" };
    const sign = (name: string) =>
      app.browser().post("/sign-in/email", { email: name, password: "wrong" }, nowhere);
    const of = await answersOf(times(6, () => sign(email)));
    expect(of).toEqual({ "401 INVALID_EMAIL_OR_PASSWORD": 3, "429": 3 });
    expect((await sign(other)).status).toBe(401);
    // Another address beside the number does not make another one of it.
    const { asked } = phoneCode();
    const send = () =>
      app.browser().post("/phone-number/send-otp", { ...asked, email: newEmail() }, nowhere);
    expect(await answersOf(times(12, send))).toEqual({ "200": 10, "429": 2 });
  });
});

function otpFor(email: string) {
  return { email, type: "sign-in" };
}

function mailCode() {
  const email = newEmail();
  return { to: email, asked: otpFor(email), guess: (otp: string) => ({ email, otp }) };
}

function phoneCode() {
  const phoneNumber = `+1555${String(Math.floor(performance.now() * 1000)).padStart(10, "0")}`;
  const guess = (code: string) => ({ phoneNumber, code });
  return { to: phoneNumber, asked: { phoneNumber }, guess };
}
