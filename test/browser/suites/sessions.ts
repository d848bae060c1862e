// What a session must be like in every framework: kept over reloads and failures, ended everywhere, quiet.
// Must not know the framework: it sees pages and requests.
import { describe, expect, test } from "vitest";
import { keepScreenshot } from "../support/browser.js";
import {
  alertOf,
  newPerson,
  openTab,
  signOut,
  signUp,
  submitSignIn,
  waitForSession,
} from "../support/visitor.js";
import { signedIn, type World } from "../support/world.js";

/** All tests of sessions; `name` is the prefix of the screenshots. */
export function describeSessions(name: string, world: () => World): void {
  describe("a session", () => {
    test("wrong password, sign-up, reload, a protected query, sign-out, sign-in", async () => {
      const tab = await world().newTab();
      const person = newPerson();
      await tab.open("/auth");
      await submitSignIn(tab, { ...person, password: "wrong password" });
      expect(await alertOf(tab)).toBe("Email or password is wrong.");
      await keepScreenshot(tab.page, `${name}-wrong-password`);
      await signUp(tab, person);
      await keepScreenshot(tab.page, `${name}-session`);

      await tab.open("/");
      await tab.waitForState("signed in");
      expect(await tab.textOf("mine")).toBe(person.name);
      expect(JSON.parse(await tab.textOf("identity"))).toMatchObject({
        name: person.name,
        email: person.email,
      });
      await keepScreenshot(tab.page, `${name}-app`);

      await tab.open("/auth");
      await signOut(tab);
      await tab.open("/");
      await tab.waitForState("signed out");
      await tab.open("/auth");
      await submitSignIn(tab, person);
      await waitForSession(tab, person);
      expect(tab.problems).toEqual([]);
    });

    test("a reload never shows the visitor signed out", async () => {
      const tab = await world().newTab();
      await signUp(tab);
      for (let i = 0; i < 3; i++) {
        await tab.open("/");
        await tab.waitForState("signed in");
        expect(await tab.states()).not.toContain("signed out");
      }
    });

    test("no token is in any storage of the page", async () => {
      const tab = await world().newTab();
      await signUp(tab);
      await tab.open("/");
      await tab.waitForState("signed in");
      const { cookies, origins } = await tab.page.context().storageState({ indexedDB: true });
      const session = await tab.page.evaluate(() => JSON.stringify(sessionStorage));
      const stored = JSON.stringify({ cookies, origins, session });
      expect(stored).not.toMatch(/eyJ[\w-]+\.eyJ/);
    });

    test("signing out in one tab signs out the other, and signing in signs in", async () => {
      const { tab, person } = await signedIn(world());
      const other = await openTab(tab.page.context(), world().app.origin);
      await other.open("/auth");
      await waitForSession(other, person);
      await signOut(other);
      await tab.waitForState("signed out");
      await submitSignIn(other, person);
      await tab.waitForState("signed in");
      expect(await tab.textOf("mine")).toBe(person.name);
      expect([...tab.problems, ...other.problems]).toEqual([]);
    });

    test("another account in another tab: its data, and not the former's", async () => {
      const { tab, person } = await signedIn(world());
      const other = await openTab(tab.page.context(), world().app.origin);
      await other.open("/auth");
      await waitForSession(other, person);
      await signOut(other);
      const next = await signUp(other);
      await tab.page.getByTestId("mine").filter({ hasText: next.name }).waitFor();
      expect(await tab.textOf("identity")).toContain(next.email);
    });
  });
}
