// `npm run test:all`: frameworks without React, from the creator's app by command to a production build in Chromium.
// A signed-in query is in the HTML that the server sends, and what the browser does with it costs nothing more.
import type { BrowserContext } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { buildApp, freePort, startServer } from "../browser/support/app.js";
import { startBrowser, type TestBrowser } from "../browser/support/browser.js";
import {
  newPerson,
  openTab,
  signOut,
  signUp,
  type Person,
  type Tab,
} from "../browser/support/visitor.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { succeed } from "../support/commands.js";
import { startCountingSite, type CountingSite } from "../support/counting-site.js";
import { writeFiles, type PackedApp } from "../support/packed-app.js";
import { SITE_CASES, type SiteCase } from "../support/site-cases.js";
import { addAuth, createApp, WHOAMI } from "../support/sites.js";

describe.each(SITE_CASES)("$name", (one) => {
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  test("from the creator by command to a signed-in query on the server and in the browser", async () => {
    const { app, node } = await createApp(one);
    const deployment = await startDeployment();
    closing.push(() => deployment.stop());
    await addAuth(app, one);
    const { origin, site, browser } = await serveApp(app, one, { deployment, closing, node });

    const context = await browser.newVisitor();
    const tab = await openTab(context, origin);
    await tab.open("/");
    await tab.waitForState("signed out");
    expect(await tab.textOf("me")).toBe("nobody");
    // Nobody's token is asked for.
    expect(tokensOf(site)).toBe(0);
    const [toVisitors] = await cachesOf(context, { origin, paths: one.open.paths });
    expect(toVisitors).toBe("public, max-age=600");

    const person = await signUp(tab, newPerson());
    await tab.open("/");
    await tab.waitForState("signed in");
    await expectText(tab, "live", person.email);

    site.clear();
    const html = await (await context.request.get(`${origin}/`)).text();
    expect(html).toContain(person.email);
    expect(html).toContain("signed in");
    expect(tokensOf(site)).toBe(1);

    // The user's token is in the page: no cache may keep it, though the page allows it.
    const caches = await cachesOf(context, { origin, paths: one.open.paths });
    expect(caches).toEqual(one.open.paths.map(() => PRIVATE));

    if (one.shared !== undefined) await expectShared(tab, { origin, path: one.shared, person });

    site.clear();
    await tab.open("/");
    await tab.waitForState("signed in");
    await expectText(tab, "me", person.email);
    if (one.tokens !== undefined) {
      // The page's session is the last that its browser requests.
      await expect.poll(() => site.requests).toContain("GET /api/auth/get-session");
      expect(tokensOf(site)).toBe(one.tokens);
    }
    // The state of the server's page is that of the browser's: nothing flickers.
    expect(await tab.states()).toEqual(["signed in"]);

    // Another tab signs out: this page drops what it has of the user, without a reload.
    const other = await openTab(context, origin);
    await other.open("/auth");
    await signOut(other);
    await tab.waitForState("signed out");
    await expectText(tab, "me", "nobody");
    await tab.open("/");
    await tab.waitForState("signed out");
    expect(await tab.textOf("me")).toBe("nobody");
    expect([...tab.problems, ...other.problems]).toEqual([]);
    await expectExpired(await browser.newVisitor(), { origin, html });
    if (one.goesOn !== undefined)
      await expectNoVisitor(await openTab(context, origin), { path: one.goesOn, person });
  });
});

// --- internal ---

async function serveApp(
  app: PackedApp,
  one: SiteCase,
  {
    deployment,
    closing,
    node,
  }: {
    deployment: Deployment;
    closing: (() => Promise<void>)[];
    /** The program that serves the build. */
    node: string;
  },
): Promise<{ origin: string; site: CountingSite; browser: TestBrowser }> {
  const site = await startCountingSite(deployment.siteUrl);
  closing.push(site.close);
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  await writeFiles(app, {
    ...one.page,
    ...one.open.files,
    [`${one.functions}/users.ts`]: WHOAMI,
    [`${one.functions}/.env`]: `SITE_URL=${origin}\n`,
    [one.env.file]: `${one.env.url}=${deployment.url}\n${one.env.site}=${site.url}\n`,
  });
  await succeed(app, ["convex", "deploy", "--yes"], deployment.cliEnv);
  await succeed(app, ["kitcn", "env", "push"], deployment.cliEnv);
  await succeed(app, ["kitcn", "doctor"], deployment.cliEnv);
  for (const command of one.compile) await succeed(app, command);
  await buildApp(app);
  const server = await startServer({ app, args: one.serve(port), origin, node });
  closing.push(server.end);
  const browser = await startBrowser();
  closing.push(browser.close);
  return { origin, site, browser };
}

function tokensOf({ requests }: CountingSite): number {
  return requests.filter((one) => one === "GET /api/auth/convex/token").length;
}

const PRIVATE = "private, no-store";

/** What each address says to caches. */
function cachesOf(
  { request }: BrowserContext,
  { origin, paths }: { origin: string; paths: readonly string[] },
): Promise<(string | undefined)[]> {
  return Promise.all(
    paths.map(async (path) => (await request.get(origin + path)).headers()["cache-control"]),
  );
}

/** A page for everybody has nobody's query and token, whoever asks for it first; the browser adds what the user sees. */
async function expectShared(
  tab: Tab,
  { origin, path, person }: { origin: string; path: string; person: Person },
): Promise<void> {
  const answer = await tab.page.request.get(origin + path);
  expect(await answer.text()).toContain("nobody");
  expect(await answer.text()).not.toMatch(/ey[\w-]+\.ey[\w-]+\./);
  expect(answer.headers()["cache-control"]).toMatch(/s-maxage=600/);
  await tab.open(path);
  await expectText(tab, "me", person.email);
}

/** A page of a session that was ended elsewhere, as a browser kept it until its token had expired. */
async function expectExpired(
  context: BrowserContext,
  { origin, html }: { origin: string; html: string },
): Promise<void> {
  // Chromium takes a page that a test answers for one of another network than the deployment's.
  await context.grantPermissions(["local-network-access"]);
  const tab = await openTab(context, origin);
  await tab.page.clock.setFixedTime(Date.now() + 3_600_000);
  await tab.page.route(`${origin}/`, (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
  );
  await tab.open("/");
  await tab.waitForState("signed out");
  await expectText(tab, "me", "nobody");
  expect(await tab.states()).toEqual(["signed in", "loading", "signed out"]);
  // Convex would still accept the token, by its own clock.
  expect(tab.tokens).toEqual([]);
  expect(tab.problems).toEqual([]);
}

/** Whoever signs in and goes on in the same page is never taken for a visitor there. */
async function expectNoVisitor(
  tab: Tab,
  { path, person }: { path: string; person: Person },
): Promise<void> {
  await tab.open(path);
  await tab.page.waitForLoadState("networkidle");
  await tab.page.fill("input[name=email]", person.email);
  await tab.page.fill("input[name=password]", person.password);
  await tab.page.click("button");
  await expectText(tab, "answers", person.email);
  expect(await tab.textOf("answers")).toBe(person.email);
}

async function expectText({ page }: Tab, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).filter({ hasText: text }).waitFor();
}
