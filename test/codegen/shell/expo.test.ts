// `kitcn add auth` on Expo apps: with expo-router, without it, with a client and a provider of their own.
// That the result compiles and runs is shown in test/matrix, with the packages of a real app.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  COMPILED,
  addAuth,
  expectSecondRunEmpty,
  withoutDeployment,
} from "../support/front-end.js";
import { createFormatter } from "../../../codegen/edit/format.js";
import { DEFAULT_STYLE } from "../../../codegen/edit/index.js";
import { printExpoClient } from "../../../codegen/print/expo.js";
import { REPO } from "../support/app.js";
import { cliApp, type AppOptions, type CliApp } from "../support/cli.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

type Files = Readonly<Record<string, string | undefined>>;

/** The packages of an Expo app, as far as kitcn looks at them. */
const INSTALLED: Files = Object.fromEntries(
  [
    "expo",
    "expo-constants",
    "expo-linking",
    "expo-network",
    "expo-router",
    "expo-secure-store",
    "expo-web-browser",
    "react-native",
  ].map((name) => [
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: "57.0.2" }),
  ]),
);

const OPTIONS = { ...COMPILED, packages: [...COMPILED.packages, "@better-auth/expo"] };

const expoApp = (files: Files = {}): AppOptions => ({
  ...OPTIONS,
  files: {
    ...INSTALLED,
    "node_modules/expo/tsconfig.base.json": '{ "compilerOptions": { "module": "preserve" } }',
    ...files,
  },
});

/** An app as the template `blank-typescript` makes it. */
const BLANK: Files = {
  "src/app/_layout.tsx": undefined,
  "src/app/index.tsx": undefined,
  "App.tsx": `import { StatusBar } from 'expo-status-bar';
import { Text, View } from 'react-native';

export default function App() {
  return (
    <View>
      <Text>Open up App.tsx to start working on your app!</Text>
      <StatusBar style="auto" />
    </View>
  );
}
`,
  "app.json": `{
  "expo": {
    "name": "blank",
    "slug": "my-blank-app",
    "version": "1.0.0"
  }
}
`,
};

/** Without expo-router, which the fixture has. */
function blankApp(files: Files = {}) {
  const json = JSON.parse(cliApp("expo").read("package.json")) as {
    dependencies: Record<string, string>;
  }; // the fixture's
  delete json.dependencies["expo-router"];
  return expoApp({ ...BLANK, "package.json": JSON.stringify(json), ...files });
}

/** Both halves for an app on another site than its auth routes, and the origin of its scheme. */
function expectOtherSite(after: Files): void {
  expect(after["convex/auth.ts"]).toContain("import { expo } from '@better-auth/expo'\n");
  expect(after["convex/auth.ts"]).toContain("trustedOrigins: ['notes://'],");
  expect(after["convex/auth.ts"]).toContain(
    "crossDomain({ siteUrl: process.env.SITE_URL ?? 'http://localhost:8081' }),\n    expo(),",
  );
  expect(after["convex/http.ts"]).toContain("cors: { allowedOrigins: [");
  expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:8081\n");
  expect(after["convex/.env"]).toContain("BETTER_AUTH_TRUSTED_ORIGINS=exp://\n");
  expect(after[".env.local"]).toContain("EXPO_PUBLIC_CONVEX_URL=http://127.0.0.1:3210");
  expect(after[".env.local"]).toContain("EXPO_PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:3211");
  expect(after["src/components/ConvexClientProvider.tsx"]).toContain(
    "new ConvexReactClient(process.env.EXPO_PUBLIC_CONVEX_URL!, {\n  unsavedChangesWarning: false,\n});",
  );
}

