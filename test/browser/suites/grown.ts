// What an app can do that grew by commands alone, clicked: GitHub, a link by mail, an organization, a second step.
// Must not know the framework. Mails are read from the function's log, as there is no key to send them.
import { expect, test } from "vitest";
import { appIn } from "../../support/packed-app.js";
import { faultsOf } from "../support/axe.js";
import { keepScreenshot } from "../support/browser.js";
import { codeOf } from "../support/page.js";
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

/** The commands of kitcn after `init -t` and `add auth`. */
export const GROWING = [
  ["add", "plugin", "magic-link", "organization", "two-factor"],
  ["add", "social", "github"],
  ["add", "email"],
];

/** All tests of such an app; `name` is the prefix of the screenshots. */
export function describeGrown(name: string, world: () => World): void {
  test("GitHub's button says that it lacks its variables; with them it leads there", async () => {
    const { app, newTab } = world();
    const { page, ...tab } = await newTab();
    const asked: URL[] = [];
    await page.route("https://github.com/**", (route) => {
      asked.push(new URL(route.request().url()));
      return route.fulfill({ contentType: "text/html", body: "<title>GitHub</title>" });
    });
    await tab.open("/auth");
    const button = page.getByRole("button", { name: "Continue with GitHub" });
    await button.click();
    expect(await alertOf({ page, ...tab })).toMatch(/not set up yet/);
    await keepScreenshot(page, `grown-${name}-sign-in`);
    expect(await faultsOf(page)).toEqual([]);
    for (const variable of ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"]) {
      const command = ["convex", "env", "set", variable, "of-the-test"];
      const ran = await appIn(app.dir).run(command, app.deployment.cliEnv);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
    }
    await button.click();
    await page.waitForURL("https://github.com/**");
    expect(asked[0]?.searchParams.get("client_id")).toBe("of-the-test");
    expect(asked[0]?.searchParams.get("redirect_uri")).toMatch(/\/api\/auth\/callback\/github$/);
    expect(tab.problems).toEqual([]);
  });

  test("a link from the log signs somebody up, who chooses a password by another", async () => {
    const phone = { colorScheme: "dark", viewport: { width: 375, height: 800 } } as const;
    const { app, browser } = world();
    const tab = await openTab(await browser.newVisitor(phone), app.origin);
    const { page } = tab;
    const person = newPerson();
    const { email, password } = person;
    await tab.open("/auth");
    await page.getByRole("button", { name: "Email me a link" }).click();
    await page.getByLabel("Email").fill(email);
    await page.keyboard.press("Enter");
    await page.getByText("Check your inbox").waitFor();
    await page.goto(await linkTo(world(), email));
    await waitForSession(tab, person);

    await page.getByRole("link", { name: "Your account" }).click();
    await page.getByText("Choose your password first.").waitFor();
    await keepScreenshot(page, `grown-${name}-no-password`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await page.getByRole("button", { name: "Email me a link to choose one" }).press("Enter");
    await page.getByText(`We sent a link to ${email}.`).waitFor();
    await page.goto(await linkTo(world(), email));
    await page.getByRole("heading", { level: 1, name: "Choose a new password" }).waitFor();
    await page.getByLabel("New password").fill(password);
    await page.keyboard.press("Enter");
    await page.getByLabel("Current password").waitFor();
    await page.getByRole("link", { name: "Back" }).click();
    await signOut(tab);
    await submitSignIn(tab, person);
    await waitForSession(tab, person);
    expect(tab.problems).toEqual([]);
  });

  test("who is invited by mail joins an organization, and gets another role", async () => {
    const { browser } = world();
    const tab = await world().newTab();
    const { page } = tab;
    const owner = await signUp(tab);
    const guest = newPerson();
    await page.getByRole("link", { name: "Your account" }).click();
    await page.getByRole("link", { name: "Your organizations" }).click();
    await page.getByLabel("Name of the organization").fill("Acme");
    await page.getByRole("button", { name: "Create organization" }).click();
    const members = page.getByRole("region", { name: "Members of Acme" });
    await members.getByText(`${owner.email}, owner`).waitFor();
    await page.getByLabel("Email of the new member").fill(guest.email);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText(`We sent an invitation to ${guest.email}.`).waitFor();

    const link = new URL(await linkTo(world(), guest.email));
    const invited = await openTab(await browser.newVisitor(), link.origin);
    await invited.open(link.pathname + link.hash);
    await invited.page.getByText("Sign in to see your invitation.").waitFor();
    await submitSignUp(invited, guest);
    await invited.page.getByRole("button", { name: "Join Acme" }).click();
    await invited.page
      .getByRole("region", { name: "Members of Acme" })
      .getByText(`${guest.email}, member`)
      .waitFor();
    await page.setViewportSize({ width: 375, height: 800 });
    await tab.reload();
    await members.getByText(`${guest.email}, member`).waitFor();
    const row = members.getByRole("listitem").filter({ hasText: guest.email });
    await row.locator("summary").press("Enter");
    await row.getByLabel("New role").selectOption("admin");
    await row.getByRole("button", { name: `Change role of ${guest.name}` }).press("Enter");
    await members.getByText(`${guest.email}, admin`).waitFor();
    await keepScreenshot(page, `grown-${name}-organization`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect([...tab.problems, ...invited.problems]).toEqual([]);
  });

  test("a second step is set up, and asked for at sign-in: a code of the app, or a backup code", async () => {
    const tab = await world().newTab();
    const { page } = tab;
    const person = await signUp(tab);
    await page.getByRole("link", { name: "Your account" }).click();
    const settings = page.getByRole("region", { name: "Second step" });
    await settings.getByLabel("Your password").fill(person.password);
    await settings.getByRole("button", { name: "Set up" }).click();
    await settings.getByRole("img", { name: "QR code with the key below" }).waitFor();
    const [key = "", backup = ""] = await settings.locator("code").allTextContents();
    await page.emulateMedia({ colorScheme: "dark" });
    await keepScreenshot(page, `grown-${name}-second-step`);
    expect(await faultsOf(page)).toEqual([]);
    await settings.getByLabel("Code of your authenticator app").fill(await codeOf(key));
    await settings.getByRole("button", { name: "Turn on" }).click();
    await settings.getByRole("button", { name: "Turn off" }).waitFor();
    await page.getByRole("link", { name: "Back" }).click();
    await signOut(tab);
    await submitSignIn(tab, person);
    await page.getByLabel("Code of your authenticator app").fill(await codeOf(key));
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await waitForSession(tab, person);
    await signOut(tab);
    await submitSignIn(tab, person);
    await page.getByRole("button", { name: "Use a backup code" }).click();
    for (const code of ["wrong-code", backup]) {
      await page.getByLabel("Backup code").fill(code);
      await page.getByRole("button", { name: "Continue", exact: true }).click();
      if (code !== backup) expect(await alertOf(tab)).toMatch(/backup code is wrong/);
    }
    await waitForSession(tab, person);
    expect(tab.problems).toEqual([]);
  });
}

// --- internal ---

/** The link in the newest mail to an address, from the function's log. */
async function linkTo({ app: { deployment } }: World, email: string): Promise<string> {
  await deployment.settled();
  const log = deployment.logs().join("\n");
  const mail = log.slice(log.lastIndexOf(`Mail to ${email}: `));
  const [link] = /https?:\/\/[^\s"'\\]+/.exec(mail) ?? [];
  if (!link) throw new Error(`The log has no link for ${email}:\n${log}`);
  return link;
}
