// A Vite app on localhost, its auth routes on 127.0.0.1: another site, as in production.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AUTH_PAGE_STYLES } from "../../codegen/print/auth-page-styles.js";
import { printAuthPage } from "../../codegen/print/auth-page.js";
import { startWebApp, type WebApp } from "./support/app.js";
import { keepScreenshot, startBrowser, type TestBrowser } from "./support/browser.js";
import {
  alertOf,
  newPerson,
  openTab,
  signOut,
  signUp,
  submitSignIn,
  waitForSession,
} from "./support/visitor.js";

/** What `kitcn add auth` does not write yet: the client side of a Vite app. */
async function wiring(): Promise<Record<string, string>> {
  const folder = "test/fixtures/browser/vite-wiring";
  const paths = (await readdir(folder, { recursive: true })).filter((path) => /\.\w+$/.test(path));
  const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), "utf8")));
  return {
    ...Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? ""])),
    "src/auth/AuthPage.tsx": printAuthPage({
      authClient: "../lib/auth-client.ts",
      styles: "./auth.module.css",
      providers: [],
    }),
    "src/auth/auth.module.css": AUTH_PAGE_STYLES,
  };
}

let browser: TestBrowser;
let app: WebApp;

beforeAll(async () => {
  browser = await startBrowser();
  app = await startWebApp({
    fixture: "vite",
    files: await wiring(),
    env: ({ convexUrl, convexSiteUrl }) => ({
      VITE_CONVEX_URL: convexUrl,
      VITE_CONVEX_SITE_URL: convexSiteUrl,
    }),
    serve: (port) => [
      "node_modules/vite/bin/vite.js",
      ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
});

test("a wrong password, sign-up, reload, a protected query, sign-out, sign-in", async () => {
  const tab = await openTab(await browser.newVisitor(), app.origin);
  const person = newPerson();
  await tab.open("/auth");
  await submitSignIn(tab, { ...person, password: "wrong password" });
  expect(await alertOf(tab)).toBe("Email or password is wrong.");
  await keepScreenshot(tab.page, "vite-wrong-password");
  await signUp(tab, person);
  await keepScreenshot(tab.page, "vite-signed-in");

  await tab.open("/");
  await tab.waitForState("signed in");
  expect(await tab.textOf("mine")).toBe(person.name);
  expect(JSON.parse(await tab.textOf("identity"))).toMatchObject({ email: person.email });
  await tab.reload();
  await tab.waitForState("signed in");
  expect(await tab.states()).toEqual(["loading", "signed in"]);

  await tab.open("/auth");
  await signOut(tab);
  await tab.open("/");
  await tab.waitForState("signed out");
  await tab.open("/auth");
  await submitSignIn(tab, person);
  await waitForSession(tab, person);
  expect(tab.problems).toEqual([]);
});
