// @vitest-environment happy-dom
// The printed page of an Expo app, on a phone and in a browser, over answers that a test gives. React Native's components
// are elements of a DOM here; test/matrix has the real ones, and a server.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { passkeyClient } from "@better-auth/passkey/client";
import {
  emailOTPClient,
  magicLinkClient,
  organizationClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { featuresOf, rolesOf } from "../../../codegen/page/features.js";
import { EXPO_PAGES } from "../../../codegen/page/files.js";
import { buildPage } from "../support/auth-pages.js";
import { loadExpoPlugin, NATIVE, setDevice, showCookies, type Device } from "../support/native.js";
import { button, click, find, letGo, rendered, settled } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/expo-page-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

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
const GROUPS = ["organization", "passkey"];
const ACCOUNT_OPTIONS = {
  emailAndPassword: { enabled: true },
  user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } },
  plugins: GROUPS.map((id) => ({ id, options: {} })),
};
/** An app in which users have accounts to change, passkeys, and organizations without mails. */
const ACCOUNT_PAGES = {
  set: EXPO_PAGES,
  features: featuresOf({ options: ACCOUNT_OPTIONS, clients: GROUPS }),
  roles: rolesOf(ACCOUNT_OPTIONS),
};
const ADA = { id: "ada", name: "Ada", email: "ada@example.com" };

const global = globalThis as typeof globalThis & { testAuthClient?: unknown };
let root: Root | undefined;
beforeEach(() => void vi.stubGlobal("Response", showCookies(Response)));
afterEach(() => {
  vi.unstubAllGlobals();
  root?.unmount();
  document.body.replaceChildren();
});

/** Answers by path; the rest succeeds. Who is signed in follows `isSignedIn`. */
async function open(
  device: Device,
  answers: Record<string, () => unknown> = {},
  isSignedIn = false,
  pages: Parameters<typeof buildPage>[1] = PAGES,
) {
  setDevice(device);
  const sent: { path: string; body: unknown }[] = [];
  const server = { isSignedIn };
  const expoPlugin = await loadExpoPlugin(dir);
  const authClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    plugins: [
      expoPlugin(),
      emailOTPClient(),
      magicLinkClient(),
      organizationClient(),
      passkeyClient(),
      twoFactorClient(),
      usernameClient(),
    ],
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
  const AuthPage = await buildPage(dir, pages, "AuthPage", [NATIVE]);
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
  const { redirectTo } = sent[0]?.body as { redirectTo: string };
  expect(sent[0]?.body).toEqual({ email: ADA.email, redirectTo });
  expect(redirectTo).toMatch(/^notes:\/\/auth\?link=[\w-]{36}$/);
  setDevice({ ...device, address: `${redirectTo}&token=secret` });
  await shows("Choose a new password");
  await type("New password", "battery staple");
  await click("Save the password");
  await shows("Sign in with your new password");
  expect(sent.at(-1)).toEqual({
    path: "/reset-password",
    body: { newPassword: "battery staple", token: "secret" },
  });
});

test.each([
  ["no secret", "notes://auth?token=secret", undefined],
  ["a secret of nobody", `notes://auth?link=${"0".repeat(36)}&token=secret`, undefined],
  ["a secret of long ago", `notes://auth?link=${"0".repeat(36)}&token=secret`, 3_700_000],
])("a link for a new password with %s opens no form", async (_name, address, age) => {
  const device = phone(address);
  const links = [{ secret: "0".repeat(36), askedAt: Date.now() - (age ?? 0) }];
  if (age) device.stored.set("auth-page.links", JSON.stringify(links));
  await open(device);
  await settled(() =>
    expect(find("[role=alert]")?.textContent).toBe(
      "This device did not ask for this link. Open it where you asked for it, or request a new one here.",
    ),
  );
  expect(find("[role=heading]")?.textContent).toBe("Sign in");
});

test("in a browser, the mailed link's token leaves the address", async () => {
  window.history.replaceState(null, "", "/auth?token=secret");
  await open(web());
  await shows("Choose a new password");
  expect(window.location.search).toBe("");
});

const COOKIE = "better-auth.session_token=signed; Path=/; HttpOnly";
/** What the server makes of the address that was mailed. */
const opened = (address: string, cookie = COOKIE) =>
  `${address}${address.includes("?") ? "&" : "?"}cookie=${encodeURIComponent(cookie)}`;