/** The page and its parts, by path. */
const pagesOf = (app: CliApp) =>
  Object.fromEntries(
    Object.entries(app.snapshot()).filter(([name]) => /AuthPage|\/auth-page\//.test(name)),
  );

const FORMAT = { parser: "typescript", singleQuote: true, semi: false } as const;

/** A lock as it was before it had hashes of pages. */
function forgetPages(app: CliApp): void {
  const lock = JSON.parse(app.read("convex/plugins.lock.json")) as {
    plugins: { "better-auth": { pages?: object } };
  }; // the lock's format
  delete lock.plugins["better-auth"].pages;
  app.write("convex/plugins.lock.json", `${JSON.stringify(lock, null, 2)}\n`);
}

describe("an app with expo-router", () => {
  test("gets a client, a provider around its root layout, and a page at /auth", async () => {
    const { app, before, after } = await addAuth("expo", expoApp());
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => !name.startsWith("convex/"))).toEqual([
      ".env.local",
      "src/app/auth.tsx",
      "src/components/AuthPage.tsx",
      "src/components/ConvexClientProvider.tsx",
      "src/components/auth-page/Session.tsx",
      "src/components/auth-page/SignForm.tsx",
      "src/components/auth-page/SignedIn.tsx",
      "src/components/auth-page/limits.ts",
      "src/components/auth-page/links.ts",
      "src/components/auth-page/message.ts",
      "src/components/auth-page/messages.ts",
      "src/components/auth-page/shared.tsx",
      "src/lib/auth-client.ts",
    ]);
    expect(after["src/app/_layout.tsx"]).toMatchInlineSnapshot(`
      "import { DarkTheme, DefaultTheme, Stack, ThemeProvider } from 'expo-router';
      import { useColorScheme } from 'react-native';
      import { ConvexClientProvider } from '../components/ConvexClientProvider';

      export default function RootLayout() {
        const colorScheme = useColorScheme();
        return (
          <ConvexClientProvider>
            <ThemeProvider value={colorScheme === 'dark' ? DarkTheme : DefaultTheme}>
              <Stack />
            </ThemeProvider>
          </ConvexClientProvider>
        );
      }
      "
    `);
    expect(after["src/lib/auth-client.ts"]).toMatchInlineSnapshot(`
      "import { expoClient } from '@better-auth/expo/client';
      import { createAuthClient } from 'better-auth/react';
      import * as SecureStore from 'expo-secure-store';
      import { convexClient, crossDomainClient } from 'kitcn/auth/client';
      import { Platform } from 'react-native';

      export const authClient = createAuthClient({
        baseURL: process.env.EXPO_PUBLIC_CONVEX_SITE_URL,
        plugins: [
          convexClient(),
          // Keeps the session on a phone. On the web it does nothing.
          expoClient({ scheme: 'notes', storage: SecureStore }),
          // On the web, the auth routes are on another site.
          ...(Platform.OS === 'web' ? [crossDomainClient()] : []),
        ],
      });
      "
    `);
    expectOtherSite(after);
    expect(after["app.json"]).toBe(
      before["app.json"]!.replace(
        "        }\n      ]\n    ]\n",
        '        }\n      ],\n      "expo-secure-store"\n    ]\n',
      ),
    );
    await expectSecondRunEmpty(app);
  });

  test("below app/ without src/ gets its files beside it", async () => {
    const layout = cliApp("expo").read("src/app/_layout.tsx");
    const files = { "src/app/_layout.tsx": undefined, "app/_layout.tsx": layout };
    const { app, after } = await addAuth("expo", expoApp(files));
    expect(after["app/_layout.tsx"]).toContain("<ConvexClientProvider>");
    expect(after["app/auth.tsx"]).toContain('from "../components/AuthPage"'.replaceAll('"', "'"));
    expect(after["components/AuthPage.tsx"]).toContain("export function AuthPage()");
    await expectSecondRunEmpty(app);
  });

  test("is told that tabs lead to the page by a trigger alone", async () => {
    const tabs = (names: string) => `import { NativeTabs } from 'expo-router/native-tabs';

export default function Layout() {
  return (
    <NativeTabs>${names}</NativeTabs>
  );
}
`;
    const root = tabs('<NativeTabs.Trigger name="index" />');
    const app = cliApp("expo", expoApp({ "src/app/_layout.tsx": root }));
    const told =
      'The tabs of src/app/_layout.tsx show only routes with a trigger: add one named "auth"';
    expect((await app.kitcn("add", "auth", "--yes")).stdout).toContain(told);
    const text = app.read("src/app/_layout.tsx");
    app.write(
      "src/app/_layout.tsx",
      text.replace("</Native", '<NativeTabs.Trigger name="auth" /></Native'),
    );
    expect((await app.kitcn("add", "auth", "--yes")).stdout).not.toContain("show only routes");
  });

  test("is told of the tabs of each platform, as the default template has them", async () => {
    const native = "import { NativeTabs } from 'expo-router/unstable-native-tabs';\n";
    const web = "import { Tabs } from 'expo-router/ui';\n";
    const component = "export default function AppTabs() {\n  return null;\n}\n";
    const layout = `import AppTabs from '../components/app-tabs';

export default function TabLayout() {
  return (
    <AppTabs />
  );
}
`;
    const files = {
      "src/app/_layout.tsx": layout,
      "src/components/app-tabs.tsx": native + component,
      "src/components/app-tabs.web.tsx": web + component,
    };
    const { stdout } = await cliApp("expo", expoApp(files)).kitcn("add", "auth", "--yes");
    for (const name of ["app-tabs.tsx", "app-tabs.web.tsx"])
      expect(stdout.split(`The tabs of src/components/${name} show only`)).toHaveLength(2);
  });

  test("--ui none gives it no page", async () => {
    const options = { ...expoApp(), flags: ["--ui", "none"] };
    const { app, after } = await addAuth("expo", options);
    expect(Object.keys(after).filter((name) => /AuthPage|app\/auth/.test(name))).toEqual([]);
    await expectSecondRunEmpty(app, "--ui", "none");
  });

  test.each(["src/app/(public)/auth.tsx", "src/app/auth/index.tsx"])(
    "keeps its own page at %s",
    async (page) => {
      const text = "export default () => null;\n";
      const app = cliApp("expo", expoApp({ [page]: text }));
      const { stdout } = await app.kitcn("add", "auth", "--yes");
      expect(stdout).toContain(`${page} is your page at /auth, so kitcn did not write its own.`);
      expect(app.read(page)).toBe(text);
      expect(app.has("src/components/AuthPage.tsx")).toBe(false);
      await expectSecondRunEmpty(app);
    },
  );

  test("--dry-run --json lists the files and writes none", async () => {
    const app = cliApp("expo", expoApp());
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--dry-run", "--json");
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { path: string; change: string }[] }; // the CLI's contract
    expect(files.map(({ path }) => path)).toContain("src/app/auth.tsx");
    expect(app.snapshot()).toEqual(before);
  });

  test("gets buttons of social providers by command", async () => {
    const { app } = await addAuth("expo", expoApp());
    const { code } = await app.kitcn("add", "social", "github", "--yes");
    expect(code).toBe(0);
    expect(app.read("src/components/auth-page/SocialButtons.tsx")).toContain(
      "  { id: 'github', name: 'GitHub' },\n",
    );
    expect(app.read("src/components/AuthPage.tsx")).toContain("<SocialButtons />");
    await expectSecondRunEmpty(app);
  });

  test("gets both halves of plugins by command, and their parts in the page, until they are removed", async () => {
    const { app } = await addAuth("expo", expoApp());
    const before = pagesOf(app);
    const plugins = ["username", "two-factor", "magic-link", "email-otp"];
    const ran = await app.kitcn("add", "plugin", ...plugins, "admin", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    const client = app.read("src/lib/auth-client.ts");
    for (const call of ["usernameClient()", "twoFactorClient()", "adminClient()"])
      expect(client).toContain(call);
    expect(client).toContain("...(Platform.OS === 'web' ? [crossDomainClient()] : [])");
    const page =
      app.read("src/components/AuthPage.tsx") + app.read("src/components/auth-page/SignedIn.tsx");
    for (const part of ["<TwoFactor />", "<TwoFactorSettings />", "<MagicLink />", "<EmailCode />"])
      expect(page).toContain(part);
    expect(app.read("src/components/auth-page/SignForm.tsx")).toContain("signIn.username(");
    expect(app.read("src/components/auth-page/MagicLink.tsx")).toContain(
      "import { authClient } from '../../lib/auth-client';\n",
    );
    expect(ran.stdout).not.toContain("has no parts for");
    expect(ran.stdout).not.toContain("cannot read which plugins");
    await expectSecondRunEmpty(app);

    const removed = await app.kitcn("remove", "plugin", ...plugins, "admin", "--yes");
    expect(removed, removed.stdout + removed.stderr).toMatchObject({ code: 0 });
    expect(pagesOf(app)).toEqual(before);
    await expectSecondRunEmpty(app);
  });

  test("is told what its page has no parts for", async () => {
    const { app } = await addAuth("expo", expoApp());
    const mailed =
      "user: { deleteUser: { enabled: true, sendDeleteAccountVerification: async () => {} } },";
    app.write(
      "convex/auth.ts",
      app.read("convex/auth.ts").replace("plugins: [", `${mailed} plugins: [`),
    );
    const ran = await app.kitcn("add", "plugin", "organization", "two-factor", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain(
      "src/components/AuthPage.tsx has no parts for deleting the account after a mail. Write screens that call authClient for them.",
    );
    expect(app.read("src/components/AuthPage.tsx")).not.toContain("DeleteAccount");
  });

  test("gets the parts of organizations, and loses them with the plugin", async () => {
    const { app } = await addAuth("expo", expoApp());
    const before = pagesOf(app);
    const ran = await app.kitcn("add", "plugin", "organization", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).not.toContain("has no parts for");
    const page = app.read("src/components/auth-page/SignedIn.tsx");
    for (const part of ["<Organization />", "<Invitation"]) expect(page).toContain(part);
    expect(app.read("src/components/auth-page/roles.ts")).toContain("['member', 'admin']");
    await expectSecondRunEmpty(app);
    const removed = await app.kitcn("remove", "plugin", "organization", "--yes");
    expect(removed, removed.stdout + removed.stderr).toMatchObject({ code: 0 });
    expect(pagesOf(app)).toEqual(before);
  });

  test("what works in browsers alone comes with the lines for phones", async () => {
    const { app } = await addAuth("expo", expoApp());
    const ran = await app.kitcn("add", "plugin", "last-login-method", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain(`For phones, write this instead of it in src/lib/auth-client.ts:
  import { lastLoginMethodClient as onPhones } from "@better-auth/expo/plugins";

  Platform.OS === "web" ? lastLoginMethodClient() : onPhones({ storage: SecureStore }),
`);
    const client = app.read("src/lib/auth-client.ts");
    const written = client.replace(
      "lastLoginMethodClient()",
      'Platform.OS === "web" ? lastLoginMethodClient() : onPhones({ storage: SecureStore })',
    );
    expect(written).not.toBe(client);
    app.write(
      "src/lib/auth-client.ts",
      `import { lastLoginMethodClient as onPhones } from "@better-auth/expo/plugins";\n${written}`,
    );
    const again = await app.kitcn("add", "plugin", "last-login-method", "--yes");
    expect(again.stdout).toContain("nothing was written");
  });

  test("a page that somebody changed stays, and the lines to add are printed", async () => {
    const { app } = await addAuth("expo", expoApp());
    const mine = "export function AuthPage() {\n  return null;\n}\n";
    app.write("src/components/AuthPage.tsx", mine);
    const names = ["two-factor", "organization", "anonymous"];
    const ran = await app.kitcn("add", "plugin", ...names, "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(app.read("src/components/AuthPage.tsx")).toBe(mine);
    expect(ran.stdout).toContain("  if (!isGuest && session && isKnown) {\n  {isGuest && <Plain ");
    expect(ran.stdout).toContain(
      "You changed src/components/AuthPage.tsx, so kitcn did not edit it. Add the parts that it lacks:",
    );
    expect(ran.stdout).toContain('import { TwoFactor } from "./auth-page/TwoFactor";');
    expect(app.has("src/components/auth-page/TwoFactor.tsx")).toBe(true);
    expect(ran.stdout).not.toContain("has no parts for");
  });

  test.each([
    ["as it is", async (text: string) => text],
    ["after the app's formatter", (text: string) => prettier.format(text, FORMAT)],
  ])("a page of an earlier kitcn is replaced by its parts: %s", async (_name, laidOut) => {
    const { app } = await addAuth("expo", expoApp());
    const wanted = pagesOf(app);
    forgetPages(app);
    for (const name of Object.keys(wanted)) rmSync(app.path(name));
    const earlier = readFileSync(join(REPO, "templates/expo-page/earlier/AuthPage.tsx"), "utf8")
      .replace("../auth-client.js", "../lib/auth-client")
      .replace("[] = []", '[] = [{ id: "github", name: "GitHub" }]');
    app.write("src/components/AuthPage.tsx", await laidOut(earlier));
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(pagesOf(app)).toEqual(wanted);
    await expectSecondRunEmpty(app);
  });
});

describe("an app without expo-router", () => {
  test("gets the provider in App, a scheme, and is told where the page belongs", async () => {
    const app = cliApp("expo", blankApp());
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("Show AuthPage of components/AuthPage.tsx where a visitor signs in.");
    expect(app.read("App.tsx")).toContain("    <ConvexClientProvider>\n      <View>\n");
    expect(app.read("app.json")).toContain(
      '    "version": "1.0.0",\n    "scheme": "myblankapp",\n',
    );
    expect(app.read("app.json")).toContain('    "plugins": ["expo-secure-store"]\n');
    expect(app.read("convex/auth.ts")).toContain("trustedOrigins: ['myblankapp://']");
    expect(app.read("lib/auth-client.ts")).toContain("scheme: 'myblankapp'");
    await expectSecondRunEmpty(app);
  });

  test("shows the page where its author put it, and hears no more of it", async () => {
    const app = cliApp("expo", blankApp());
    await app.kitcn("add", "auth", "--yes");
    const shown = app
      .read("App.tsx")
      .replace("<StatusBar", "<AuthPage />\n        <StatusBar")
      .replace("import", "import { AuthPage } from './components/AuthPage';\nimport");
    app.write("App.tsx", shown);
    const { stdout } = await app.kitcn("add", "auth", "--yes");
    expect(stdout).not.toContain("Show AuthPage");
  });

  test("in JavaScript gets JavaScript", async () => {
    const { "App.tsx": component, ...blank } = BLANK;
    const files = { ...blank, "App.js": component, "tsconfig.json": undefined };
    const json = JSON.parse(blankApp().files!["package.json"]!) as {
      devDependencies?: object;
    }; // the fixture's
    delete json.devDependencies;
    const options = expoApp({ ...files, "package.json": JSON.stringify(json) });
    const { app, after } = await addAuth("expo", options);
    expect(after["lib/auth-client.js"]).toContain("expoClient({ scheme: 'myblankapp'");
    expect(after["components/AuthPage.jsx"]).not.toContain("TextInputProps");
    await expectSecondRunEmpty(app);
  });
});

describe("the scheme", () => {
  test.each([
    { name: "of an object", text: "export default { name: 'Notes', scheme: 'other' };\n" },
    {
      name: "of a function",
      text: "export default ({ config }) => ({ ...config, scheme: ['other', 'second'] });\n",
    },
    {
      name: "of a named object, beside links of other schemes,",
      text: `const filters = [{ action: 'VIEW', data: [{ scheme: 'https', host: 'notes.example.com' }] }];
const config = { android: { intentFilters: filters, x: { scheme: 'http' } }, scheme: 'other' };
export default () => {
  return { expo: config };
};
`,
    },
    {
      name: "of a module in CommonJS",
      text: "const own = { scheme: 'other' };\nmodule.exports = withIt({ ios: { scheme: 'no' }, ...own });\n",
    },
    {
      name: "of what a function returns",
      text: "function getConfig() {\n  return { name: 'Notes', scheme: 'other' };\n}\nexport default getConfig();\n",
    },
    {
      name: "of a variant that is looked up",
      text: `const variants = {
  dev: { ios: { scheme: 'no' }, scheme: 'other' },
  prod: { scheme: 'second' },
};
export default variants[process.env.APP_VARIANT];
`,
    },
    {
      name: "that has a name",
      text: "const SCHEME = 'other';\nexport default { name: 'Notes', scheme: SCHEME };\n",
    },
    {
      name: "that is assigned",
      text: "const config = { name: 'Notes' };\nconst filter = { scheme: 'no' };\nconfig.scheme = 'other';\nexport default config;\n",
    },
    {
      name: "of an object that only running it tells,",
      text: `const filters = [{ data: [{ scheme: 'no', host: 'notes.example.com' }] }];
const all = { android: { x: { scheme: 'no' } }, plugins: [['p', { scheme: 'no' }]], scheme: 'other' };
export default pick.from(JSON.parse(JSON.stringify({ all })));
`,
    },
  ])("$name in app.config.ts counts", async ({ text }) => {
    const { app, after } = await addAuth("expo", expoApp({ "app.config.ts": text }));
    expect(after["convex/auth.ts"]).toContain("trustedOrigins: ['other://']");
    expect(after["src/lib/auth-client.ts"]).toContain("scheme: 'other'");
    expect(after["app.config.ts"]).toBe(text);
    await expectSecondRunEmpty(app);
  });

  test("of app.json counts where app.config.ts passes it on", async () => {
    const text = "export default ({ config }) => ({ ...config, name: 'Notes' });\n";
    const { after } = await addAuth("expo", expoApp({ "app.config.ts": text }));
    expect(after["convex/auth.ts"]).toContain("trustedOrigins: ['notes://']");
  });

  test("of app.json counts before that of something else in app.config.ts", async () => {
    const text =
      "const link = { scheme: 'no' };\nexport default ({ config }) => ({ ...config, extra: { link } });\n";
    const { after } = await addAuth("expo", expoApp({ "app.config.ts": text }));
    expect(after["convex/auth.ts"]).toContain("trustedOrigins: ['notes://']");
  });

  test("that an app.config.ts lacks is for its author", async () => {
    const text = "export default { name: 'Notes', slug: 'notes-app' };\n";
    const files = { "app.config.ts": text, "app.json": undefined };
    const app = cliApp("expo", expoApp(files));
    const { stdout } = await app.kitcn("add", "auth", "--yes");
    expect(stdout).toContain('Add `scheme: "expoapp"` to app.config.ts');
    expect(app.read("convex/auth.ts")).toContain("trustedOrigins: ['expoapp://']");
    expect(app.read("app.config.ts")).toBe(text);
  });
});

describe("what an app has of its own", () => {
  test("an auth client gets the plugins that it lacks", async () => {
    const client = `import { createAuthClient } from 'better-auth/react';
import { adminClient } from 'better-auth/client/plugins';

export const authClient = createAuthClient({
  baseURL: process.env.EXPO_PUBLIC_AUTH_URL,
  plugins: [
    adminClient(),
  ],
});
`;
    const { app, after } = await addAuth("expo", expoApp({ "src/lib/auth-client.ts": client }));
    expect(after["src/lib/auth-client.ts"]).toMatchInlineSnapshot(`
      "import { createAuthClient } from 'better-auth/react';
      import { adminClient } from 'better-auth/client/plugins';
      import { expoClient } from '@better-auth/expo/client';
      import * as SecureStore from 'expo-secure-store';
      import { convexClient, crossDomainClient } from 'kitcn/auth/client';
      import { Platform } from 'react-native';

      export const authClient = createAuthClient({
        baseURL: process.env.EXPO_PUBLIC_AUTH_URL,
        plugins: [
          adminClient(),
          convexClient(),
          expoClient({ scheme: 'notes', storage: SecureStore }),
          ...(Platform.OS === 'web' ? [crossDomainClient()] : []),
        ],
      });
      "
    `);
    await expectSecondRunEmpty(app);
  });

  test("a provider of Convex becomes kitcn's", async () => {
    const layout = `import { ConvexProvider, ConvexReactClient } from 'convex/react';
import { Stack } from 'expo-router';

const convex = new ConvexReactClient(process.env.EXPO_PUBLIC_CONVEX_URL!);

export default function RootLayout() {
  return (
    <ConvexProvider client={convex}>
      <Stack />
    </ConvexProvider>
  );
}
`;
    const { app, after } = await addAuth("expo", expoApp({ "src/app/_layout.tsx": layout }));
    expect(after["src/app/_layout.tsx"]).toContain(
      "<ConvexAuthProvider client={convex} authClient={authClient}>",
    );
    expect(after["src/components/ConvexClientProvider.tsx"]).toBeUndefined();
    await expectSecondRunEmpty(app);
  });

  test("an auth.ts gets the plugins, and the origin beside others", async () => {
    const { app, after } = await addAuth("expo", expoApp());
    const auth = after["convex/auth.ts"]!.replace("import { expo } from '@better-auth/expo'\n", "")
      .replace("    expo(),\n", "")
      .replace("['notes://']", "['https://notes.example']");
    app.write("convex/auth.ts", auth);
    const { code } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(app.read("convex/auth.ts")).toContain(
      "trustedOrigins: ['https://notes.example', 'notes://'],",
    );
    expect(app.read("convex/auth.ts")).toContain("    expo(),\n");
    await expectSecondRunEmpty(app);
  });

  test.each(["// Not notes:// alone", "const other = 'mynotes://';"])(
    "an auth.ts that only mentions the scheme gets the origin: %s",
    async (line) => {
      const { app, after } = await addAuth("expo", expoApp());
      const auth = after["convex/auth.ts"]!.replace("['notes://']", "['https://notes.example']");
      app.write("convex/auth.ts", `${auth}${line}\n`);
      await app.kitcn("add", "auth", "--yes");
      expect(app.read("convex/auth.ts")).toContain(
        "trustedOrigins: ['https://notes.example', 'notes://'],",
      );
    },
  );

  test("an auth.ts whose origins are computed is refused with the lines", async () => {
    const { app, after } = await addAuth("expo", expoApp());
    const auth = after["convex/auth.ts"]!.replace("['notes://']", "origins()");
    app.write("convex/auth.ts", `const origins = () => [];\n${auth}`);
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(1);
    expect(stderr).toContain('trustedOrigins: [/* yours */, "notes://"],');
  });
});

test("the auth client is the one in the documentation", async () => {
  const { file } = createFormatter({ path: "/app/auth-client.ts", style: DEFAULT_STYLE });
  const siteUrl = "process.env.EXPO_PUBLIC_CONVEX_SITE_URL";
  const text = await file(printExpoClient({ siteUrl, scheme: "notes" }));
  expect(readFileSync(join(REPO, "docs/expo.md"), "utf8")).toContain(`\n${text}`);
});

test("packages that the app lacks are installed in the releases of its Expo", async () => {
  const natives = { "expo-network": "~57.0.3", "expo-secure-store": "~57.0.4" };
  const json = JSON.parse(cliApp("expo").read("package.json")) as {
    dependencies: Record<string, string>;
  }; // the fixture's
  for (const name of ["@better-auth/expo", ...Object.keys(natives), "expo-linking"])
    delete json.dependencies[name];
  const app = cliApp(
    "expo",
    expoApp({
      "package.json": JSON.stringify(json),
      "node_modules/expo/bundledNativeModules.json": JSON.stringify(natives),
    }),
  );
  const { stdout } = await app.kitcn("add", "auth", "--dry-run", "--json");
  const { install } = JSON.parse(stdout) as { install: string[] }; // the CLI's contract
  expect(install.at(-1)).toMatch(
    /@better-auth\/expo@~1\.7\.0 expo-linking@~57\.0\.0 expo-network@~57\.0\.0 expo-secure-store@~57\.0\.0$/,
  );
});

test("doctor finds a scheme that changed in app.json alone", async () => {
  const { app } = await addAuth("expo", expoApp());
  app.write("app.json", app.read("app.json").replace('"scheme": "notes"', '"scheme": "jots"'));
  const { stdout } = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] }; // of --json
  expect(findings.filter(({ code }) => code === "SCHEME_NOT_TRUSTED")).toEqual([
    expect.objectContaining({ file: "app.json", line: 6, level: "error" }),
  ]);
});
