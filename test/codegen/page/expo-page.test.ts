// @vitest-environment happy-dom
// The printed page of an Expo app, on a phone and in a browser, over answers that a test gives. React Native's components
// are elements of a DOM here; test/matrix has the real ones, and a server.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  emailOTPClient,
  magicLinkClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, expect, test } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { EXPO_PAGES } from "../../../codegen/page/files.js";
import { buildPage } from "../support/auth-pages.js";
import { NATIVE, setDevice, type Device } from "../support/native.js";
import { button, click, find, rendered, settled } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/expo-page-"));
afterAll(() => rmSync(dir, { recursive: true }));

const send = () => {};
const CLIENTS = ["email-otp", "magic-link", "two-factor", "username"];
const PAGES = {
  set: EXPO_PAGES,
  features: featuresOf({
    options: {
      emailAndPassword: { enabled: true, sendResetPassword: send, requireEmailVerification: true },
      emailVerification: { sendVerificationEmail: send },
      plugins: CLIENTS.map((id) => ({ id, options: { otpOptions: { sendOTP: send } } })),
    },
    clients: CLIENTS,
  }),
};
const ADA = { id: "ada", name: "Ada", email: "ada@example.com" };

const global = globalThis as typeof globalThis & { testAuthClient?: unknown };
let root: Root | undefined;
afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

/** Answers by path; the rest succeeds. Who is signed in follows `isSignedIn`. */
async function open(device: Device, answers: Record<string, () => unknown> = {}) {
  setDevice(device);
  const sent: { path: string; body: unknown }[] = [];
  const server = { isSignedIn: false };
  const authClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    plugins: [emailOTPClient(), magicLinkClient(), twoFactorClient(), usernameClient()],
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        const path = new URL(String(input)).pathname.replace("/api/auth", "");
        if (init?.body) sent.push({ path, body: JSON.parse(String(init.body)) });
        if (path === "/get-session")
          return Response.json(server.isSignedIn ? { user: ADA, session: {} } : null);
        const answer = answers[path]?.() ?? (path === "/list-accounts" ? [] : { status: true });
        return answer instanceof Response ? answer : Response.json(answer);
      },
    },
  });
  global.testAuthClient = authClient;
  const AuthPage = await buildPage(dir, PAGES, "AuthPage", [NATIVE]);
  const container = document.createElement("div");
  document.body.replaceChildren(container);
  root = createRoot(container);
  root.render(createElement(StrictMode, null, createElement(AuthPage)));
  await settled(() => expect(find("[role=heading]")).not.toBeNull());
  return { sent, server };
}

const phone = (address: string | null = null): Device => ({
  os: "ios",
  address,
  stored: new Map(),
});
const web = (): Device => ({ os: "web", address: window.location.href, stored: new Map() });

const shows = (title: string) =>
  settled(() => expect(find("[role=heading]")?.textContent).toBe(title));
const field = (label: string) => find<HTMLInputElement>(`input[aria-label="${label}"]`);

async function type(label: string, value: string): Promise<void> {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  set?.call(field(label), value); // React remembers what it set itself
  field(label)!.dispatchEvent(new Event("input", { bubbles: true }));
  await rendered();
}

const refuse = (code: string) => () => Response.json({ code }, { status: 400 });

test("a name without @ signs in as a user name, and a second step asks for a code", async () => {
  let wrong = true;
  const { sent, server } = await open(phone(), {
    "/sign-in/username": () => ({ twoFactorRedirect: true }),
    "/two-factor/verify-totp": () => (wrong ? refuse("INVALID_CODE")() : { token: "t" }),
  });
  await type("Email or user name", "ada");
  await type("Password", "correct horse");
  await click("Sign in");
  await shows("Second step");
  await type("Code of your authenticator app", "000000");
  await click("Continue");
  await settled(() => expect(find("[role=alert]")?.textContent).toBe("This code is wrong."));
  expect(find("[role=alert]")?.getAttribute("aria-live")).toBe("assertive");
  wrong = false;
  server.isSignedIn = true;
  await type("Code of your authenticator app", "123456");
  await click("Continue");
  await shows("Signed in");
  expect(sent.map(({ path }) => path)).toEqual([
    "/sign-in/username",
    "/two-factor/verify-totp",
    "/two-factor/verify-totp",
  ]);
  expect(sent.at(-1)?.body).toEqual({ code: "123456", trustDevice: false });
});

test("a backup code, and a code by mail", async () => {
  const { sent } = await open(phone(), {
    "/sign-in/email": () => ({ twoFactorRedirect: true }),
  });
  await type("Email or user name", ADA.email);
  await type("Password", "correct horse");
  await click("Sign in");
  await shows("Second step");
  await click("Use a backup code");
  await type("Backup code", " abc ");
  expect(field("Backup code")?.inputMode).toBe("text");
  await click("Continue");
  await settled(() => expect(sent.at(-1)?.path).toBe("/two-factor/verify-backup-code"));
  await click("Send me a code by email");
  await settled(() => expect(find("[role=status]")?.textContent).toBe("We sent you a code."));
  expect(field("Code that we sent you")?.inputMode).toBe("numeric");
  expect(field("Code that we sent you")?.value).toBe("");
});

