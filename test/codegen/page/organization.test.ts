// @vitest-environment happy-dom
// The organizations of the printed page, built and used by two people: over Better Auth's own client and handler.
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { organizationClient } from "better-auth/client/plugins";
import { organization } from "better-auth/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { featuresOf, rolesOf } from "../../../codegen/page/features.js";
import { buildPage } from "../support/auth-pages.js";
import {
  button,
  click,
  createServer,
  find,
  letGo,
  rendered,
  settled,
  submit,
  type,
} from "../support/used-page.js";

const ROOT = join(import.meta.dirname, "../../..");
const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };
const eve = { email: "eve@example.com", password: "battery staple", name: "Eve" };

mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/organization-"));
afterAll(() => rmSync(dir, { recursive: true }));
afterAll(letGo);

let root: Root | undefined;

beforeEach(() => window.history.replaceState(null, "", "/auth"));

afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

/** The page of an app with a password, GitHub and organizations, and what was asked of its server and answered. */
async function open(hash = "") {
  window.history.replaceState(null, "", `/auth${hash}`);
  const plugin = organization();
  const made = createServer({ plugins: [plugin] });
  const sent: { path: string; body: unknown }[] = [];
  const authClient = createAuthClient({
    baseURL: "http://localhost:3000",
    disableDefaultFetchPlugins: true,
    plugins: [organizationClient()],
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        const answer = await made.send(input, init);
        const body = typeof init?.body === "string" ? (JSON.parse(init.body) as unknown) : null;
        sent.push({ path: new URL(String(input)).pathname, body });
        return answer;
      },
    },
  });
  Object.assign(globalThis, { testAuthClient: authClient });
  const options = {
    emailAndPassword: { enabled: true },
    socialProviders: { github: {} },
    plugins: [plugin],
  };
  const features = featuresOf({ options, clients: ["organization"] });
  const pages = { features, providers: ["github"], roles: rolesOf(options) };
  const AuthPage = await buildPage(dir, pages, "AuthPage");
  const container = document.createElement("div");
  document.body.append(container);
  root = createRoot(container);
  root.render(createElement(AuthPage));
  return { ...made, sent };
}

const heading = (text: string) => settled(() => expect(find("h1")?.textContent).toBe(text));
const shown = (text: string) => settled(() => expect(document.body.textContent).toContain(text));
const section = (title: string) =>
  [...document.querySelectorAll("section")].find(
    (one) => one.querySelector(":scope > h2")?.textContent === title,
  );
const rowsOf = (title: string) =>
  [...(section(title)?.querySelectorAll("li > span:first-child") ?? [])].map(
    ({ textContent }) => textContent,
  );

/** What changes the role of somebody: the list of roles, and its form. */
const roleOf = (name: string) =>
  [...document.querySelectorAll("details")]
    .find((one) => one.querySelector("summary")?.textContent === `Role of ${name}`)
    ?.querySelector("select");

/** Chooses a role for somebody, and sends it. */
function giveRole(name: string, role: string): void {
  roleOf(name)!.value = role;
  const event = new Event("submit", { bubbles: true, cancelable: true });
  roleOf(name)!.closest("form")!.dispatchEvent(event);
}

const alertText = () => find("[role=alert]")?.textContent;

async function follow(link: string): Promise<void> {
  await settled(() =>
    expect([...document.querySelectorAll("a")].map((one) => one.textContent)).toContain(link),
  );
  [...document.querySelectorAll("a")].find((one) => one.textContent === link)!.click();
}

async function press(name: string): Promise<void> {
  await settled(() => expect(button(name)?.disabled).toBe(false));
  await click(name);
}

async function signUp(person: typeof ada): Promise<void> {
  await press("Create one");
  for (const [name, value] of Object.entries(person)) await type(name, value);
  await submit();
}

/** On the page for visitors, and then to the organizations. */
async function signIn({ email, password }: typeof ada): Promise<void> {
  await type("email", email);
  await type("password", password);
  await submit();
  await heading("Signed in");
  window.location.hash = "organization";
}

async function signOut(): Promise<void> {
  window.location.hash = "";
  await press("Sign out");
  await heading("Sign in");
}

