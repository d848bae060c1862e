// Guesses at codes, many at once: how many are really checked, by address and by account. A try is taken before the
// check, so the number is exact however many run in parallel. The matrix asks the same of placements component and app.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuthApp, Browser } from "./support/auth-app.js";
import {
  answersOf,
  assertThreeChecks,
  challenged,
  otpFor,
  startCodesApp,
  times,
  wrong,
} from "./support/code-limits.js";
import { newEmail, ok, PASSWORD, signedUp, withTwoFactor } from "./support/scenarios.js";

let app: AuthApp;

/** Another address for each try of one browser, which keeps its cookies. */
const from = (at: number) => ({ "x-forwarded-for": `172.16.${at >> 8}.${at & 255}` });

describe("placement split", () => {
  beforeAll(async () => {
    app = await startCodesApp("split");
  });
  afterAll(() => app?.stop());

  test("50 codes at once from one address cost three checks", () => assertThreeChecks(app));

  test("codes for one account from many addresses and challenges: ten are checked", async () => {
    const email = newEmail();
    await withTwoFactor(app, email);
    // Better Auth checks five codes of one challenge, so no challenge gets more than five.
    const browsers: Browser[] = [];
    for (let at = 0; at < 10; at++) browsers.push(await challenged(app, email));
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
      await ok(
        (await challenged(app, other)).post("/two-factor/verify-totp", { code: await code() }),
      );
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
    for (let at = 0; at < 3; at++) challenges.push(await challenged(app, email));
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

function mailCode() {
  const email = newEmail();
  return { to: email, asked: otpFor(email), guess: (otp: string) => ({ email, otp }) };
}

function phoneCode() {
  const phoneNumber = `+1555${String(Math.floor(performance.now() * 1000)).padStart(10, "0")}`;
  const guess = (code: string) => ({ phoneNumber, code });
  return { to: phoneNumber, asked: { phoneNumber }, guess };
}
