// An app without React, on another site than its auth routes: kitcn writes its server's half, and its own code calls
// connectAuth as docs/clients.md says.
import { expect, test } from "vitest";
import { VITE } from "./support/frameworks.js";
import { newPerson, openTab } from "./support/visitor.js";
import { useWorld } from "./support/world.js";

const world = useWorld({ from: { fixture: "plain" }, ...VITE });

test("signs up, reloads, and signs out in every tab", async () => {
  const tab = await world().newTab();
  const person = newPerson();
  await tab.open("/");
  await tab.waitForState("signed out");
  await tab.page.getByLabel("Name").fill(person.name);
  await tab.page.getByLabel("Email").fill(person.email);
  await tab.page.getByLabel("Password").fill(person.password);
  await tab.page.getByRole("button", { name: "Create account" }).click();
  await tab.waitForState("signed in");
  await tab.page.getByTestId("identity").filter({ hasText: person.email }).waitFor();

  await tab.reload();
  await tab.waitForState("signed in");
  expect(await tab.states()).not.toContain("signed out");
  const other = await openTab(tab.page.context(), world().app.origin);
  await other.open("/");
  await other.waitForState("signed in");
  await other.page.getByRole("button", { name: "Sign out" }).click();
  for (const one of [tab, other]) {
    await one.waitForState("signed out");
    await one.page.getByTestId("identity").filter({ hasText: "null" }).waitFor();
    expect(one.problems).toEqual([]);
  }
});