/** Sends the form that has this field. */
async function send(field: string): Promise<void> {
  const form = find(`input[name=${field}]`)?.closest("form");
  form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await settled(() => expect(form?.getAttribute("aria-busy")).toBe("false"));
}

/** Ada has an organization, and invites somebody to it. Gives the link of the invitation. */
async function invite(email: string, role = "member"): Promise<URL> {
  await signUp(ada);
  await follow("Your account");
  await follow("Your organizations");
  await heading("Your organizations");
  await settled(() => expect(document.activeElement === find("h1")).toBe(true));
  await type("organization", "Čápi & Co");
  await send("organization");
  await settled(() => expect(rowsOf("Members of Čápi & Co")).toEqual([`Ada${ada.email}, owner`]));
  await settled(() => expect(section("Invitations")).toBeDefined());
  const select = find<HTMLSelectElement>("select[name=role]")!;
  expect(document.querySelector(`label[for="${select.id}"]`)?.textContent).toBe("Role");
  select.value = role;
  await type("invited", email);
  await send("invited");
  await settled(() => expect(rowsOf("Invitations")).toEqual([email + role]));
  return new URL(section("Invitations")!.querySelector("code")!.textContent);
}

test("somebody creates an organization and invites; who signs up at the link joins and leaves", async () => {
  const { sent } = await open();
  const link = await invite(eve.email, "admin");
  expect(sent.find(({ path }) => path.endsWith("/organization/create"))?.body).toEqual({
    name: "Čápi & Co",
    slug: expect.stringMatching(/^capi-co-[a-z0-9]{1,6}$/) as string,
  });
  await signOut();

  window.location.hash = link.hash;
  await shown("Sign in to see your invitation.");
  await signUp(eve);
  await heading("Your invitation");
  await settled(() => expect(document.activeElement === find("h1")).toBe(true));
  await shown(`${ada.email} invites you as admin.`);
  await press("Join Čápi & Co");
  await heading("Your organizations");
  const both = [`Ada${ada.email}, owner`, `Eve${eve.email}, admin`];
  await settled(() => expect(rowsOf("Members of Čápi & Co")).toEqual(both));
  await settled(() => expect(rowsOf("Organizations")).toEqual(["Čápi & Co"]));
  await press("Leave");
  await settled(() => expect(section("Members of Čápi & Co")).toBeUndefined());
  await settled(() => expect(rowsOf("Organizations")).toEqual([]));
});

test("an invitation for another address says so, and offers to sign out", async () => {
  await open();
  const link = await invite(eve.email);
  window.location.hash = link.hash;
  await settled(() =>
    expect(find("[role=alert]")?.textContent).toContain("invitation is for another email"),
  );
  expect(button("Join Čápi & Co")).toBeUndefined();
  await press("Sign out");
  await heading("Sign in");
  await signUp(eve);
  await press("Reject the invitation");
  await heading("Your organizations");
  expect(rowsOf("Organizations")).toEqual([]);
  window.location.hash = link.hash;
  await settled(() =>
    expect(find("[role=alert]")?.textContent).toContain("invitation is no longer valid"),
  );
});

test("a provider brings the browser back to the invitation, also when it refuses", async () => {
  const { sent } = await open("#invitation=an%20id");
  await press("Continue with GitHub");
  await settled(() => expect(sent.map(({ path }) => path)).toContain("/api/auth/sign-in/social"));
  const place = "/auth#invitation=an%20id";
  expect(sent.find(({ path }) => path.endsWith("/sign-in/social"))?.body).toMatchObject({
    callbackURL: place,
    errorCallbackURL: place,
  });
});

