// `npm run test:all`: an app of Expo's creator, by command to a signed-in user. Its web build runs in Chromium; for phones,
// Metro and Hermes build the bundles, which nothing here runs. test/src/client/native.test.ts imitates a phone instead.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import { freePort } from "../browser/support/app.js";
import { startBrowser } from "../browser/support/browser.js";
import { newPerson, type Person } from "../browser/support/visitor.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, writeFiles, type PackedApp } from "../support/packed-app.js";

const home = resolve(".tmp/expo");
const closing: (() => Promise<void>)[] = [];

beforeAll(() => rm(home, { recursive: true, force: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("the default template: sign-up, a signed-in query and sign-out in the web build; both native bundles", async () => {
  const app = await createApp("default");
  const { deployment, origin } = await addAuth(app);
  const seen = await edit(app, "src/components/app-tabs.web.tsx", (text) =>
    text.replace(
      '<TabTrigger name="explore"',
      '<TabTrigger name="auth" href="/auth" asChild><TabButton>Account</TabButton></TabTrigger>\n          <TabTrigger name="explore"',
    ),
  );
  expect(seen).toContain('name="auth"');
  await writeFiles(app, {
    "convex/who.ts": WHO,
    "src/app/auth.tsx": AUTH_ROUTE,
    // `expo start` writes it, so that TypeScript knows style sheets.
    "expo-env.d.ts": '/// <reference types="expo/types" />\n',
  });
  await push(app, deployment);
  await succeed(app, ["tsc", "--noEmit"]);

  await succeed(app, [
    "expo",
    "export",
    "--clear",
    "--platform",
    "web",
    "--output-dir",
    "dist-web",
  ]);
  await serve(join(app.dir, "dist-web"), origin);
  const browser = await startBrowser();
  closing.push(browser.close);
  const page = await (await browser.newVisitor()).newPage();
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => problems.push(message));
  await page.goto(`${origin}/auth`);
  const person = newPerson();
  await signUp(page, person);
  await page.getByTestId("who").filter({ hasText: person.email }).waitFor();
  await page.reload();
  await page.getByTestId("who").filter({ hasText: person.email }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByTestId("who").filter({ hasText: "nobody" }).waitFor();
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByTestId("who").filter({ hasText: person.email }).waitFor();
  expect(problems).toEqual([]);

  await expectNativeBundles(app, ["ios", "android"]);
}, 2_400_000);

// --- internal ---

const WHO = `import { query } from "./_generated/server";

export const am = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.email ?? null,
});
`;

const AUTH_ROUTE = `import { useConvexAuth, useQuery } from "convex/react";
import { Text, View } from "react-native";
import { AuthPage } from "../components/AuthPage";
import { api } from "../../convex/_generated/api";

export default function Auth() {
  const { isAuthenticated } = useConvexAuth();
  const email = useQuery(api.who.am, isAuthenticated ? {} : "skip");
  return (
    <View style={{ flex: 1 }}>
      <Text testID="who">{email ?? "nobody"}</Text>
      <AuthPage />
    </View>
  );
}
`;

/** As its creator makes it, with kitcn from `npm pack`. */
async function createApp(template: string): Promise<PackedApp> {
  const dir = join(home, template);
  await mkdir(home, { recursive: true });
  const create = ["npm", "exec", "--yes", "--", "create-expo-app@5.0.0", template];
  await run(home, [
    ...create,
    "--template",
    `expo-template-${template}@57.0.28`,
    "--no-install",
    "--no-agents-md",
  ]);
  const install = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(dir, [...install, "--prefer-offline", await packKitcn()]);
  return appIn(dir);
}

/** Convex and auth by command; a second run changes nothing. The app is told its addresses, as `convex dev` does. */
async function addAuth(app: PackedApp): Promise<{ deployment: Deployment; origin: string }> {
  const deployment = await startDeployment();
  closing.push(() => deployment.stop());
  const origin = `http://localhost:${await freePort()}`;
  const commands = [
    ["kitcn", "init", "--yes"],
    ["kitcn", "add", "auth", "--yes"],
  ];
  for (const command of commands) await succeed(app, command);
  for (const command of commands)
    expect(await succeed(app, command)).toContain("nothing was written");
  await writeFile(
    join(app.dir, ".env.local"),
    `EXPO_PUBLIC_CONVEX_URL=${deployment.url}\nEXPO_PUBLIC_CONVEX_SITE_URL=${deployment.siteUrl}\n`,
  );
  await writeFile(join(app.dir, "convex/.env"), `SITE_URL=${origin}\n`);
  return { deployment, origin };
}

async function push(app: PackedApp, { cliEnv }: Deployment): Promise<void> {
  await succeed(app, ["convex", "deploy", "--yes"], cliEnv);
  await succeed(app, ["kitcn", "env", "push"], cliEnv);
  await succeed(app, ["kitcn", "doctor"], cliEnv);
}

/** The bundle of each platform has the app's auth, and keeps the session where phones do. */
async function expectNativeBundles(app: PackedApp, platforms: readonly string[]): Promise<void> {
  const flags = platforms.flatMap((platform) => ["--platform", platform]);
  await succeed(app, ["expo", "export", "--clear", ...flags, "--output-dir", "dist-native"]);
  for (const platform of platforms) {
    const folder = join(app.dir, "dist-native/_expo/static/js", platform);
    const [bundle = ""] = await readdir(folder);
    const text = await readFile(join(folder, bundle), "latin1");
    for (const part of ["ExpoSecureStore", "/convex/token", "Create an account instead"])
      expect(text.includes(part), `${part} in ${platform}`).toBe(true);
  }
}

async function signUp(page: Page, { name, email, password }: Person): Promise<void> {
  await page.getByRole("button", { name: "Create an account instead" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** As any host of static files does it. */
async function serve(folder: string, origin: string): Promise<void> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", origin);
    const path = [pathname, `${pathname}.html`, join(pathname, "index.html")]
      .map((one) => join(folder, one))
      .find((one) => one.startsWith(folder + sep) && extname(one) !== "" && existsSync(one));
    if (path === undefined) return void response.writeHead(404).end();
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    void readFile(path).then((body) => response.writeHead(200, { "content-type": type }).end(body));
  });
  const port = Number(new URL(origin).port);
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  closing.push(
    () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
}

async function edit(
  { dir }: PackedApp,
  path: string,
  change: (text: string) => string,
): Promise<string> {
  const text = change(await readFile(join(dir, path), "utf8"));
  await writeFile(join(dir, path), text);
  return text;
}

const ENV = { CONVEX_DEPLOYMENT: "", CI: "1", EXPO_NO_TELEMETRY: "1", EXPO_OFFLINE: "1" };

async function succeed(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, {
    ...ENV,
    NODE_ENV: "production",
    ...env,
  });
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

async function run(cwd: string, command: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runIn(cwd, command, ENV);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}