const cookiesOf = (device: Device) => device.stored.get("better-auth_cookie") ?? "";
const linksOf = (device: Device) => device.stored.get("auth-page.links");
const alert = (text: string) =>
  settled(() => expect(find("[role=alert]")?.textContent).toContain(text));

type Sent = Awaited<ReturnType<typeof open>>["sent"];

/** The address of the mail that was asked for last. */
const mailedTo = (sent: Sent) => (sent.at(-1)?.body as { callbackURL: string }).callbackURL;

async function askForLink(sent: Sent): Promise<string> {
  await type("Email", ADA.email);
  const before = sent.length;
  await click("Send me a link");
  await settled(() => expect(find("[role=status]")?.textContent).toMatch(/inbox/));
  expect(sent.length).toBe(before + 1);
  return mailedTo(sent);
}

test("a mailed link signs in on the phone that asked for it, once", async () => {
  const device = phone();
  const { sent, server } = await open(device);
  await click("Email me a link");
  const address = await askForLink(sent);
  expect(address).toMatch(/^notes:\/\/auth\?link=[\w-]{36}$/);
  expect(sent.at(-1)?.body).toMatchObject({ errorCallbackURL: "notes://auth" });
  server.isSignedIn = true;
  setDevice({ ...device, address: opened(address) });
  await shows("Signed in");
  expect(cookiesOf(device)).toContain('"value":"signed"');
  server.isSignedIn = false;
  await click("Sign out");
  await shows("Sign in");
  setDevice({ ...device, address: opened(address, COOKIE.replace("signed", "other")) });
  await alert("Nobody asked");
  expect(cookiesOf(device)).not.toContain("value");
});

test("whoever asks twice may open either mail, and then none of them again", async () => {
  const device = phone();
  const { sent, server } = await open(device);
  await click("Email me a link");
  const [first, second] = [await askForLink(sent), await askForLink(sent)];
  expect(second).not.toBe(first);
  server.isSignedIn = true;
  setDevice({ ...device, address: opened(first) });
  await shows("Signed in");
  expect(linksOf(device)).toBeUndefined();
});

const SECRET = "6f1c1f0e-0000-4000-8000-000000000000";
const waiting = (askedAt = Date.now()) => JSON.stringify([{ secret: SECRET, askedAt }]);
const EXPECTED = `notes://auth?link=${SECRET}`;

test.each([
  ["never asked for one", undefined, EXPECTED],
  ["asked more than an hour ago", waiting(Date.now() - 3_700_000), EXPECTED],
  ["asked for another one", waiting(), `${EXPECTED}0`],
])("a link with a session is refused by a phone that %s", async (_name, links, address) => {
  const device = phone(opened(address));
  if (links) device.stored.set("auth-page.links", links);
  await open(device);
  await alert("Nobody asked");
  expect(cookiesOf(device)).not.toContain("signed");
});

test("a link that the phone expects signs in an app that was not running", async () => {
  const device = phone(opened(EXPECTED));
  device.stored.set("auth-page.links", waiting());
  await open(device);
  await settled(() => expect(cookiesOf(device)).toContain('"value":"signed"'));
  expect(find("[role=alert]")).toBeNull();
});

test.each([
  ["the return from a provider, without a secret", opened("notes://auth")],
  ["a link to another page", opened(EXPECTED.replace("auth", "profile"))],
  ["an error for another page", "notes://profile?error=INVALID_TOKEN"],
])("%s changes nothing, and a mailed link still signs in", async (_name, address) => {
  const device = phone(address);
  device.stored.set("auth-page.links", waiting());
  const { server } = await open(device);
  await shows("Sign in");
  for (let times = 0; times < 3; times++) await rendered();
  expect(find("[role=alert]")).toBeNull();
  expect(cookiesOf(device)).not.toContain("signed");
  server.isSignedIn = true;
  setDevice({ ...device, address: opened(EXPECTED) });
  await shows("Signed in");
});

test("a link does not take the place of a session", async () => {
  const device = phone(opened(EXPECTED));
  device.stored.set("auth-page.links", waiting());
  await open(device, {}, true);
  await shows("Signed in");
  await alert("You are already signed in.");
  expect(cookiesOf(device)).not.toContain("signed");
});