test("an invitation that is cancelled goes; a member is removed, and cannot remove or invite", async () => {
  const { auth, sent } = await open();
  const link = await invite(eve.email);
  await press("Cancel");
  await settled(() => expect(rowsOf("Invitations")).toEqual([]));
  await type("invited", eve.email);
  await send("invited");
  await settled(() => expect(rowsOf("Invitations")).toEqual([`${eve.email}member`]));
  const again = new URL(section("Invitations")!.querySelector("code")!.textContent);
  expect(again.hash).not.toBe(link.hash);
  await signOut();

  // Who has confirmed their email finds it without the link.
  await signUp(eve);
  await heading("Signed in");
  const { internalAdapter } = await auth.$context;
  await internalAdapter.updateUserByEmail(eve.email, { emailVerified: true });
  await signOut();
  await type("email", eve.email);
  await type("password", eve.password);
  await submit();
  await heading("Signed in");
  window.location.hash = "organization";
  await settled(() => expect(rowsOf("Invitations to you")).toEqual(["Čápi & Comember"]));
  sent.length = 0;
  await press("Join Čápi & Co");
  await settled(() => expect(rowsOf("Members of Čápi & Co")).toHaveLength(2));
  await settled(() => expect(section("Invitations to you")).toBeUndefined());
  const asked = () => sent.filter(({ path }) => path.endsWith("/has-permission"));
  await settled(() => expect(asked()).toHaveLength(3));
  await rendered();
  expect(button("Remove Ada")).toBeUndefined();
  expect(roleOf("Ada")).toBeUndefined();
  expect(roleOf("Eve")).toBeUndefined();
  expect(section("Invitations")).toBeUndefined();
  await signOut();

  await signIn(ada);
  await press("Switch to Čápi & Co");
  await press("Remove Eve");
  await settled(() => expect(rowsOf("Members of Čápi & Co")).toEqual([`Ada${ada.email}, owner`]));
  await press("Leave");
  await settled(() => expect(find("[role=alert]")?.textContent).toContain("the only owner"));
});

test("an owner changes roles and hands the organization over; an admin changes no owner", async () => {
  await open();
  const link = await invite(eve.email);
  await signOut();
  window.location.hash = link.hash;
  await signUp(eve);
  await press("Join Čápi & Co");
  await heading("Your organizations");
  await signOut();
  await signIn(ada);
  await press("Switch to Čápi & Co");
  await settled(() => expect(roleOf("Eve")).toBeTruthy());
  const choices = [...roleOf("Eve")!.options].map(({ value }) => value);
  expect(choices).toEqual(["member", "admin", "owner"]);

  // The only owner stays one.
  giveRole("Ada", "member");
  await settled(() => expect(alertText()).toContain("You are the only owner."));
  const members = (...roles: [ada: string, eve: string]) =>
    settled(() =>
      expect(rowsOf("Members of Čápi & Co")).toEqual([
        `Ada${ada.email}, ${roles[0]}`,
        `Eve${eve.email}, ${roles[1]}`,
      ]),
    );
  giveRole("Eve", "owner");
  await members("owner", "owner");
  await settled(() => expect(find("output")?.textContent).toBe("Eve has the role owner."));
  // Whoever steps down sees at once what is left for them.
  giveRole("Ada", "admin");
  await members("admin", "owner");
  await settled(() => expect(roleOf("Ada")).toBeTruthy());
  expect([...roleOf("Ada")!.options].map(({ value }) => value)).toEqual(["admin", "member"]);
  expect(roleOf("Eve")).toBeUndefined();
  expect(button("Remove Eve")).toBeUndefined();
  giveRole("Ada", "member");
  await members("member", "owner");
  await settled(() => expect(section("Invitations")).toBeUndefined());
  expect(roleOf("Ada")).toBeUndefined();
});

test("several roles of a member are one choice, and kept as they are", async () => {
  const { auth, sent } = await open();
  await invite(eve.email);
  const { adapter } = await auth.$context;
  await adapter.update({
    model: "member",
    where: [{ field: "role", value: "owner" }],
    update: { role: "admin,owner" },
  });
  await signOut();
  await signIn(ada);
  await press("Switch to Čápi & Co");
  await settled(() => expect(roleOf("Ada")?.value).toBe("admin,owner"));
  giveRole("Ada", "admin,owner");
  await settled(() => expect(find("output")?.textContent).toBe("Ada has the role admin,owner."));
  const [asked] = sent.filter(({ path }) => path.endsWith("/update-member-role"));
  expect(asked?.body).toMatchObject({ role: ["admin", "owner"] });
});
