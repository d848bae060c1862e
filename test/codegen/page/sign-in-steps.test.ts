// @vitest-environment happy-dom
// The printed page when a password alone signs nobody in: a second step and its code. Over answers that a test gives.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { twoFactorClient } from "better-auth/client/plugins";
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
    plugins: [twoFactorClient()],
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
