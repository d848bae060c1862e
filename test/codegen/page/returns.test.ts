// @vitest-environment happy-dom
// The printed page when a mailed link or an identity provider sends the browser there: over answers that a test gives.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createAuthClient } from "better-auth/react";
import { createElement, StrictMode, type FunctionComponent } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { buildPage } from "../support/auth-pages.js";
import { button, find, letGo, settled } from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/returns-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

const OPTIONS = {
  emailAndPassword: { enabled: true, sendResetPassword: () => {} },
  socialProviders: { github: {} },
};
const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0";
const DEVICES = {
  [`Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36`]: "Chrome on Linux",
  [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`]: "Chrome on Android",
  [`Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 Edg/137.0.0.0`]: "Edge on Windows",
  [`Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 OPR/120.0`]: "Opera on Windows",
  [`Mozilla/5.0 (X11; CrOS x86_64 1) ${CHROME} Safari/537.36`]: "Chrome on ChromeOS",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1": "Safari on macOS",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/137.0 Mobile Safari/604.1":
    "Chrome on iPhone",
  "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0": "Firefox on Linux",
  "curl/8.0": "Unknown browser",
};
const sessionOf = (userAgent: string, index: number) => ({
  ...{ id: String(index), token: String(index), userAgent, createdAt: new Date(0) },
});
const ADA = { id: "ada", name: "Ada", email: "ada@example.com" };

const global = globalThis as typeof globalThis & {
  testAuthClient?: ReturnType<typeof createAuthClient>;
};
let root: Root | undefined;
beforeEach(() => window.history.replaceState(null, "", "/auth"));
afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const shows = (title: string) => settled(() => expect(find("h1")?.textContent).toBe(title));
const PAGES = {
  features: featuresOf({ options: OPTIONS, clients: [] }),
  providers: ["github"],
};

/** Opens an address of the page, for somebody who is signed in or not. */
async function open(address: string, { isSignedIn = false, pages = PAGES } = {}) {
  window.history.replaceState(null, "", address);
  const sent: { path: string; body: unknown }[] = [];
  const server = { isSignedIn, isExpired: false };
  const answer = (path: string) => {
    if (path === "/get-session") return server.isSignedIn ? { user: ADA, session: {} } : null;
    if (path === "/sign-out") server.isSignedIn = false;
    if (path === "/list-sessions") return Object.keys(DEVICES).map(sessionOf);
    if (path.startsWith("/list-")) return [];
    return { status: true };
  };
  const customFetchImpl: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace("/api/auth", "");
    if (init?.body) sent.push({ path, body: JSON.parse(String(init.body)) });
    const isRefused = server.isExpired && path === "/reset-password";
    return isRefused
      ? Response.json({ code: "INVALID_TOKEN" }, { status: 400 })
      : Response.json(answer(path));
  };
  global.testAuthClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    fetchOptions: { customFetchImpl },
  });
  const AuthPage = await buildPage(dir, pages, "AuthPage");
  const load = () => render(AuthPage);
  load();
  return { sent, server, load };
}

/** As a reload does: nothing is left but the address. */
function render(page: FunctionComponent): void {
  root?.unmount();
  const container = document.createElement("div");
  document.body.replaceChildren(container);
  const created = createRoot(container);
  root = created;
  // With its effects: the next page must not find what this one has not read of the address yet.
  flushSync(() => created.render(createElement(StrictMode, null, createElement(page))));
}

async function submitPassword(): Promise<void> {
  await settled(() => expect(find("input[name=password]")).not.toBeNull());
  find<HTMLInputElement>("input[name=password]")!.value = "a new password";
  find("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

describe("a link to choose a new password", () => {
  const ADDRESS = "/auth?redirectTo=%2Fnotes&token=secret#top";

  test("leaves no token in the address, and none for a reload after it was used", async () => {
    const { sent, load } = await open(ADDRESS);
    await shows("Choose a new password");
    const { pathname, search, hash } = window.location;
    expect(pathname + search + hash).toBe("/auth?redirectTo=%2Fnotes#top");
    await submitPassword();
    await shows("Sign in with your new password");
    const body = { newPassword: "a new password", token: "secret" };
    expect(sent).toEqual([{ path: "/reset-password", body }]);
    load();
    await shows("Sign in");
  });

  test.each([false, true])(
    "that has expired leads to another (signed in: %s)",
    async (isSignedIn) => {
      const { server } = await open(ADDRESS, { isSignedIn });
      server.isExpired = true;
      await submitPassword();
      await settled(() => expect(find("form [role=alert]")?.textContent).toContain("This link"));
      button("Request a new link")!.click();
      await settled(() => expect(button("Send me a link")).toBeDefined());
      button("Back to sign in")!.click();
      await shows(isSignedIn ? "Signed in" : "Sign in");
    },
  );

  test("has a way back", async () => {
    await open(ADDRESS);
    await shows("Choose a new password");
    button("Back to sign in")!.click();
    await shows("Sign in");
  });
});

describe("a failure", () => {
  const alert = () => find("main > section > [role=alert]")?.textContent;

  test("is shown to somebody who is signed in, until that one signs out", async () => {
    await open("/auth?error=INVALID_TOKEN&error_description=x", { isSignedIn: true });
    await shows("Signed in");
    await settled(() => expect(alert()).toContain("This link"));
    expect(window.location.search).toBe("");
    button("Sign out")!.click();
    await shows("Sign in");
    expect(alert()).toBeUndefined();
  });

  test("of linking is shown in the account, until another view is opened", async () => {
    await open("/auth?error=account_already_linked_to_different_user#account", {
      isSignedIn: true,
    });
    await shows("Your account");
    await settled(() => expect(alert()).toBe("This account is linked to another user."));
    window.location.hash = "";
    window.dispatchEvent(new Event("hashchange"));
    await shows("Signed in");
    expect(alert()).toBeUndefined();
  });

  test("is shown to a visitor until that one signs in", async () => {
    const { server } = await open("/auth?error=access_denied");
    await settled(() => expect(alert()).toContain("did not work"));
    server.isSignedIn = true;
    global.testAuthClient!.$store.notify("$sessionSignal");
    await shows("Signed in");
    expect(alert()).toBeUndefined();
  });
});

test.each([false, true])("a confirmed address is said once (signed in: %s)", async (isSignedIn) => {
  const options = { ...OPTIONS, emailVerification: { sendVerificationEmail: () => {} } };
  const pages = { ...PAGES, features: featuresOf({ options, clients: [] }) };
  const { load } = await open("/auth?redirectTo=%2Fnotes&confirmed=1#top", { isSignedIn, pages });
  const said = () => [...document.querySelectorAll("output")].map((one) => one.textContent);
  await shows(isSignedIn ? "Signed in" : "Sign in");
  await settled(() => expect(said()).toEqual(["Your email is confirmed."]));
  const { pathname, search, hash } = window.location;
  expect(pathname + search + hash).toBe("/auth?redirectTo=%2Fnotes#top");
  load();
  await shows(isSignedIn ? "Signed in" : "Sign in");
  expect(said()).toEqual([]);
  // A link that has expired confirms nothing.
  window.history.replaceState(null, "", "/auth?confirmed=1&error=TOKEN_EXPIRED");
  load();
  await settled(() => expect(find("[role=alert]")?.textContent).toContain("no longer valid"));
  expect(said()).toEqual([]);
});

test("a sign-in with a provider leads to redirectTo, also after one that failed", async () => {
  const { sent } = await open("/auth?redirectTo=%2Fnotes&error=access_denied");
  await settled(() => expect(button("Continue with GitHub")).toBeDefined());
  button("Continue with GitHub")!.click();
  const body = { callbackURL: "/notes", errorCallbackURL: "/auth?redirectTo=%2Fnotes" };
  await settled(() => expect(sent.at(-1)?.body).toMatchObject(body));
});

test("somebody who is signed in already finds the way to redirectTo", async () => {
  await open("/auth?redirectTo=%2Fnotes", { isSignedIn: true });
  await shows("Signed in");
  expect(find<HTMLAnchorElement>("a[href='/notes']")?.textContent).toBe("Continue");
});

test("an address that is not confirmed leads to another link for it", async () => {
  const options = {
    emailAndPassword: { enabled: true, requireEmailVerification: true },
    emailVerification: { sendVerificationEmail: () => {} },
  };
  const features = featuresOf({ options, clients: [] });
  await open("/auth?error=email_not_verified", { pages: { ...PAGES, features } });
  await shows("Confirm your email");
  expect(find("[role=alert]")?.textContent).toContain("Confirm your email first");
  expect(button("Send the link again")).toBeDefined();
});

test("devices have the names of their browser and system", async () => {
  await open("/auth#account", { isSignedIn: true });
  await shows("Your account");
  const names = Object.values(DEVICES);
  await settled(() => {
    const rows = [...document.querySelectorAll("li .who")].map((one) => one.firstChild?.nodeValue);
    expect(rows.filter((row) => row !== "GitHub")).toEqual(names);
  });
});

test("linking an account comes back to the account, whatever happens there", async () => {
  const { sent } = await open("/auth#account", { isSignedIn: true });
  await settled(() => expect(button("Link GitHub")).toBeDefined());
  button("Link GitHub")!.click();
  const body = { callbackURL: "/auth#account", errorCallbackURL: "/auth#account" };
  await settled(() => expect(sent.at(-1)?.body).toMatchObject(body));
});
