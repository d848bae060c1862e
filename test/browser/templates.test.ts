// New apps, as `kitcn init -t` makes them and `kitcn add auth` leaves them: not a line by hand, in production.
// Their build scripts run the compiler first.
import { describe, expect, test } from "vitest";
import { faultsOf } from "./support/axe.js";
import { keepScreenshot } from "./support/browser.js";
import { NEXT, VITE } from "./support/frameworks.js";
import { openTab, signOut, signUp, submitSignIn, waitForSession } from "./support/visitor.js";
import { useWorld } from "./support/world.js";

describe.each([
  { template: "next", framework: NEXT },
  { template: "vite", framework: VITE },
  { template: "start", framework: VITE },
])("a new app of the template $template", ({ template, framework }) => {
  const world = useWorld({ from: { template }, ...framework });

  test("shows visitors the way in; signs up, works, signs out and in", async () => {
    const { app, browser } = world();
    const phone = { width: 375, height: 700 };
    const visitor = await browser.newVisitor({ colorScheme: "dark", viewport: phone });
    const tab = await openTab(visitor, app.origin);
    const header = tab.page.locator("header");
    await tab.open("/mine");
    await tab.page.getByText("to see your notes").waitFor();
    await header.getByRole("link", { name: "Sign in" }).waitFor();
    await keepScreenshot(tab.page, `template-${template}-visitor`);
    const person = await signUp(tab);
    await tab.open("/");
    await header.getByRole("link", { name: person.name }).waitFor();
    expect(await header.getByRole("link", { name: "Sign in" }).count()).toBe(0);
    const note = `A note of ${person.name}`;
    await tab.page.getByLabel("A new note").fill(note);
    await tab.page.getByRole("button", { name: "Add" }).click();
    await tab.page.getByText(note).waitFor();
    await tab.reload();
    await tab.page.getByText(note).waitFor();
    await header.getByRole("link", { name: person.name }).waitFor();
    await keepScreenshot(tab.page, `template-${template}`);
    await tab.page.getByRole("link", { name: "Your notes" }).click();
    await tab.page.getByRole("heading", { name: "Your notes" }).waitFor();
    // Next keeps the page that was left, hidden.
    await tab.page.getByRole("listitem").filter({ hasText: note }).waitFor();
    expect(await faultsOf(tab.page)).toEqual([]);
    expect(await tab.page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
    await tab.open("/auth");
    await waitForSession(tab, person);
    await signOut(tab);
    await submitSignIn(tab, person);
    await waitForSession(tab, person);
    expect(tab.problems).toEqual([]);
  });
});
