// One app and one browser for all tests of a file: made once, since building an app is what takes the time.
import { afterAll, beforeAll, expect, vi } from "vitest";
import { startWebApp, type WebApp, type WebAppOptions } from "./app.js";
import { startBrowser, type TestBrowser } from "./browser.js";
import { openTab, signUp, type Person, type Tab } from "./visitor.js";

export type World = {
  readonly app: WebApp;
  readonly browser: TestBrowser;
  /** A tab of a visitor who was never here. */
  readonly newTab: () => Promise<Tab>;
};

/** To be called at the top of a test file. What it returns may be used in tests and hooks. */
export function useWorld(options: WebAppOptions): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    const [browser, app] = await Promise.all([startBrowser(), startWebApp(options)]);
    const newTab = async () => openTab(await browser.newVisitor(), app.origin);
    world = { app, browser, newTab };
  });
  afterAll(async () => {
    await world?.browser.close();
    await world?.app.close();
  });
  return () => {
    if (!world) throw new Error("The app was not started.");
    return world;
  };
}

/** Waits until `check` throws no more. Patient, since machines may be busy. */
export function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 50 });
}

/**
 * A new person in a tab that shows the app's page, with the requests of its start done. With `clock`, the
 * page's time can be moved by `tab.page.clock`.
 */
export async function signedIn(
  { newTab }: World,
  { clock = false }: { clock?: boolean } = {},
): Promise<{ tab: Tab; person: Person }> {
  const tab = await newTab();
  if (clock) await tab.page.clock.install();
  const person = await signUp(tab);
  await tab.open("/");
  await tab.waitForState("signed in");
  await eventually(() => {
    expect(tab.requests).toEqual(REQUESTS_OF_A_START);
    expect(tab.tokens).toHaveLength(2);
  });
  return { tab, person };
}

// --- internal ---

/** The session once; a token, and a second one that Convex asks for once its server took the first. */
const REQUESTS_OF_A_START = ["GET /get-session", "GET /convex/token", "GET /convex/token"];
