// The hook for passwords that a move from Convex Auth prints, in Better Auth itself: no request with more members than the
// endpoint knows gets a password past it, and other requests are not asked.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { admin, emailOTP, phoneNumber } from "better-auth/plugins";
import { beforeEach, expect, test } from "vitest";
import { stripTypes } from "../../../../codegen/edit/index.js";
import { PASSWORD_INSTEAD } from "../../../../codegen/sign-in/convex-auth/instead.js";
import { printPasswordHook } from "../../../../codegen/sign-in/convex-auth/password-hook.js";

const GOOD = "Str0ng-enough";
const BAD = "x";
const SITE = "http://localhost:3000";

/** The option, from its code. */
function hooksOf(printed: string): object {
  const options = stripTypes(`const options = {\n${printed}\n};`);
  const made = new Function(
    "APIError",
    "createAuthMiddleware",
    "checkPassword",
    `${options}\nreturn options;`,
  );
  const check = (password: string) => {
    if (password.length < 8) throw new APIError("BAD_REQUEST", { message: "Too weak" });
  };
  return made(APIError, createAuthMiddleware, check) as object; // What the text says.
}

function authWith(printed: string) {
  const codes: string[] = [];
  const auth = betterAuth({
    baseURL: SITE,
    secret: "a-secret-of-more-than-thirty-two-letters",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    emailAndPassword: { enabled: true, minPasswordLength: 1 },
    advanced: { skipTrailingSlashes: true },
    rateLimit: { enabled: false },
    plugins: [
      admin(),
      emailOTP({ sendVerificationOTP: ({ otp }) => Promise.resolve(void codes.push(otp)) }),
      phoneNumber({ sendOTP: () => {} }),
    ],
    ...hooksOf(printed),
  });
  const post = (path: string, body: object, cookie = "") =>
    auth.handler(
      new Request(`${SITE}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: SITE, cookie },
        body: JSON.stringify(body),
      }),
    );
  return { post, codes };
}

const HINT = /`([^`]+)`/.exec(PASSWORD_INSTEAD.validatePasswordRequirements ?? "")?.[1] ?? "";

for (const [name, printed] of [
  ["of auth.ts", printPasswordHook("checkPassword")],
  ["that an author writes", HINT],
] as const) {
  let at: ReturnType<typeof authWith>;
  beforeEach(() => {
    at = authWith(printed);
  });

  test.each([
    ["a weak one", { password: BAD }],
    ["a good newPassword beside it", { password: BAD, newPassword: GOOD }],
    ["a newPassword that is no text", { password: BAD, newPassword: 0 }],
  ])(`the hook ${name} refuses a sign-up: %s`, async (_name, body) => {
    const given = { name: "A", email: "a@example.com", ...body };
    for (const path of ["/sign-up/email", "/sign-up/email/"])
      expect(await (await at.post(path, given)).json()).toMatchObject({ message: "Too weak" });
  });

  test(`the hook ${name} asks about new passwords alone`, async () => {
    const who = { email: "a@example.com", password: GOOD };
    expect(await at.post("/sign-up/email", { name: "A", ...who })).toMatchObject({ status: 200 });
    const wrong = await at.post("/sign-in/email", { ...who, password: BAD });
    expect(await wrong.json()).toMatchObject({ code: "INVALID_EMAIL_OR_PASSWORD" });
    const signedIn = await at.post("/sign-in/email", who);
    expect(signedIn.status).toBe(200);
    const [cookie] = (signedIn.headers.get("set-cookie") ?? "").split(";");
    const change = { currentPassword: GOOD, newPassword: BAD, password: GOOD };
    const changed = await at.post("/change-password", change, cookie);
    expect(await changed.json()).toMatchObject({ message: "Too weak" });
    await at.post("/email-otp/request-password-reset", { email: who.email });
    const reset = { email: who.email, otp: at.codes[0], password: BAD, newPassword: GOOD };
    for (const path of [
      "/email-otp/reset-password",
      "/reset-password",
      "/phone-number/reset-password",
    ]) {
      const body = path.startsWith("/email-otp")
        ? reset
        : { ...reset, newPassword: BAD, password: GOOD };
      expect(await (await at.post(path, body)).json()).toMatchObject({ message: "Too weak" });
    }
    const good = await at.post("/email-otp/reset-password", { ...reset, password: `${GOOD}er` });
    expect(good.status).toBe(200);
  });
}
