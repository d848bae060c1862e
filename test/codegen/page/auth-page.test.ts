// @vitest-environment happy-dom
// The printed page, built and used: over Better Auth's own React client and handler.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { BetterAuthOptions } from "better-auth";
import { createAuthClient } from "better-auth/react";
import { createElement, type FunctionComponent } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { buildPage } from "../support/auth-pages.js";
import {
  button,
  click,
  createServer,
  find,
  letGo,
  settled,
  submit,
  type,
} from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };

mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/auth-page-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

type Client = ReturnType<typeof createAuthClient>;
const global = globalThis as typeof globalThis & { testAuthClient?: Client };

/** The page of an app with a password and these providers. */
function build(providers: readonly string[], options: object = {}): Promise<FunctionComponent> {
  const socialProviders = Object.fromEntries(providers.map((id) => [id, {}]));
  const all = { emailAndPassword: { enabled: true }, socialProviders, ...options };
  const features = featuresOf({ options: all, clients: [] });
  return buildPage(dir, { features, providers }, "AuthPage");
}

const SENDING = { sendVerificationEmail: async () => {} };

let root: Root | undefined;
const assign = vi.fn();

beforeEach(() => {
  window.history.replaceState(null, "", "/auth");
  vi.spyOn(window.location, "assign").mockImplementation(assign);
  assign.mockReset();
});

afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

async function open({
  providers = [],
  options = {},
}: { providers?: readonly string[]; options?: BetterAuthOptions } = {}) {
  const made = createServer({ options });
  global.testAuthClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    fetchOptions: { customFetchImpl: made.send },
  });
  const AuthPage = await build(providers, options);
  const container = document.createElement("div");
  document.body.append(container);
  root = createRoot(container);
  root.render(createElement(AuthPage));
  return { ...made, container };
}

async function signUp(): Promise<void> {
  await settled(() => expect(button("Create one")).toBeDefined());
  await click("Create one");
  for (const [name, value] of Object.entries(ada)) await type(name, value);
  await submit();
}

describe("the page in use", () => {
  test("sign up, sign out, sign in with a wrong and a right password", async () => {
    await open();
    await signUp();
    await settled(() => expect(document.body.textContent).toContain("Signed inAdaada@example.com"));
    await click("Sign out");
    await settled(() => expect(find("h1")?.textContent).toBe("Sign in"));
    await type("email", ada.email);
    await type("password", "wrong password");
    await submit();
    await settled(() =>
      expect(find("form [role=alert]")?.textContent).toBe("Email or password is wrong."),
    );
    const alert = find("form [role=alert]")!;
    await settled(() => expect(document.activeElement === alert).toBe(true));
    expect(find("input[name=email]")?.getAttribute("aria-describedby")).toBe(alert.id);
    expect(find<HTMLInputElement>("input[name=email]")?.value).toBe(ada.email);
    await type("password", ada.password);
    expect(find("[role=alert]")).toBeNull();
    await submit();
    await settled(() => expect(find("h1")?.textContent).toBe("Signed in"));
    expect(assign).not.toHaveBeenCalled();
  });

  test("loading first, in the server's markup too", async () => {
    global.testAuthClient = createAuthClient({
      baseURL: "http://localhost:3000",
      fetchOptions: { customFetchImpl: async () => Response.json(null) },
    });
    const AuthPage = await build([]);
    const html = renderToString(createElement(AuthPage));
    expect(html).toContain("<output>");
    expect(html).not.toContain("<form");
  });

  test("an account that exists", async () => {
    const { auth } = await open();
    await auth.api.signUpEmail({ body: ada });
    await signUp();
    await settled(() =>
      expect(find("form [role=alert]")?.textContent).toContain("Sign in instead."),
    );
    await click("Sign in instead");
    expect(find("[role=alert]")).toBeNull();
  });

  test("while it works, the button is busy and nothing is sent twice", async () => {
    const { server } = await open();
    await settled(() => expect(find("form")).not.toBeNull());
    let release = () => {};
    server.hold = new Promise((resolve) => void (release = resolve));
    await type("email", ada.email);
    await type("password", ada.password);
    await submit();
    const submitButton = find<HTMLButtonElement>("button[type=submit]")!;
    expect(submitButton.disabled).toBe(true);
    expect(submitButton.getAttribute("aria-busy")).toBe("true");
    expect(find("form")?.getAttribute("aria-busy")).toBe("true");
    release();
    await settled(() => expect(submitButton.disabled).toBe(false));
  });

  test.each([
    { failure: "network", want: /cannot be reached/ },
    { failure: 500, want: /cannot be reached/ },
    { failure: 429, want: /Too many attempts/ },
  ] as const)("a failure: $failure", async ({ failure, want }) => {
    const { server } = await open();
    await settled(() => expect(find("form")).not.toBeNull());
    await type("email", ada.email);
    await type("password", ada.password);
    server.failure = failure;
    await submit();
    await settled(() => expect(find("form [role=alert]")?.textContent).toMatch(want));
    expect(find<HTMLButtonElement>("button[type=submit]")?.disabled).toBe(false);
  });

  test("an email to confirm", async () => {
    const emailAndPassword = { enabled: true, requireEmailVerification: true };
    await open({ options: { emailAndPassword, emailVerification: SENDING } });
    await signUp();
    await settled(() => expect(find("h1")?.textContent).toBe("Confirm your email"));
    expect(find("output")?.textContent).toContain("inbox");
  });

  const AFTER_SIGN_UP = { emailAndPassword: { enabled: true, autoSignIn: false } };

  test.each<{ title: string; options: BetterAuthOptions; want: string }>([
    { title: "without a mail", options: AFTER_SIGN_UP, want: "You can sign in now." },
    {
      title: "with a mail that is sent later",
      options: { ...AFTER_SIGN_UP, emailVerification: SENDING },
      want: "You can sign in now.",
    },
    {
      title: "with a mail",
      options: { ...AFTER_SIGN_UP, emailVerification: { ...SENDING, sendOnSignUp: true } },
      want: "Check your inbox",
    },
  ])("a sign-up that signs nobody in, $title", async ({ options, want }) => {
    await open({ options });
    await signUp();
    await settled(() => expect(find("form output")?.textContent).toContain(want));
  });

  test.each([
    { given: "/dashboard?tab=1#top", want: "/dashboard?tab=1#top" },
    { given: "//evil.example.com", want: null },
    { given: "/\\evil.example.com", want: null },
    { given: "/\t/evil.example.com", want: null },
    { given: "/x/..//evil.example.com", want: null },
    { given: "/%2e//evil.example.com", want: null },
    { given: "https://evil.example.com", want: null },
    { given: "javascript:alert(1)", want: null },
    { given: "dashboard", want: null },
    { given: "", want: null },
  ])("redirectTo=$given", async ({ given, want }) => {
    window.history.replaceState(null, "", `/auth?redirectTo=${encodeURIComponent(given)}`);
    await open();
    await signUp();
    await settled(() => expect(find("h1")?.textContent).toBe("Signed in"));
    expect(assign.mock.calls).toEqual(want === null ? [] : [[want]]);
  });
});

