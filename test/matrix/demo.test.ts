// `npm run test:all`: the demo stays open, and a plugin is added while its page is in a browser.
import { spawn } from "node:child_process";
import { afterAll, expect, test, vi } from "vitest";
import { freePort } from "../browser/support/app.js";
import { faultsOf } from "../browser/support/axe.js";
import { keepScreenshot, startBrowser, type TestBrowser } from "../browser/support/browser.js";
import { newPerson, openTab, submitSignUp } from "../browser/support/visitor.js";

/** A push and a build take their time on a busy machine. */
const PATIENT = { timeout: 300_000, interval: 100 };

let browser: TestBrowser | undefined;
afterAll(() => browser?.close());

test("Enter adds organizations; the panel shows their tables, and the page its new part", async () => {
  const port = await freePort();
  const demo = spawn(process.execPath, ["scripts/run-ts.mjs", "scripts/demo/main.ts"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done) => demo.once("exit", done));
  let output = "";
  for (const stream of [demo.stdout, demo.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const printed = (text: string) =>
    vi.waitFor(() => {
      expect(demo.exitCode, output).toBeNull();
      expect(output).toContain(text);
    }, PATIENT);
  try {
    await printed("Press Enter to run npx kitcn add plugin organization --yes");
    browser = await startBrowser();
    const visitor = await browser.newVisitor({ viewport: { width: 1280, height: 900 } });
    const tab = await openTab(visitor, `http://localhost:${port}`);
    const { page } = tab;
    const person = newPerson();
    await tab.open("/auth");
    await submitSignUp(tab, person);
    const panel = page.getByRole("complementary");
    await panel.getByRole("cell", { name: person.email }).first().waitFor();
    expect(await panel.getByRole("cell", { name: "organization", exact: true }).count()).toBe(0);

    demo.stdin.write("\n");
    await panel.getByRole("cell", { name: "organization", exact: true }).waitFor(PATIENT);
    await panel.getByRole("button", { name: "Show its part of the page" }).click(PATIENT);
    await page.getByRole("heading", { level: 1, name: "Your organizations" }).waitFor();
    await page.getByLabel("Name of the organization").fill("Acme");
    await page.keyboard.press("Enter");
    await panel.getByText("organization (1)").click();
    await panel.getByRole("cell", { name: "Acme", exact: true }).waitFor();
    await keepScreenshot(page, "demo-grown");
    expect(await faultsOf(page)).toEqual([]);
    await printed("Press Enter to run npx kitcn add plugin two-factor --yes");
    expect(tab.problems).toEqual([]);
  } finally {
    demo.kill("SIGINT");
    await ended;
  }
});
