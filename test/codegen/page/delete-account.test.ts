// @vitest-environment happy-dom
// The end of an account on the printed page, over Better Auth's own client and handler: who confirms it, and how.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import { bearer } from "better-auth/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, expect, test } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { buildPage } from "../support/auth-pages.js";
import { button, find, letGo, settled } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/delete-account-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

const ADA = { email: "ada@example.com", password: "correct horse", name: "Ada" };
const SOCIAL = { socialProviders: { github: { clientId: "id", clientSecret: "secret" } } };
const MIXED = { ...SOCIAL, emailAndPassword: { enabled: true } };

const global = globalThis as typeof globalThis & {
  testAuthClient?: ReturnType<typeof createAuthClient>;
};
let root: Root | undefined;
afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

const passwordField = () => confirmForm()?.querySelector<HTMLInputElement>("[name=password]");
const confirmForm = () => button("Yes, delete my account")?.closest("form");

async function press(name: string): Promise<void> {
  await settled(() => expect(button(name)?.disabled).toBe(false));
  button(name)!.click();
}

function confirm(): void {
  confirmForm()!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

/** The account of somebody in an app with these options. */
async function open(
  options: { emailAndPassword?: object; socialProviders: object },
  { hasPassword = true, sendDeleteAccountVerification = undefined as Mail | undefined } = {},
) {
  const rows = { user: [], session: [], account: [] as Account[], verification: [] };
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    secret: "test-secret-of-thirty-two-characters!",
    database: memoryAdapter(rows),
    logger: { disabled: true },
    rateLimit: { enabled: false },
    plugins: [bearer()],
    // Whoever has no password signs up with one here, too, and loses it.
    emailAndPassword: { enabled: true },
    user: { deleteUser: { enabled: true, sendDeleteAccountVerification } },
  });
  const { token } = await auth.api.signUpEmail({ body: ADA });
  if (!hasPassword) Object.assign(rows.account[0]!, { providerId: "github", password: null });
  const sent: string[] = [];
  const customFetchImpl: typeof fetch = (input, init) => {
    sent.push(new URL(String(input)).pathname.replace("/api/auth", ""));
    const headers = new Headers(init?.headers);
    headers.set("origin", "http://localhost:3000");
    headers.set("authorization", `Bearer ${token}`);
    return auth.handler(new Request(String(input), { ...init, headers, signal: null }));
  };
  global.testAuthClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    fetchOptions: { customFetchImpl },
  });
  window.history.replaceState(null, "", "/auth#account");
  const features = featuresOf({
    options: { ...options, user: { deleteUser: { enabled: true } } },
    clients: [],
  });
  const AuthPage = await buildPage(dir, { features, providers: ["github"] }, "AuthPage");
  const container = document.createElement("div");
  document.body.append(container);
  root = createRoot(container);
  root.render(createElement(AuthPage));
  await settled(() => expect(button("Link GitHub") ?? button("Unlink GitHub")).toBeDefined());
  sent.length = 0;
  return { rows, sent };
}

type Account = { providerId: string; password: string | null };
type Mail = (mail: { url: string }) => Promise<void>;

test("an app without passwords asks a second time, and sends nothing before", async () => {
  const { rows, sent } = await open(SOCIAL, { hasPassword: false });
  await press("Delete my account");
  await settled(() => expect(button("Yes, delete my account")).toBeDefined());
  expect(passwordField()).toBeNull();
  expect(document.activeElement === button("Keep my account")).toBe(true);
  await press("Keep my account");
  await settled(() => expect(button("Delete my account")).toBeDefined());
  expect(sent).toEqual([]);
  await press("Delete my account");
  await settled(() => expect(button("Yes, delete my account")).toBeDefined());
  confirm();
  await settled(() => expect(find("h1")?.textContent).toBe("Sign in"));
  expect(rows.user).toEqual([]);
});

test("somebody without a password deletes the account in an app that has passwords", async () => {
  const { rows } = await open(MIXED, { hasPassword: false });
  await press("Delete my account");
  await settled(() => expect(button("Yes, delete my account")).toBeDefined());
  expect(passwordField()).toBeNull();
  confirm();
  await settled(() => expect(find("h1")?.textContent).toBe("Sign in"));
  expect(rows.user).toEqual([]);
});

test("somebody with a password has to know it", async () => {
  const { rows, sent } = await open(MIXED);
  await press("Delete my account");
  await settled(() => expect(passwordField()?.required).toBe(true));
  expect(sent).toEqual(["/list-accounts"]);
  passwordField()!.value = "wrong";
  confirm();
  await settled(() =>
    expect(confirmForm()?.querySelector("[role=alert]")?.textContent).toBe(
      "The password is wrong.",
    ),
  );
  expect(rows.user).toHaveLength(1);
  passwordField()!.value = ADA.password;
  confirm();
  await settled(() => expect(find("h1")?.textContent).toBe("Sign in"));
  expect(rows.user).toEqual([]);
});

test("somebody without a password confirms with a mailed link where the app sends one", async () => {
  const mails: string[] = [];
  const { rows } = await open(MIXED, {
    hasPassword: false,
    sendDeleteAccountVerification: async ({ url }) => void mails.push(url),
  });
  await press("Delete my account");
  await settled(() => expect(button("Yes, delete my account")).toBeDefined());
  confirm();
  await settled(() => expect(confirmForm()?.textContent).toContain("open it to confirm"));
  expect(mails.map((url) => new URL(url).searchParams.get("callbackURL"))).toEqual(["/auth"]);
  expect(rows.user).toHaveLength(1);
});
