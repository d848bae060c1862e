// `npm run test:all`: the development servers of frameworks without React, from the creator's app by command. Beside
// them runs `kitcn dev`, which pushes, sets the first variables, and writes the addresses of the deployment.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { freePort, startServer } from "../browser/support/app.js";
import { startBrowser } from "../browser/support/browser.js";
import { newPerson, openTab, signOut, signUp, type Tab } from "../browser/support/visitor.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { succeed } from "../support/commands.js";
import { writeFiles, type PackedApp } from "../support/packed-app.js";
import { descendants } from "../support/processes.js";
import { SITE_CASES } from "../support/site-cases.js";
import { createApp, WHOAMI } from "../support/sites.js";

describe.each(SITE_CASES)("$name", (one) => {
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  test("a person signs up, sees a query, reloads and signs out on the development server", async () => {
    const { app, node } = await createApp(one, `site-dev-${one.name}`);
    await succeed(app, ["kitcn", "init", "--yes"]);
    await succeed(app, ["kitcn", "add", "auth", "--yes"]);
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    await writeFiles(app, {
      ...one.page,
      [`${one.functions}/users.ts`]: WHOAMI,
      [`${one.functions}/.env`]: `SITE_URL=${origin}\n`,
    });
    const deployment = await startDeployment();
    closing.push(() => deployment.stop());
    closing.push(await startBackend(app, deployment, node));
    const env = { ...process.env, NODE_ENV: "development" };
    const server = await startServer({ app, args: one.dev(port), origin, node, env });
    closing.push(server.end);
    const browser = await startBrowser();
    closing.push(browser.close);
    const tab = await openTab(await browser.newVisitor(), origin);
    await warmUp(tab);

    await tab.open("/");
    await tab.waitForState("signed out");
    expect(await tab.textOf("me")).toBe("nobody");
    const person = await signUp(tab, newPerson());
    await tab.open("/");
    await tab.waitForState("signed in");
    await expectText(tab, "live", person.email);
    await tab.reload();
    await tab.waitForState("signed in");
    await expectText(tab, "me", person.email);
    expect(await tab.states()).toEqual(["signed in"]);
    await tab.open("/auth");
    await signOut(tab);
    await tab.open("/");
    await tab.waitForState("signed out");
    expect(await tab.textOf("me")).toBe("nobody");
    const problems = tab.problems.filter((problem) => !one.ownProblem?.test(problem));
    expect(problems).toEqual([]);
  });
});

// --- internal ---

/** Starts `kitcn dev`, and waits until it has pushed and set the variables. Returns what ends it and its programs. */
async function startBackend(
  app: PackedApp,
  deployment: Deployment,
  node: string,
): Promise<() => Promise<void>> {
  const program = join(app.dir, "node_modules/kitcn/dist/codegen/cli.js");
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  const started = spawn(node, [program, "dev"], {
    cwd: app.dir,
    env: { ...process.env, ...deployment.cliEnv, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [started.stdout, started.stderr])
    stream.on("data", (text: Buffer) => (output += text.toString()));
  const waiting = { timeout: 180_000, interval: 200 };
  await vi.waitFor(() => expect(output).toMatch(/set .*BETTER_AUTH_SECRET/), waiting);
  return async () => {
    const family = descendants(started.pid ?? 0);
    const ended = new Promise((resolve) => started.once("close", resolve));
    for (const pid of [...family, started.pid ?? 0]) process.kill(pid, "SIGKILL");
    await ended;
  };
}

/** The first visit of a page makes a development server find its packages, and reload the page. */
async function warmUp(tab: Tab): Promise<void> {
  for (const path of ["/", "/auth", "/", "/auth"]) {
    await tab.open(path);
    await tab.page.waitForLoadState("networkidle");
  }
  tab.problems.length = 0;
}

async function expectText({ page }: Tab, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).filter({ hasText: text }).waitFor();
}
