// An app whose users sign in by codes, and many guesses at them at once. The default suite and the matrix choose the
// placement.
import { expect } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { startAuthApp, type AuthApp, type Browser } from "./auth-app.js";
import { newEmail, ok, PASSWORD, withTwoFactor } from "./scenarios.js";

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

export function startCodesApp(placement: Placement): Promise<AuthApp> {
  return startAuthApp(placement, AUTH);
}

/** How often each answer came: its status, and Better Auth's code where it has one. */
export async function answersOf(
  answers: Promise<Response>[],
): Promise<{ [answer: string]: number }> {
  const counts: { [answer: string]: number } = {};
  for (const answer of await Promise.all(answers)) {
    const { code = "" } = ((await answer.json()) ?? {}) as { code?: string }; // as Better Auth answers errors
    const name = `${answer.status} ${answer.status === 429 ? "" : code}`.trim();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

export const wrong = (at: number) => String(100_000 + at);

export const otpFor = (email: string) => ({ email, type: "sign-in" });

/** A browser that has given the right password, and is asked for a code. */
export async function challenged(app: AuthApp, email: string): Promise<Browser> {
  const browser = app.browser();
  expect(await ok(browser.post("/sign-in/email", { email, password: PASSWORD }))).toMatchObject({
    twoFactorRedirect: true,
  });
  return browser;
}

/** 50 codes at once from one address cost three checks. */
export async function assertThreeChecks(app: AuthApp): Promise<void> {
  const email = newEmail();
  await withTwoFactor(app, email);
  const browser = await challenged(app, email);
  const codes = times(50, (at) => browser.post("/two-factor/verify-totp", { code: wrong(at) }));
  expect(await answersOf(codes)).toEqual({ "401 INVALID_CODE": 3, "429": 47 });

  const mailed = newEmail();
  await ok(app.browser().post("/email-otp/send-verification-otp", otpFor(mailed)));
  const guesser = app.browser();
  const tries = times(50, (at) =>
    guesser.post("/sign-in/email-otp", { email: mailed, otp: wrong(at) }),
  );
  expect(await answersOf(tries)).toEqual({ "400 INVALID_OTP": 3, "429": 47 });
}
