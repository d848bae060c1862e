// @vitest-environment happy-dom
// The account of somebody who signs in without a password, over Better Auth's own client and handler: how they get one,
// and what the second step says until then.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { memoryAdapter } from "better-auth/adapters/memory";
import { twoFactorClient } from "better-auth/client/plugins";
import { betterAuth } from "better-auth/minimal";
import { bearer, twoFactor } from "better-auth/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { encode } from "uqr";
import { afterAll, afterEach, expect, test } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { codeOf } from "../../browser/support/page.js";
import { buildPage } from "../support/auth-pages.js";
import { button, find, letGo, rendered, settled, type } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/first-password-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

const ADA = { email: "ada@example.com", password: "correct horse", name: "Ada" };

let root: Root | undefined;
afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

/** The account of Ada, who has signed up with GitHub unless she has a password. */
async function open({
  hasPassword = false,
  sendsResets = true,
  drawsCodes = false,
  ...twoFactorOptions
}: Given & Parameters<typeof twoFactor>[0] = {}) {
  const rows = {
    ...{ user: [], session: [], account: [] as Account[] },
    ...{ verification: [], twoFactor: [] },
  };
  const mails: string[] = [];
  const reset = sendsResets && {
    sendResetPassword: async (mail: Mail) => void mails.push(mail.url),
  };
  const options = {
    emailAndPassword: { enabled: true, ...reset },
    socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
    plugins: [bearer(), twoFactor(twoFactorOptions)],
  };
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    secret: "test-secret-of-thirty-two-characters!",
    database: memoryAdapter(rows),
    logger: { disabled: true },
    rateLimit: { enabled: false },
    ...options,
  });
  let { token } = await auth.api.signUpEmail({ body: ADA });
  if (!hasPassword) Object.assign(rows.account[0]!, { providerId: "github", password: null });
  const sent: string[] = [];
  const customFetchImpl: typeof fetch = async (input, init) => {
    sent.push(new URL(String(input)).pathname.replace("/api/auth", ""));
    const headers = new Headers(init?.headers);
    headers.set("origin", "http://localhost:3000");
    headers.set("authorization", `Bearer ${token}`);
    const response = await auth.handler(
      new Request(String(input), { ...init, headers, signal: null }),
    );
    token = response.headers.get("set-auth-token") ?? token;
    return response;
  };
  const testAuthClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    plugins: [twoFactorClient()],
    fetchOptions: { customFetchImpl },
  });
  Object.assign(globalThis, { testAuthClient });
  const features = featuresOf({ options, clients: ["two-factor"], drawsCodes });
  const AuthPage = await buildPage(dir, { features, providers: ["github"] }, "AuthPage");
  const show = async (address: string) => {
    root?.unmount();
    document.body.replaceChildren();
    window.history.replaceState(null, "", address);
    const container = document.createElement("div");
    document.body.append(container);
    root = createRoot(container);
    root.render(createElement(AuthPage));
    await rendered();
  };
  await show("/auth#account");
  await settled(() => expect(button("Link GitHub") ?? button("Unlink GitHub")).toBeDefined());
  return { auth, rows, mails, sent, show };
}

type Given = { hasPassword?: boolean; sendsResets?: boolean; drawsCodes?: boolean };
type Account = { providerId: string; password: string | null };
type Mail = { url: string };

const section = (title: string) =>
  [...document.querySelectorAll("section")].find(
    (one) => one.querySelector(":scope > h2")?.textContent === title,
  );
const fieldIn = (title: string, name: string) =>
  section(title)?.querySelector<HTMLInputElement>(`input[name=${name}]`);