test("a link that confirms an address of somebody who is signed in is no mistake", async () => {
  const device = phone(opened(EXPECTED.replace("?", "?confirm=email&")));
  device.stored.set("auth-page.links", waiting());
  await open(device, {}, true);
  await shows("Signed in");
  for (let times = 0; times < 3; times++) await rendered();
  expect(find("[role=alert]")).toBeNull();
  expect(cookiesOf(device)).not.toContain("signed");
});

test("after a sign-in, the phone expects no link any more", async () => {
  const device = phone();
  device.stored.set("auth-page.links", waiting());
  const { server } = await open(device, { "/sign-in/username": () => ({ token: "t", user: ADA }) });
  expect(linksOf(device)).toBeDefined();
  server.isSignedIn = true;
  await type("Email or user name", "ada");
  await type("Password", "correct horse");
  await click("Sign in");
  await shows("Signed in");
  await settled(() => expect(linksOf(device)).toBeUndefined());
});

test.each([
  ["signs in at once expects no link", "t", 0],
  ["has to be confirmed expects the link in the mail", null, 1],
])("a sign-up that %s", async (_name, token, count) => {
  const device = phone();
  const { sent } = await open(device, { "/sign-up/email": () => ({ token, user: ADA }) });
  await click("Create an account instead");
  await shows("Create an account");
  await type("Name", ADA.name);
  await type("User name", "ada");
  await type("Email", ADA.email);
  await type("Password", "correct horse");
  const store = vi.spyOn(device.stored, "set");
  await click("Create account");
  await settled(() => expect(find("button[aria-busy=true]")).toBeNull());
  await settled(() => expect(sent.at(-1)?.path).toBe("/sign-up/email"));
  if (token === null) await shows("Confirm your email");
  const links = store.mock.calls.filter(([key]) => key === "auth-page.links");
  expect(links).toHaveLength(count);
  for (const [, text] of links)
    expect(mailedTo(sent)).toBe(
      `notes://auth?link=${(JSON.parse(text) as [{ secret: string }])[0].secret}&confirm=email`,
    );
});

