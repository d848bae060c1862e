// New apps, as `kitcn init -t` makes them and `kitcn add auth` leaves them: not a line by hand, in production.
// Their build scripts run the compiler first.
import { describe, expect, test } from "vitest";
import { keepScreenshot } from "./support/browser.js";
import { signOut, signUp, submitSignIn, waitForSession } from "./support/visitor.js";
import { useWorld } from "./support/world.js";

const VITE = (port: number) => [
  "node_modules/vite/bin/vite.js",
  ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
];

const NEXT = (port: number) => [
  "node_modules/next/dist/bin/next",
  ...["start", "--port", String(port), "--hostname", "127.0.0.1"],
];

describe.each([
  { template: "next", prefix: "NEXT_PUBLIC_", serve: NEXT },
  { template: "vite", prefix: "VITE_", serve: VITE },
  { template: "start", prefix: "VITE_", serve: VITE },
])("a new app of the template $template", ({ template, prefix, serve }) => {
  const world = useWorld({
    from: { template },
    env: ({ convexUrl, convexSiteUrl }) => ({
      [`${prefix}CONVEX_URL`]: convexUrl,
      [`${prefix}CONVEX_SITE_URL`]: convexSiteUrl,
    }),
    serve,
  });

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
