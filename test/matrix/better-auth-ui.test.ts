// `npm run test:all`: an app of create-next-app with Tailwind and shadcn/ui, given the views of Better Auth UI by command,
// as a production build in Chromium. A registry of the test's own has stand-ins for the views: the real one is on the web.
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort, startServer } from "../browser/support/app.js";
import { startBrowser } from "../browser/support/browser.js";
import { NEXT } from "../browser/support/frameworks.js";
import { newPerson, openTab } from "../browser/support/visitor.js";
import { succeed } from "../creators/creators.js";
import { startDeployment } from "../deployment/index.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";
import { startShadcnRegistry, type ShadcnRegistry } from "../support/shadcn-registry.js";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const ADD = ["kitcn", "add", "auth", "--ui", "better-auth-ui", "--yes"];

test("an app with Tailwind and shadcn/ui gets the views, and a user signs up in them", async () => {
  const registry = await startShadcnRegistry();
  closing.push(registry.close);
  const app = await createApp(registry);
  const env = { CONVEX_DEPLOYMENT: "", ...registry.env };
  await succeed(app, ["kitcn", "init", "--yes"], env);
  expect(await succeed(app, ADD, env)).toContain("shadcn@latest add @better-auth-ui/auth");
  const after = await snapshotOf(app);
  expect(await succeed(app, ADD, env)).toContain("nothing was written");
  expect(await snapshotOf(app)).toEqual(after);

  const deployment = await startDeployment();
  closing.push(() => deployment.stop());
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  await writeFiles(app, {
    "convex/.env": `SITE_URL=${origin}\n`,
    ".env.local": `NEXT_PUBLIC_CONVEX_URL=${deployment.url}\nNEXT_PUBLIC_CONVEX_SITE_URL=${deployment.siteUrl}\n`,
  });
  await succeed(app, ["convex", "deploy", "--yes"], deployment.cliEnv);
  await succeed(app, ["kitcn", "env", "push"], deployment.cliEnv);
  expect(await succeed(app, ["kitcn", "doctor"], deployment.cliEnv)).toContain("nothing is wrong");
  for (const command of ["next typegen", "tsc --noEmit", "next build"])
    await succeed(app, command.split(" "));
  const server = await startServer({ app, args: NEXT.serve(port), origin });
  closing.push(server.end);
  const browser = await startBrowser();
  closing.push(browser.close);

  const tab = await openTab(await browser.newVisitor(), origin);
  const { page } = tab;
  const heading = (name: string) => page.getByRole("heading", { name });
  // Next keeps the page before in the document, hidden.
  const field = (name: string) => page.getByLabel(name).filter({ visible: true });
  const person = newPerson();
  await tab.open("/auth?redirectTo=/auth/security");
  await heading("View sign-in").waitFor();
  expect(new URL(page.url()).search).toBe("?redirectTo=/auth/security");
  await tab.open("/auth");
  await page.getByRole("link", { name: "Create an account" }).click();
  await heading("View sign-up").waitFor();
  await field("Name").fill(person.name);
  await field("Email").fill(person.email);
  await field("Password").fill(person.password);
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(`${origin}/`);

  await tab.open("/auth");
  await heading("Settings account").waitFor();
  await page.getByTestId("who").filter({ hasText: person.email, visible: true }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();

  await tab.open("/auth?redirectTo=/auth/security");
  await field("Email").fill(person.email);
  await field("Password").fill(person.password);
  await page.getByRole("button", { name: "Send" }).click();
  await heading("Settings security").waitFor();
  for (const [path, view] of [
    ["/auth?error=access_denied", "View error"],
    ["/auth?token=abc", "View reset-password"],
  ] as const) {
    await tab.open(path);
    await heading(view).waitFor();
  }
  expect(tab.problems).toEqual([]);
});

// --- internal ---

/** As its creator makes it, with kitcn from `npm pack`, and with what `shadcn init` writes. */
async function createApp({ registries }: ShadcnRegistry): Promise<PackedApp> {
  const home = resolve(".tmp/better-auth-ui");
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const create = ["create-next-app@16.4.3", "app", "--yes", "--skip-install", "--disable-git"];
  // Said here, else it takes what somebody chose on this machine before.
  const chosen = ["--use-npm", "--ts", "--eslint", "--tailwind", "--app"];
  await run(home, ["npm", "exec", "--yes", "--", ...create, ...chosen]);
  const dir = join(home, "app");
  const app = appIn(dir);
  await writeFiles(app, {
    "components.json": `${JSON.stringify({
      style: "radix-nova",
      rsc: true,
      tsx: true,
      tailwind: { config: "", css: "app/globals.css", baseColor: "neutral", cssVariables: true },
      iconLibrary: "lucide",
      aliases: {
        components: "@/components",
        utils: "@/lib/utils",
        ui: "@/components/ui",
        lib: "@/lib",
        hooks: "@/hooks",
      },
      registries,
    })}\n`,
    "lib/utils.ts": "export const cn = (...names: string[]) => names.join(' ');\n",
  });
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  await run(dir, ["npm", "install", ...flags, await packKitcn()]);
  return app;
}

async function run(cwd: string, command: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runIn(cwd, command);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}