test("a mailed code", async () => {
  const { sent, server } = await open(phone());
  await click("Email me a code");
  await shows("Sign in with a code");
  await type("Email", ADA.email);
  await click("Send me a code");
  await settled(() =>
    expect(find("[role=status]")?.textContent).toBe(`We sent a code to ${ADA.email}.`),
  );
  server.isSignedIn = true;
  await type("Code", "123456");
  await click("Sign in");
  await shows("Signed in");
  expect(sent.map(({ path }) => path)).toEqual([
    "/email-otp/send-verification-otp",
    "/sign-in/email-otp",
  ]);
});

test("a field without a text gets the focus, and nothing is sent", async () => {
  const { sent } = await open(phone());
  await type("Email or user name", "ada");
  await click("Sign in");
  expect(document.activeElement === field("Password")).toBe(true);
  expect(sent).toEqual([]);
});

test("a forgotten password: the mailed link opens the app with its token", async () => {
  const device = phone();
  const { sent } = await open(device);
  await click("Forgot your password?");
  await type("Email", ADA.email);
  await click("Send me a link");
  await settled(() => expect(find("[role=status]")).not.toBeNull());
  expect(sent[0]?.body).toEqual({ email: ADA.email, redirectTo: "notes://auth" });
  setDevice({ ...device, address: "notes://auth?token=secret" });
  await shows("Choose a new password");
  await type("New password", "battery staple");
  await click("Save the password");
  await shows("Sign in");
  expect(sent.at(-1)).toEqual({
    path: "/reset-password",
    body: { newPassword: "battery staple", token: "secret" },
  });
});

test("in a browser, the mailed link's token leaves the address", async () => {
  window.history.replaceState(null, "", "/auth?token=secret");
  await open(web());
  await shows("Choose a new password");
  expect(window.location.search).toBe("");
});

const COOKIE = "better-auth.session_token=signed; Path=/; HttpOnly";
const linkWith = (cookie: string) => `notes://auth?cookie=${encodeURIComponent(cookie)}`;

test("a mailed link signs in on the phone that asked for it, once", async () => {
  const device = phone();
  const { sent, server } = await open(device);
  await click("Email me a link");
  await type("Email", ADA.email);
  await click("Send me a link");
  await settled(() => expect(find("[role=status]")?.textContent).toMatch(/inbox/));
  expect(sent[0]?.body).toMatchObject({ callbackURL: "notes://auth" });
  server.isSignedIn = true;
  setDevice({ ...device, address: linkWith(COOKIE) });
  await shows("Signed in");
  expect(device.stored.get("better-auth_cookie")).toContain('"value":"signed"');
  setDevice({ ...device, address: linkWith(COOKIE.replace("signed", "other")) });
  await settled(() => expect(find("[role=alert]")?.textContent).toContain("Nobody asked"));
  expect(device.stored.get("better-auth_cookie")).toContain('"value":"signed"');
});

test.each([
  ["never asked", undefined],
  ["asked more than an hour ago", String(Date.now() - 3_700_000)],
])("a link with a session is refused by a phone that %s for one", async (_name, asked) => {
  const device = phone(linkWith(COOKIE));
  if (asked !== undefined) device.stored.set("auth-page.asked-for-link", asked);
  await open(device);
  await settled(() => expect(find("[role=alert]")?.textContent).toContain("Nobody asked"));
  expect(device.stored.has("better-auth_cookie")).toBe(false);
});

test("a link that is no longer valid says so", async () => {
  await open(phone("notes://auth?error=INVALID_TOKEN"));
  await settled(() =>
    expect(find("[role=alert]")?.textContent).toBe(
      "This link is no longer valid. Request a new one.",
    ),
  );
});

test("an account turns the second step on, with its key and backup codes", async () => {
  const { sent, server } = await open(phone(), {
    "/list-accounts": () => [{ providerId: "credential" }],
    "/two-factor/enable": () => ({
      totpURI: "otpauth://totp/Notes:ada?secret=KEY&issuer=Notes",
      backupCodes: ["one", "two"],
    }),
    "/sign-in/username": () => ({ token: "t", user: ADA }),
  });
  server.isSignedIn = true;
  await type("Email or user name", "ada");
  await type("Password", "correct horse");
  await click("Sign in");
  await shows("Signed in");
  await settled(() => expect(button("Set up")).toBeDefined());
  await type("Your password", "correct horse");
  await click("Set up");
  await settled(() => expect(document.body.textContent).toContain("KEY"));
  expect(document.body.textContent).toContain("one\ntwo");
  await type("Code of your authenticator app", "123456");
  await click("Turn on");
  await settled(() => expect(sent.at(-1)?.path).toBe("/two-factor/verify-totp"));
});
