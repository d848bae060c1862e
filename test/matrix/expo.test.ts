// `npm run test:all`: apps of Expo's creator, by command to a signed-in user. A web build runs in Chromium; for phones,
// Metro and Hermes build the bundles, which nothing here runs. test/src/client/native.test.ts imitates a phone instead.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import type { Page } from "playwright-core";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../browser/support/app.js";
import { startBrowser } from "../browser/support/browser.js";
import { newPerson, type Person } from "../browser/support/visitor.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { NPM_INSTALL, runOrThrow, succeed } from "../support/commands.js";
import { packKitcn } from "../support/installation.js";
import { appIn, writeFiles, type PackedApp } from "../support/packed-app.js";

const home = resolve(".tmp/expo");
const closing: (() => Promise<void>)[] = [];

beforeAll(() => rm(home, { recursive: true, force: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test("the default template: sign-up, a signed-in query, and the parts of plugins in the web build; both native bundles", async () => {
  const app = await createApp("default");
  const { deployment, origin } = await addAuth(app);
  const plugins = ["username", "two-factor", "magic-link", "email-otp"];
  await succeed(app, ["kitcn", "add", "plugin", ...plugins, "--yes"]);
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
  await succeedHere(app, ["tsc", "--noEmit"]);

  await succeedHere(app, [
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
  const signedIn = () =>
    page.getByTestId("who").filter({ hasText: person.email }).waitFor({ timeout: 60_000 });
  const signOut = async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByTestId("who").filter({ hasText: "nobody" }).waitFor();
  };
  await signedIn();
  await page.reload();
  await signedIn();
  const codes = await turnOnSecondStep(page, person);
  await signOut();

  await signIn(page, { ...person, email: usernameOf(person) });
  await field(page, "Code of your authenticator app").fill("000000");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("alert").filter({ hasText: "This code is wrong." }).waitFor();
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await field(page, "Backup code").fill(codes[0] ?? "");
  await page.getByRole("button", { name: "Continue" }).click();
  await signedIn();
  await signOut();

  await page.getByRole("button", { name: "Email me a code" }).click();
  await field(page, "Email").fill(person.email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  const code = await logged(deployment, /Code \(sign-in\) for \S+: (\d+)/);
  await field(page, "Code").fill(code);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await signedIn();
  await signOut();

  await page.getByRole("button", { name: "Email me a link" }).click();
  await field(page, "Email").fill(person.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.goto(await logged(deployment, /Sign-in link for \S+: (http[^\s"\\]+)/));
  await signedIn();
  expect(problems).toEqual([]);

  await expectNativeBundles(app, ["ios", "android"], ["Sign in with a link", "Backup code"]);
}, 2_400_000);

test("the blank template, without expo-router: it compiles, and a native bundle is built", async () => {
  const app = await createApp("blank-typescript");
  const { deployment } = await addAuth(app);
  const shown = (text: string) =>
    `import { AuthPage } from "./components/AuthPage";\n${text.replace(/<Text>.*<\/Text>/, "<AuthPage />")}`;
  expect(await edit(app, "App.tsx", shown)).toContain("<AuthPage />");
  await push(app, deployment);
  await succeed(app, ["tsc", "--noEmit"]);
  await expectNativeBundles(app, ["android"]);
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
  await runOrThrow(
    home,
    [
      ...create,
      "--template",
      `expo-template-${template}@57.0.28`,
      "--no-install",
      "--no-agents-md",
    ],
    ENV,
  );
  await runOrThrow(dir, [...NPM_INSTALL, "--prefer-offline", await packKitcn()], ENV);
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
  for (const command of commands) await succeedHere(app, command);
  for (const command of commands)
    expect(await succeedHere(app, command)).toContain("nothing was written");
  await writeFile(
    join(app.dir, ".env.local"),
    `EXPO_PUBLIC_CONVEX_URL=${deployment.url}\nEXPO_PUBLIC_CONVEX_SITE_URL=${deployment.siteUrl}\n`,
  );
  await writeFile(join(app.dir, "convex/.env"), `SITE_URL=${origin}\n`);
  return { deployment, origin };
}

async function push(app: PackedApp, { cliEnv }: Deployment): Promise<void> {
  await succeedHere(app, ["convex", "deploy", "--yes"], cliEnv);
  await succeedHere(app, ["kitcn", "env", "push"], cliEnv);
  await succeedHere(app, ["kitcn", "doctor"], cliEnv);
}

/** The bundle of each platform has the app's auth, and keeps the session where phones do. */
async function expectNativeBundles(
  app: PackedApp,
  platforms: readonly string[],
  texts: readonly string[] = [],
): Promise<void> {
  const flags = platforms.flatMap((platform) => ["--platform", platform]);
  await succeedHere(app, ["expo", "export", "--clear", ...flags, "--output-dir", "dist-native"]);
  for (const platform of platforms) {
    const folder = join(app.dir, "dist-native/_expo/static/js", platform);
    const [bundle = ""] = await readdir(folder);
    const text = await readFile(join(folder, bundle), "latin1");
    for (const part of ["ExpoSecureStore", "/convex/token", "Create an account", ...texts])
      expect(text.includes(part), `${part} in ${platform}`).toBe(true);
  }
}

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const usernameOf = ({ email }: Person) => email.replace(/@.*/, "").replace(/\W/g, "_");

async function signUp(page: Page, person: Person): Promise<void> {
  await page.getByRole("button", { name: "Create an account instead" }).click();
  await field(page, "Name").fill(person.name);
  await field(page, "User name").fill(usernameOf(person));
  await field(page, "Email").fill(person.email);
  await field(page, "Password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
}

async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await field(page, "Email or user name").fill(email);
  await field(page, "Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** As somebody with an authenticator app does it. Returns the backup codes. */
async function turnOnSecondStep(page: Page, { password }: Person): Promise<string[]> {
  await field(page, "Your password").fill(password);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("button", { name: "Turn on" }).waitFor();
  const text = await page.locator("body").innerText();
  const key = /authenticator app:\s+([A-Z2-7]+)/.exec(text)?.[1] ?? "";
  const secret = Buffer.from(base32.decode(key)).toString();
  await field(page, "Code of your authenticator app").fill(await createOTP(secret).totp());
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off" }).waitFor();
  return text.match(/\b[\w]{5}-[\w]{5}\b/g) ?? [];
}

/** The last one that the functions logged. */
function logged({ logs }: Deployment, what: RegExp): Promise<string> {
  const found = () => logs().flatMap((line) => what.exec(line)?.[1] ?? []);
  return vi.waitFor(() => {
    const last = found().at(-1);
    if (last === undefined) throw new Error(`Nothing in the log matches ${what}.`);
    return last;
  }, 30_000);
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

function succeedHere(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  return succeed(app, command, { ...ENV, NODE_ENV: "production", ...env });
}