/** Sends the form of a section. */
function send(title: string): void {
  const form = section(title)!.querySelector("form")!;
  form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

test("one request tells all parts whether there is a password", async () => {
  const { sent } = await open({ hasPassword: true });
  await settled(() => expect(fieldIn("Second step", "password")).toBeTruthy());
  expect(fieldIn("Password", "new-password")).toBeTruthy();
  expect(sent.filter((path) => path === "/list-accounts")).toHaveLength(1);
});

test("a mailed link leads to the first password, and then to a second step", async () => {
  const { mails, rows, show } = await open();
  await settled(() => expect(button("Email me a link to choose one")).toBeDefined());
  expect(fieldIn("Password", "password")).toBeNull();
  expect(section("Second step")?.textContent).toContain("Choose your password first.");
  expect(section("Second step")?.querySelector("form")).toBeNull();
  send("Password");
  await settled(() => expect(section("Password")?.textContent).toContain(`link to ${ADA.email}`));
  const [mail] = mails.map((url) => new URL(url));
  expect(mail?.searchParams.get("callbackURL")).toBe("/auth#account");

  const token = mail!.pathname.split("/").at(-1);
  await show(`/auth?token=${token}#account`);
  await settled(() => expect(find("h1")?.textContent).toBe("Choose a new password"));
  await type("password", "battery staple");
  find("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await settled(() => expect(fieldIn("Password", "new-password")).toBeTruthy());
  expect(rows.account.map(({ providerId }) => providerId)).toEqual(["github", "credential"]);

  fieldIn("Second step", "password")!.value = "battery staple";
  send("Second step");
  await settled(() => expect(button("Turn on")).toBeDefined());
});

test("without mails, the page says what is not possible", async () => {
  const { sent } = await open({ sendsResets: false });
  await settled(() =>
    expect(section("Password")?.textContent).toContain("You sign in without a password."),
  );
  expect(section("Password")?.querySelector("form")).toBeNull();
  expect(section("Second step")?.textContent).toContain("your account has none.");
  expect(sent).not.toContain("/request-password-reset");
});

test("where twoFactor() allows it, the second step asks for no password", async () => {
  await open({ allowPasswordless: true });
  await settled(() => expect(button("Set up")).toBeDefined());
  expect(fieldIn("Second step", "password")).toBeNull();
  send("Second step");
  await settled(() => expect(button("Turn on")).toBeDefined());
  expect(find("[role=alert]")).toBeNull();
});

test("and still asks those who have one", async () => {
  await open({ allowPasswordless: true, hasPassword: true });
  await settled(() => expect(fieldIn("Second step", "password")).toBeTruthy());
  fieldIn("Second step", "password")!.value = "wrong";
  send("Second step");
  await settled(() =>
    expect(section("Second step")?.querySelector("[role=alert]")?.textContent).toBe(
      "The password is wrong.",
    ),
  );
});

test("the key of the second step is also a QR code, which has a name", async () => {
  await open({ hasPassword: true, drawsCodes: true });
  await settled(() => expect(fieldIn("Second step", "password")).toBeTruthy());
  fieldIn("Second step", "password")!.value = ADA.password;
  send("Second step");
  await settled(() => expect(button("Turn on")).toBeDefined());
  const uri = section("Second step")!.querySelector("a")!.getAttribute("href")!;
  const image = section("Second step")!.querySelector("svg[role=img]")!;
  expect(image.getAttribute("aria-label")).toBe("QR code with the key below");
  const { data, size } = encode(uri, { border: 4 });
  expect(image.getAttribute("viewBox")).toBe(`0 0 ${size} ${size}`);
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}`] : [])));
  expect(
    image
      .querySelector("path")!
      .getAttribute("d")!
      .match(/M\d+ \d+/g),
  ).toEqual(squares);
  const key = section("Second step")!.querySelector("code")!.textContent;
  expect(key).toBe(new URL(uri).searchParams.get("secret"));
});

test("what one form says takes the place of what another one said", async () => {
  await open({ hasPassword: true });
  const said = () =>
    [...document.querySelectorAll("form :is(output, [role=alert])")].map(
      ({ textContent }) => textContent,
    );
  await settled(() => expect(fieldIn("Password", "new-password")).toBeTruthy());
  fieldIn("Password", "password")!.value = "wrong";
  fieldIn("Password", "new-password")!.value = "battery staple";
  send("Password");
  await settled(() => expect(said()).toEqual(["The password is wrong."]));
  send("Profile");
  await settled(() => expect(said()).toEqual(["Your name was changed."]));
  fieldIn("Second step", "password")!.value = "wrong";
  send("Second step");
  await settled(() => expect(said()).toEqual(["The password is wrong."]));
});

test("where the second step replaces the session, the list of devices is another, too", async () => {
  await open({ hasPassword: true });
  const devices = () => section("Devices")?.querySelector("ul")?.textContent;
  await settled(() => expect(devices()).toContain("This device"));
  await settled(() => expect(fieldIn("Second step", "password")).toBeTruthy());
  fieldIn("Second step", "password")!.value = ADA.password;
  send("Second step");
  await settled(() => expect(button("Turn on")).toBeDefined());
  const key = section("Second step")?.querySelector("code")?.textContent ?? "";
  fieldIn("Second step", "code")!.value = await codeOf(key);
  send("Second step");
  await settled(() => expect(button("Turn off")).toBeDefined());
  await settled(() => expect(devices()).toContain("This device"));
  expect(devices()).not.toContain("Sign out");
});

test("where codes are only mailed, the second step is on at once", async () => {
  const otpOptions = { sendOTP: async () => {} };
  const { rows } = await open({ hasPassword: true, totpOptions: { disable: true }, otpOptions });
  await settled(() => expect(fieldIn("Second step", "password")).toBeTruthy());
  fieldIn("Second step", "password")!.value = ADA.password;
  send("Second step");
  await settled(() => expect(button("Turn off")).toBeDefined());
  expect(section("Second step")?.textContent).toContain("a code that we mail you.");
  expect(rows.user).toMatchObject([{ twoFactorEnabled: true }]);
});
