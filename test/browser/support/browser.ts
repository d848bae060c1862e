// A headless Chromium for a suite, and pages that remember what went wrong in them.
// Must not know any app.
import { resolve } from "node:path";
import {
  chromium,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import { inject } from "vitest";

export type TestBrowser = {
  /** A context of its own: another visitor, with no cookies and no storage. */
  readonly newVisitor: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  readonly close: () => Promise<void>;
};

/** How long a page may take on a loaded machine, in ms. */
const PATIENCE_MS = 60_000;

/** The customary switches of a headless browser in a container: no sandbox, no shared memory, no traffic of its own. */
const SWITCHES = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser that the suite's setup found, with a profile of its own. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: inject("chromium"),
    headless: true,
    args: SWITCHES,
  });
  return {
    newVisitor: async (options) => {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(PATIENCE_MS);
      return context;
    },
    close: () => browser.close(),
  };
}

/** Keeps a picture of a page under .tmp/screenshots, for the eyes of people. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: resolve(".tmp/screenshots", `${name}.png`), fullPage: true });
}
