// Failures of the network and of the server: nobody is signed out by them, and nothing is asked in a loop.
// Must not know the framework: it sees pages and requests.
import type { Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readClaims } from "../../../src/client/claims.js";
import type { Tab } from "../support/visitor.js";
import { eventually, signedIn, type World } from "../support/world.js";

type Failure = (route: Route) => Promise<void>;

const FROM_ANYWHERE = { "access-control-allow-origin": "*" };

/** Ways for an auth request to fail that say nothing about the session. */
const FAILURES: readonly [string, Failure][] = [
  ["the network is down", (route) => route.abort("connectionrefused")],
  ["the server answers 500", (route) => route.fulfill({ status: 500, headers: FROM_ANYWHERE })],
  ["the server answers 429", (route) => route.fulfill({ status: 429, headers: FROM_ANYWHERE })],
  [
    "a proxy answers with a page of its own",
    (route) =>
      route.fulfill({
        status: 200,
        contentType: "text/html",
        body: "<!doctype html>",
        headers: FROM_ANYWHERE,
      }),
  ],
];

/** Longer than a token lives, in ms. */
const TOKEN_LIFE_MS = 16 * 60_000;

const IDLE_MS = 60_000;

/** All tests of failures, of refreshes and of the number of requests. */
export function describeFailures(world: () => World): void {
  describe.each(FAILURES)("while %s", (_title, fail) => {
    test("a reload waits, and is signed in when that is over", async () => {
      const { tab } = await signedIn(world());
      const repair = await breakAuth(tab.page, fail);
      await tab.reload();
      await eventually(() => expect(tab.requests.length).toBeGreaterThanOrEqual(2));
      expect(await tab.states()).toEqual(["loading"]);
      await repair();
      await tab.waitForState("signed in");
      expect(await tab.states()).toEqual(["loading", "signed in"]);
    });

    test("a token that is due is asked for again and again, and nobody is signed out", async () => {
      const { tab } = await signedIn(world(), { clock: true });
      const repair = await breakAuth(tab.page, fail);
      tab.requests.length = 0;
      await tab.page.clock.fastForward(TOKEN_LIFE_MS);
      await eventually(() => expect(tab.requests.length).toBeGreaterThanOrEqual(2));
      await repair();
      await tab.page.waitForResponse((response) => response.ok() && isToken(response.url()));
      expect(await tab.states()).toEqual(["loading", "signed in"]);
      expect(new Set(tab.requests)).toEqual(new Set(["GET /convex/token"]));
    });
  });

  test("a slow server: loading, then signed in", async () => {
    const { tab } = await signedIn(world());
    await breakAuth(tab.page, async (route) => {
      await new Promise((done) => setTimeout(done, 3_000));
      await route.continue();
    });
    await tab.reload();
    await tab.waitForState("signed in");
    expect(await tab.states()).toEqual(["loading", "signed in"]);
  });

  test("without any network for a while: what is on the screen stays", async () => {
    const { tab, person } = await signedIn(world());
    const context = tab.page.context();
    await context.setOffline(true);
    await tab.page.evaluate(() => fetch("/").catch(() => undefined));
    expect(await tab.textOf("mine")).toBe(person.name);
    await context.setOffline(false);
    expect(await tab.states()).toEqual(["loading", "signed in"]);
  });
}

/** All tests of the number of requests, and of when tokens are refreshed. */
export function describeRequests(world: () => World): void {
  test("an idle minute and 20 changes of focus cause no auth request at all", async () => {
    const { tab } = await signedIn(world());
    tab.requests.length = 0;
    await tab.page.evaluate(changeFocus, 20);
    await tab.page.waitForTimeout(IDLE_MS);
    await tab.page.evaluate(changeFocus, 20);
    expect(tab.requests).toEqual([]);
    expect(await tab.states()).toEqual(["loading", "signed in"]);
  });

  test("a visitor's idle page asks for the session once", async () => {
    const tab = await world().newTab();
    await tab.open("/");
    await tab.waitForState("signed out");
    await tab.page.evaluate(changeFocus, 20);
    expect(tab.requests).toEqual(["GET /get-session"]);
  });

  test("a token is refreshed before it expires, once each time", async () => {
    const { tab } = await signedIn(world(), { clock: true });
    for (let i = 0; i < 3; i++) {
      tab.requests.length = 0;
      await untilNextTokenDiffers(tab);
      const [response] = await Promise.all([
        tab.page.waitForResponse((response) => isToken(response.url())),
        tab.page.clock.fastForward(TOKEN_LIFE_MS),
      ]);
      expect(response.status()).toBe(200);
      await eventually(() => expect(tab.tokens).toHaveLength(3 + i));
      expect(tab.requests).toEqual(["GET /convex/token"]);
    }
    expect(await tab.states()).toEqual(["loading", "signed in"]);
  });

  test.each([
    ["a day ahead", 86_400_000],
    ["a day behind", -86_400_000],
  ])("a clock that is %s", async (_title, skewMs) => {
    const { tab } = await signedIn(world());
    await tab.page.clock.install({ time: Date.now() + skewMs });
    await tab.reload();
    await tab.waitForState("signed in");
    expect(await tab.states()).toEqual(["loading", "signed in"]);
  });

  test("a session that is gone is noticed when the next token is due", async () => {
    const { tab } = await signedIn(world(), { clock: true });
    await tab.page.context().clearCookies();
    await tab.page.evaluate(() => localStorage.clear());
    await tab.page.clock.fastForward(TOKEN_LIFE_MS);
    await tab.waitForState("signed out");
    tab.requests.length = 0;
    await tab.page.evaluate(changeFocus, 20);
    expect(tab.requests).toEqual([]);
  });
}

// --- internal ---

const AUTH_ROUTES = /\/api\/auth\//;

/** Makes auth requests of a page fail until the returned function is called. */
async function breakAuth(page: Page, fail: Failure): Promise<() => Promise<void>> {
  await page.route(AUTH_ROUTES, fail);
  return () => page.unroute(AUTH_ROUTES, fail);
}

function isToken(url: string): boolean {
  return new URL(url).pathname.endsWith("/convex/token");
}

/** Only the page's clock is moved: two tokens of one second of the server's are equal. */
async function untilNextTokenDiffers({ tokens }: Tab): Promise<void> {
  const { iat = 0 } = readClaims(tokens.at(-1) ?? "") ?? {};
  await eventually(() => expect(Date.now()).toBeGreaterThanOrEqual((iat + 1) * 1000));
}

/** Runs in the page: the window loses and gains the focus. */
function changeFocus(times: number): void {
  for (let i = 0; i < times; i++) {
    for (const type of ["blur", "focus"]) window.dispatchEvent(new Event(type));
    document.dispatchEvent(new Event("visibilitychange"));
  }
}