test.each([
  ["a phone", () => phone("notes://auth?link=secret&confirm=email")],
  ["a browser", () => web()],
])("a confirmed address is said on %s", async (_name, device) => {
  window.history.replaceState(null, "", "/auth?confirm=email");
  await open(device());
  await settled(() => expect(find("[role=status]")?.textContent).toBe("Your email is confirmed."));
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

const ACME = { id: "acme", name: "Acme", slug: "acme" };
const OWNER = { id: "m1", userId: "ada", role: "owner", user: { name: "Ada", email: ADA.email } };
const EVE = {
  id: "m2",
  userId: "eve",
  role: "member",
  user: { name: "Eve", email: "eve@example.com" },
};

/** A server with one organization, of which Ada is the owner. */
function organizationServer(pending: { id: string; email: string }[] = []) {
  const active = () => ({
    ...ACME,
    members: [OWNER, EVE],
    invitations: pending.map((one) => ({ ...one, role: "member", status: "pending" })),
  });
  return {
    "/organization/list": () => [ACME],
    "/organization/get-full-organization": active,
    "/organization/has-permission": () => ({ success: true, error: null }),
    "/passkey/list-user-passkeys": () => [{ id: "p1", name: "Mine" }],
  };
}

async function press(name: string): Promise<void> {
  await settled(() => expect(button(name)?.disabled).toBe(false));
  await click(name);
}

test("organizations on a phone: a new one, an invitation with a role, and a member's role", async () => {
  const { sent } = await open(
    phone(),
    organizationServer([{ id: "i1", email: "bo@example.com" }]),
    true,
    ACCOUNT_PAGES,
  );
  await press("Your organizations");
  await shows("Your organizations");
  await type("Name of the organization", "Čápi & Co");
  await press("Create organization");
  await settled(() => expect(sent.at(-1)?.path).toBe("/organization/create"));
  expect(sent.at(-1)?.body).toMatchObject({ name: "Čápi & Co" });
  await settled(() => expect(field("Name of the organization")?.value).toBe(""));

  await settled(() => expect(button("Invite")).toBeDefined());
  expect(document.body.textContent).toContain("notes://auth?invitation=i1");
  await type("Email of the new member", "cy@example.com");
  await press("admin");
  await press("Invite");
  await settled(() => expect(sent.at(-1)?.path).toBe("/organization/invite-member"));
  expect(sent.at(-1)?.body).toMatchObject({ email: "cy@example.com", role: "admin" });
  await press("Cancel the invitation of bo@example.com");
  await settled(() => expect(sent.at(-1)?.path).toBe("/organization/cancel-invitation"));

  await press("Role of Eve");
  const choice = find('[role=radiogroup][aria-label="New role of Eve"]');
  const admin = [...(choice?.querySelectorAll("button") ?? [])].find(
    (one) => one.textContent === "admin",
  );
  admin?.click();
  await press("Change role of Eve");
  await settled(() => expect(sent.at(-1)?.path).toBe("/organization/update-member-role"));
  expect(sent.at(-1)?.body).toMatchObject({ memberId: "m2", role: ["admin"] });
  await press("Remove Eve");
  await settled(() => expect(sent.at(-1)?.path).toBe("/organization/remove-member"));
});

test.each([
  ["a phone", () => phone("notes://auth?invitation=i1")],
  [
    "a browser",
    () => {
      window.history.replaceState(null, "", "/auth#invitation=i1");
      return web();
    },
  ],
])("the link of an invitation waits for the sign-in on %s", async (_name, device) => {
  const { sent, server } = await open(
    device(),
    {
      ...organizationServer(),
      "/organization/get-invitation": () => ({
        id: "i1",
        organizationName: "Acme",
        inviterEmail: "bo@example.com",
        role: "member",
      }),
    },
    false,
    ACCOUNT_PAGES,
  );
  await settled(() =>
    expect(find("[role=status]")?.textContent).toBe("Sign in to see your invitation."),
  );
  server.isSignedIn = true;
  await type("Email", ADA.email);
  await type("Password", "correct horse");
  await click("Sign in");
  await shows("Your invitation");
  await settled(() =>
    expect(document.body.textContent).toContain("bo@example.com invites you to Acme as member."),
  );
  await press("Join Acme");
  await shows("Your organizations");
  expect(sent.find(({ path }) => path === "/organization/accept-invitation")?.body).toEqual({
    invitationId: "i1",
  });
  expect(window.location.hash).toBe("");
});

test("a new email, and the end of the account after its password", async () => {
  const { sent, server } = await open(
    phone(),
    { ...organizationServer(), "/list-accounts": () => [{ providerId: "credential" }] },
    true,
    ACCOUNT_PAGES,
  );
  await type("New email", "new@example.com");
  await press("Change email");
  await settled(() => expect(sent.at(-1)?.path).toBe("/change-email"));
  expect(sent.at(-1)?.body).toEqual({ newEmail: "new@example.com", callbackURL: "notes://auth" });
  await press("Delete my account");
  await settled(() => expect(field("Your password, to confirm")).not.toBeNull());
  await type("Your password, to confirm", "correct horse");
  server.isSignedIn = false;
  await press("Yes, delete my account");
  await settled(() => expect(sent.at(-1)?.path).toBe("/delete-user"));
  expect(sent.at(-1)?.body).toEqual({ password: "correct horse" });
});

test("passkeys: a phone lists and deletes them, and a browser also adds them and signs in with them", async () => {
  const { sent } = await open(phone(), organizationServer(), true, ACCOUNT_PAGES);
  await settled(() => expect(button("Delete Mine")).toBeDefined());
  expect(document.body.textContent).toContain("To add a passkey, open this app in a browser.");
  expect(button("Add a passkey")).toBeUndefined();
  await press("Delete Mine");
  await settled(() => expect(sent.at(-1)?.path).toBe("/passkey/delete-passkey"));
  root?.unmount();

  window.history.replaceState(null, "", "/auth");
  await open(web(), organizationServer(), true, ACCOUNT_PAGES);
  await settled(() => expect(button("Add a passkey")).toBeDefined());
  root?.unmount();

  await open(phone(), {}, false, ACCOUNT_PAGES);
  await shows("Sign in");
  expect(button("Use a passkey")).toBeUndefined();
  root?.unmount();
  await open(web(), {}, false, ACCOUNT_PAGES);
  await shows("Sign in");
  expect(button("Use a passkey")).toBeDefined();
});
