// New apps, as `kitcn init -t` makes them and `kitcn add auth` leaves them: not a line by hand, in production.
// Their build scripts run the compiler first.
import { describe, expect, test } from "vitest";
import { keepScreenshot } from "./support/browser.js";
import { NEXT, VITE } from "./support/frameworks.js";
import { signOut, signUp, submitSignIn, waitForSession } from "./support/visitor.js";
import { useWorld } from "./support/world.js";

describe.each([
  { template: "next", framework: NEXT },
  { template: "vite", framework: VITE },
  { template: "start", framework: VITE },
])("a new app of the template $template", ({ template, framework }) => {
  const world = useWorld({ from: { template }, ...framework });

  test("signs up, works, signs out and in", async () => {
    const tab = await world().newTab();
    const person = await signUp(tab);
    await tab.open("/");
    const note = `A note of ${person.name}`;
    await tab.page.getByLabel("A new note").fill(note);
    await tab.page.getByRole("button", { name: "Add" }).click();
    await tab.page.getByText(note).waitFor();
    await tab.reload();
    await tab.page.getByText(note).waitFor();
    await keepScreenshot(tab.page, `template-${template}`);
    await tab.open("/auth");
    await waitForSession(tab, person);
    await signOut(tab);
    await submitSignIn(tab, person);
    await waitForSession(tab, person);
    expect(tab.problems).toEqual([]);
  });
});