describe("fields", () => {
  test("have labels, types and autocomplete", async () => {
    await open();
    await settled(() => expect(button("Create one")).toBeDefined());
    const fields = () =>
      [...document.querySelectorAll("input")].map((input) => [
        document.querySelector(`label[for="${input.id}"]`)?.textContent,
        input.type,
        input.getAttribute("autocomplete"),
        input.required,
      ]);
    expect(fields()).toEqual([
      ["Email", "email", "email", true],
      ["Password", "password", "current-password", true],
    ]);
    await click("Create one");
    expect(fields()).toEqual([
      ["Name", "text", "name", true],
      ["Email", "email", "email", true],
      ["Password", "password", "new-password", true],
    ]);
    expect(find<HTMLInputElement>("input[name=password]")?.minLength).toBe(8);
  });
});

describe("social buttons", () => {
  test("none without providers", async () => {
    await open();
    await settled(() => expect(find("form")).not.toBeNull());
    expect(document.body.textContent).not.toContain("Continue with");
  });

  test("one for each, with its proper name", async () => {
    await open({ providers: ["github", "google", "linkedin", "my-idp"] });
    await settled(() => expect(find("form")).not.toBeNull());
    for (const name of ["GitHub", "Google", "LinkedIn", "My-idp"])
      expect(button(`Continue with ${name}`)).toBeDefined();
  });

  test("asks for the provider, and says when it cannot", async () => {
    const { server } = await open({ providers: ["github"] });
    await settled(() => expect(find("form")).not.toBeNull());
    server.failure = "network";
    await click("Continue with GitHub");
    await settled(() => expect(find("[role=alert]")?.textContent).toContain("cannot be reached"));
  });

  test("says of a provider without credentials that it is not set up", async () => {
    const { server } = await open({ providers: ["github"] });
    await settled(() => expect(find("form")).not.toBeNull());
    server.failure = "unset provider";
    await click("Continue with GitHub");
    await settled(() => expect(find("[role=alert]")?.textContent).toContain("not set up yet"));
  });

  test("an error that came back is told", async () => {
    window.history.replaceState(null, "", "/auth?error=access_denied");
    await open({ providers: ["github"] });
    await settled(() => expect(find("[role=alert]")?.textContent).toContain("did not work"));
  });
});
