// The auth page in a real browser: for every hand and eye, honest about failures, and no way off the site.
// Must not know the framework.
import { describe, expect, test } from "vitest";
import { faultsOf } from "../support/axe.js";
import { keepScreenshot } from "../support/browser.js";
import { codeOf, headingHasFocus, tabTo } from "../support/page.js";
import {
  alertOf,
  newPerson,
  openTab,
  signOut,
  signUp,
  submitSignIn,
  submitSignUp,
  waitForSession,
} from "../support/visitor.js";
import type { World } from "../support/world.js";

/** Values of redirectTo that a browser would follow to another site, or that run as a script. */
const LEAVING = [
  "//evil.example/x",
  "/\\evil.example/x",
  "/\t/evil.example",
  "/x/..//evil.example",
  "https:evil.example",
  "javascript:alert(1)",
];

/** All tests of the page; `name` is the prefix of the screenshots. */
export function describeAuthPage(name: string, world: () => World): void {
  describe("the auth page", () => {
    test.each(["light", "dark"] as const)(
      "has no accessibility faults: %s",
      async (colorScheme) => {
        const { browser, app } = world();
        const tab = await openTab(await browser.newVisitor({ colorScheme }), app.origin);
        await tab.open("/auth");
        await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
        await keepScreenshot(tab.page, `${name}-sign-in-${colorScheme}`);
        expect(await faultsOf(tab.page)).toEqual([]);
        const person = newPerson();
        await submitSignIn(tab, person);
        await alertOf(tab);
        expect(await faultsOf(tab.page)).toEqual([]);
        await tab.page.getByRole("button", { name: "Create one" }).click();
        await keepScreenshot(tab.page, `${name}-sign-up-${colorScheme}`);
        expect(await faultsOf(tab.page)).toEqual([]);
        await tab.page.getByRole("button", { name: "Sign in instead" }).click();
        await submitSignUp(tab, person);
        await waitForSession(tab, person);
        await keepScreenshot(tab.page, `${name}-session-${colorScheme}`);
        expect(await faultsOf(tab.page)).toEqual([]);
      },
    );

    test("is used with the keyboard alone", async () => {
      const tab = await world().newTab();
      const { keyboard } = tab.page;
      const person = newPerson();
      await tab.open("/auth");
      await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await tabTo(tab.page, "Create one");
      await keyboard.press("Enter");
      await tabTo(tab.page, "Name");
      await keyboard.type(person.name);
      await keyboard.press("Tab");
      await keyboard.type(person.email);
      await keyboard.press("Tab");
      await keyboard.type(person.password);
      await keyboard.press("Enter");
      await waitForSession(tab, person);
      await tabTo(tab.page, "Sign out");
      await keyboard.press("Space");
      await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
    });

    test("says what is wrong, moves the focus there, and forgets it when one types on", async () => {
      const tab = await world().newTab();
      await tab.open("/auth");
      await submitSignIn(tab, newPerson());
      expect(await alertOf(tab)).toBe("Email or password is wrong.");
      const alert = tab.page.locator("main [role=alert]");
      expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true);
      const password = tab.page.getByLabel("Password");
      expect(await password.getAttribute("aria-describedby")).toBe(await alert.getAttribute("id"));
      await password.press("x");
      await alert.waitFor({ state: "detached" });
    });

    test("a server that cannot be reached is told, and the button comes back", async () => {
      const tab = await world().newTab();
      await tab.open("/auth");
      await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
      await tab.page.route(/\/api\/auth\/sign-in\//, (route) => route.abort("connectionrefused"));
      await submitSignIn(tab, newPerson());
      expect(await alertOf(tab)).toMatch(/cannot be reached/);
      expect(await tab.page.getByRole("button", { name: "Sign in", exact: true }).isEnabled()).toBe(
        true,
      );
    });

    test("an email that has an account already", async () => {
      const tab = await world().newTab();
      const person = await signUp(tab);
      await signOut(tab);
      await submitSignUp(tab, person);
      expect(await alertOf(tab)).toMatch(/account with this email already/);
    });
  });
}

