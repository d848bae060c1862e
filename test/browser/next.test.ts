// A Next.js App Router app with cache components, in production: its own server forwards the auth routes.
import { expect, test } from "vitest";
import { describeAuthPage, describeRedirects } from "./suites/auth-page.js";
import { describeFirstResult } from "./suites/first-result.js";
import { describeServer } from "./suites/server.js";
import { describeSessions } from "./suites/sessions.js";
import { NEXT } from "./support/frameworks.js";
import { signUp } from "./support/visitor.js";
import { useWorld } from "./support/world.js";

const world = useWorld({ from: { fixture: "next" }, ...NEXT });

describeFirstResult(world);
describeServer(world);
describeSessions("next", world);
describeAuthPage("next", world);
describeRedirects(world);

test("a query preloaded on the server is there in its markup, and live afterwards", async () => {
  const tab = await world().newTab();
  const person = await signUp(tab);
  const response = await tab.page.goto(`${world().app.origin}/server`);
  expect(await response?.text()).toContain(person.email);
  await tab.page.getByTestId("preloaded-identity").filter({ hasText: person.email }).waitFor();
  expect(tab.problems).toEqual([]);
});
