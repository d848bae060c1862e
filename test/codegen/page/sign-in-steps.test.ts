// @vitest-environment happy-dom
// The printed page when a password alone is not enough: a second step, an address to confirm, and guests. Over answers
// that a test gives.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  anonymousClient,
  emailOTPClient,
  organizationClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { featuresOf, limitsOf } from "../../../codegen/page/features.js";
import { buildPage } from "../support/auth-pages.js";
import { button, click, find, letGo, settled, submit, type } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/sign-in-steps-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

const ADA = { id: "ada", name: "Ada", email: "ada@example.com" };
const send = () => {};

let root: Root | undefined;
beforeEach(() => window.history.replaceState(null, "", "/auth"));
afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

const title = (text: string) => settled(() => expect(find("h1")?.textContent).toBe(text));
const text = (words: string) => settled(() => expect(document.body.textContent).toContain(words));

/** The page of an app with these plugins, and these answers by path. The rest succeeds. */
async function open({
  options = {},
  plugins = {},
  answers = {},
  user = null,
}: {
  options?: object;
  /** Options of each plugin, by id. */
  plugins?: Readonly<Record<string, object>>;
  answers?: Readonly<Record<string, () => unknown>>;
  /** Who is signed in. */
  user?: object | null;
}) {
  const sent: { path: string; body: unknown }[] = [];
  const server = { user };
  const customFetchImpl: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace("/api/auth", "");
    if (init?.body) sent.push({ path, body: JSON.parse(String(init.body)) });
    if (path === "/get-session")
      return Response.json(server.user && { user: server.user, session: { id: "1" } });
    const answer = (answers[path] ?? (() => ({ status: true })))();
    return answer instanceof Response ? answer : Response.json(answer);
  };
  const testAuthClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    plugins: [
      anonymousClient(),
      emailOTPClient(),
      organizationClient(),
      twoFactorClient(),
      usernameClient(),
    ],
    fetchOptions: { customFetchImpl },
  });
  Object.assign(globalThis, { testAuthClient });
  const all = {
    emailAndPassword: { enabled: true },
    ...options,
    plugins: Object.entries(plugins).map(([id, of]) => ({ id, options: of })),
  };
  const features = featuresOf({ options: all, clients: Object.keys(plugins) });
  const AuthPage = await buildPage(dir, { features, limits: limitsOf(all) }, "AuthPage");
  const container = document.createElement("div");
  document.body.append(container);
  root = createRoot(container);
  root.render(createElement(AuthPage));
  await settled(() => expect(find("h1")).not.toBeNull());
  return { sent, server };
}

async function signIn(name = ADA.email): Promise<void> {
  await type("email", name);
  await type("password", "correct horse");
  await submit();
}

test("a new password is as long as auth.ts asks", async () => {
  const emailAndPassword = { enabled: true, minPasswordLength: 12 };
  const refusal = () => Response.json({ code: "PASSWORD_TOO_SHORT" }, { status: 400 });
  await open({ options: { emailAndPassword }, answers: { "/sign-up/email": refusal } });
  await click("Create one");
  expect(find<HTMLInputElement>("input[name=password]")?.minLength).toBe(12);
  await submit();
  await text("use at least 12 characters");
});

const SECOND_STEP = { "/sign-in/email": () => ({ twoFactorRedirect: true }) };

test("a second step begins with the code of an app, and has two others", async () => {
  const plugins = { "two-factor": { otpOptions: { sendOTP: send } } };
  const { sent } = await open({ plugins, answers: SECOND_STEP });
  await signIn();
  await title("Second step");
  expect(find("label")?.textContent).toBe("Code of your authenticator app");
  await click("Use a backup code");
  expect(find("label")?.textContent).toBe("Backup code");
  await click("Send me a code by email");
  await text("We sent you a code.");
  expect(find("label")?.textContent).toBe("Code that we sent you");
  await type("code", "123456");
  await submit();
  await settled(() => expect(sent.at(-1)?.path).toBe("/two-factor/verify-otp"));
});