/** The parts of plugins, clicked through. For an app with two-factor, organizations and magic links. */
export function describeSecondStep(name: string, world: () => World): void {
  describe("the parts of plugins", () => {
    test("a second step is set up, asked for at sign-in, and turned off", async () => {
      const tab = await world().newTab();
      const { page } = tab;
      await page.setViewportSize({ width: 375, height: 800 });
      const person = await signUp(tab);
      await page.getByRole("link", { name: "Your account" }).click();
      await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
      const settings = page.getByRole("region", { name: "Second step" });
      await settings.getByLabel("Your password").fill(person.password);
      await settings.getByRole("button", { name: "Set up" }).click();
      const key = (await settings.locator("code").first().textContent()) ?? "";
      await keepScreenshot(page, `${name}-account-375`);
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      await settings.getByLabel("Code of your authenticator app").fill(await codeOf(key));
      await settings.getByRole("button", { name: "Turn on" }).click();
      await settings.getByRole("button", { name: "Turn off" }).waitFor();
      await page.getByRole("link", { name: "Back" }).click();
      await signOut(tab);

      await submitSignIn(tab, person);
      await page.getByRole("heading", { name: "Second step" }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      const code = page.getByLabel("Code of your authenticator app");
      await code.fill("000000");
      await page.getByRole("button", { name: "Continue" }).click();
      expect(await alertOf(tab)).toBe("This code is wrong.");
      await code.fill(await codeOf(key));
      await page.getByRole("button", { name: "Continue" }).click();
      await waitForSession(tab, person);

      await page.getByRole("link", { name: "Your account" }).click();
      await settings.getByLabel("Your password").fill(person.password);
      await settings.getByRole("button", { name: "Turn off" }).click();
      await settings.getByRole("button", { name: "Set up" }).waitFor();
      expect(tab.problems).toEqual([]);
    });

    test("who is invited to an organization signs up at the link, and joins", async () => {
      const tab = await world().newTab();
      const { page } = tab;
      await page.setViewportSize({ width: 375, height: 800 });
      const owner = await signUp(tab);
      await page.getByRole("link", { name: "Your account" }).click();
      await page.getByRole("link", { name: "Your organizations" }).click();
      await headingHasFocus(page, "Your organizations");
      await page.getByLabel("Name of the organization").fill("Acme");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Members of Acme" }).getByText(owner.email).waitFor();
      const guest = newPerson();
      const invitations = page.getByRole("region", { name: "Invitations" });
      await invitations.getByLabel("Email of the new member").fill(guest.email);
      await invitations.getByLabel("Role").selectOption("admin");
      await invitations.getByRole("button", { name: "Invite" }).click();
      await invitations.getByRole("status").waitFor();
      const link = new URL((await invitations.locator("code").textContent()) ?? "");
      await keepScreenshot(page, `${name}-organization-375`);
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);

      const invited = await openTab(
        await world().browser.newVisitor({ colorScheme: "dark" }),
        link.origin,
      );
      await invited.open(link.pathname + link.hash);
      await invited.page.getByText("Sign in to see your invitation.").waitFor();
      await submitSignUp(invited, guest);
      await headingHasFocus(invited.page, "Your invitation");
      await invited.page.getByRole("button", { name: "Join Acme" }).waitFor();
      await keepScreenshot(invited.page, `${name}-invitation-dark`);
      expect(await faultsOf(invited.page)).toEqual([]);
      await tabTo(invited.page, "Join Acme");
      await invited.page.keyboard.press("Enter");
      await headingHasFocus(invited.page, "Your organizations");
      const members = invited.page.getByRole("region", { name: "Members of Acme" });
      await members.getByText(`${owner.email}, owner`).waitFor();
      await members.getByText(`${guest.email}, admin`).waitFor();
      expect(await faultsOf(invited.page)).toEqual([]);

      expect([...tab.problems, ...invited.problems]).toEqual([]);
    });

    test("a link by mail has its view, with the focus on the heading and a way back", async () => {
      const tab = await world().newTab();
      const { page } = tab;
      await tab.open("/auth");
      await page.getByRole("button", { name: "Email me a link" }).click();
      const heading = page.getByRole("heading", { level: 1, name: "Sign in with a link" });
      await heading.waitFor();
      expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.getByLabel("Email").fill(newPerson().email);
      await page.keyboard.press("Enter");
      await page.getByText("Check your inbox").waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Back to sign in" }).click();
      await page.getByRole("heading", { level: 1, name: "Sign in", exact: true }).waitFor();
    });
  });
}

/** All tests of where the page leads after signing in. */
export function describeRedirects(world: () => World): void {
  describe("after signing in", () => {
    test("leads to a place of the site after signing in", async () => {
      const tab = await world().newTab();
      await tab.open(`/auth?redirectTo=${encodeURIComponent("/?from=auth#notes")}`);
      await submitSignUp(tab, newPerson());
      await tab.waitForState("signed in");
      const { origin } = world().app;
      expect(tab.page.url()).toBe(`${origin}/?from=auth#notes`);
    });

    test("and never to another: it stays, and shows the session", async () => {
      const tab = await world().newTab();
      const { origin } = world().app;
      const places = new Set<string>();
      tab.page.on("framenavigated", (frame) => places.add(new URL(frame.url()).origin));
      const person = await signUp(tab);
      for (const target of LEAVING) {
        await signOut(tab);
        await tab.open(`/auth?redirectTo=${encodeURIComponent(target)}`);
        await submitSignIn(tab, person);
        await waitForSession(tab, person);
      }
      expect([...places]).toEqual([origin]);
    });
  });
}