test("where auth.ts has no codes of apps, a second step begins with a mail", async () => {
  const plugins = {
    "two-factor": { totpOptions: { disable: true }, otpOptions: { sendOTP: send } },
  };
  const { sent } = await open({ plugins, answers: SECOND_STEP });
  await signIn();
  await title("Second step");
  expect(find("label")).toBeNull();
  expect(button("Use a backup code")).toBeUndefined();
  await submit();
  await text("We sent you a code.");
  expect(sent.at(-1)?.path).toBe("/two-factor/send-otp");
  expect(find("label")?.textContent).toBe("Code that we sent you");
  await type("code", "123456");
  await submit();
  const body = { code: "123456", trustDevice: false };
  await settled(() => expect(sent.at(-1)).toEqual({ path: "/two-factor/verify-otp", body }));
});

const CONFIRMED = { emailAndPassword: { enabled: true, requireEmailVerification: true } };
const LINKED = { ...CONFIRMED, emailVerification: { sendVerificationEmail: send } };
const UNCONFIRMED = () => Response.json({ code: "EMAIL_NOT_VERIFIED" }, { status: 403 });
const field = (name: string) => find<HTMLInputElement>(`input[name=${name}]`);

test("an address is confirmed with a code where auth.ts mails codes alone", async () => {
  const answers = {
    "/sign-in/email": UNCONFIRMED,
    "/email-otp/verify-email": () => ({ status: true, token: null }),
  };
  const { sent } = await open({ options: CONFIRMED, plugins: { "email-otp": {} }, answers });
  await signIn();
  await title("Confirm your email");
  await text("a code to confirm your email");
  await click("Send me another code");
  await text(`We sent a code to ${ADA.email}.`);
  const body = { email: ADA.email, type: "email-verification" };
  expect(sent.at(-1)).toEqual({ path: "/email-otp/send-verification-otp", body });
  await type("code", "123456");
  await submit();
  await text("Your email is confirmed.");
  expect(sent.at(-1)?.body).toEqual({ email: ADA.email, otp: "123456" });
});

test.each<{ title: string; options: object; plugins: Record<string, object>; label: string }>([
  { title: "a link", options: LINKED, plugins: { username: {} }, label: "Send the link again" },
  {
    title: "a code",
    options: CONFIRMED,
    plugins: { username: {}, "email-otp": {} },
    label: "Send me a code",
  },
])("a user name is not taken for the address of $title", async ({ options, plugins, label }) => {
  await open({ options, plugins, answers: { "/sign-in/username": UNCONFIRMED } });
  await signIn("ada_1");
  await title("Confirm your email");
  expect(field("email")?.value).toBe("");
  expect(button(label)).toBeDefined();
});

test("a guest may create an account, or sign in", async () => {
  const user = { ...ADA, name: "Anonymous", isAnonymous: true };
  const { server } = await open({ user, plugins: { anonymous: {} } });
  await title("Sign in");
  await text("You are here as a guest.");
  await click("Create one");
  expect(field("name")).not.toBeNull();
  server.user = ADA;
  const { testAuthClient } = globalThis as unknown as Opened; // what `open` has set
  testAuthClient.$store.notify("$sessionSignal");
  await title("Signed in");
});

test.each([
  { options: LINKED, want: true },
  { options: {}, want: false },
])("whoever is signed in may ask for the mail again: $want", async ({ options, want }) => {
  const user = { ...ADA, emailVerified: false };
  window.history.replaceState(null, "", "/auth#organization");
  const answers = {
    "/organization/list": () => [],
    "/organization/get-full-organization": () => null,
  };
  const { sent } = await open({ user, options, plugins: { organization: {} }, answers });
  await title("Your organizations");
  await text("To join an organization");
  expect(button("Send the link again") !== undefined).toBe(want);
  if (!want) return;
  expect(field("email")?.value).toBe(ADA.email);
  await submit();
  await text("We sent the link again.");
  const body = { email: ADA.email, callbackURL: "/auth?confirmed=1#organization" };
  expect(sent.at(-1)).toEqual({ path: "/send-verification-email", body });
});

type Opened = { testAuthClient: ReturnType<typeof createAuthClient> };
