// `npm run test:all`: frameworks without React, from the creator's app by command to a production build in Chromium.
// A signed-in query is in the HTML that the server sends, and what the browser does with it costs nothing more.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
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
import { startCountingSite, type CountingSite } from "../support/counting-site.js";
import { packKitcn } from "../support/installation.js";
import { linkNode } from "../support/node-release.js";
import {
  appIn,
  LENIENT,
  runIn,
  snapshotOf,
  writeFiles,
  type PackedApp,
} from "../support/packed-app.js";

type Case = {
  name: string;
  /** Makes the app in a folder of the name "app". */
  create: (home: string) => Promise<void>;
  /** More flags for npm's installation of kitcn. */
  install?: readonly string[];
  /** Where the functions are. */
  functions: string;
  /** What the framework calls the two addresses of a deployment, and the file that it reads them from. */
  env: { file: string; url: string; site: string };
  /** A page at / that renders whoami on the server, as the documents say. */
  page: Record<string, string>;
  /** A page at /public that lets every cache keep it, and the addresses that answer with what it holds. */
  open: { files: Record<string, string>; paths: readonly string[] };
  /** The address of a page that the server makes once for everybody. */
  shared?: string;
  /** How many tokens are requested when a page starts, by the server and the browser. Undefined: nobody counts. */
  tokens?: number;
  /** Files of the app that kitcn may edit. */
  edited: readonly string[];
  /** What its compiler runs, and before it what writes types. */
  compile: readonly (readonly string[])[];
  /** Arguments for node that serve the build. */
  serve: (port: number) => readonly string[];
  /** The major version of Node that it needs, if that is newer than the tests' own. */
  node?: number;
};

const CASES: Case[] = [
  {
    name: "sveltekit",
    create: (home) =>
      run(home, [
        ...["npm", "exec", "--yes", "--", "sv@0.17.1", "create", "app", "--template", "minimal"],
        ...["--types", "ts", "--no-add-ons", "--no-install"],
      ]),
    functions: "src/convex",
    env: { file: ".env.local", url: "PUBLIC_CONVEX_URL", site: "PUBLIC_CONVEX_SITE_URL" },
    page: {
      "src/routes/+page.ts": `import { convexLoad } from "convex-svelte/sveltekit";
import { api } from "../convex/_generated/api";

export const load = async () => ({ me: await convexLoad(api.users.whoami, {}) });
`,
      "src/routes/+page.svelte": `<script lang="ts">
  import { useAuth, useQuery } from "convex-svelte";
  import { api } from "../convex/_generated/api";

  let { data } = $props();
  const auth = useAuth();
  const live = useQuery(api.users.whoami, () => (auth.isAuthenticated ? {} : "skip"));
</script>

<p data-testid="state">
  {auth.isLoading ? "loading" : auth.isAuthenticated ? "signed in" : "signed out"}
</p>
<p data-testid="me">{data.me.data ?? "nobody"}</p>
<p data-testid="live">{live.data ?? ""}</p>
`,
    },
    open: {
      files: {
        "src/routes/public/+page.server.ts": `export const load = ({ setHeaders }) => {
  setHeaders({ "cache-control": "public, max-age=600" });
  return { at: 1 };
};
`,
        "src/routes/public/+page.svelte": "<p>Open to all</p>\n",
      },
      paths: ["/public", "/public/__data.json"],
    },
    edited: ["src/routes/+layout.svelte", ".gitignore", "package.json", "package-lock.json"],
    compile: [
      ["svelte-kit", "sync"],
      ["svelte-check", "--tsconfig", "./tsconfig.json"],
    ],
    serve: (port) => [
      "node_modules/vite/bin/vite.js",
      ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
    ],
  },
  {
    name: "nuxt",
    // The creator downloads this template from GitHub.
    create: async (home) => {
      const app = join(home, "app");
      await cp(join(root, "test/fixtures/apps/nuxt"), app, { recursive: true });
      await writeFile(join(app, "package.json"), JSON.stringify(NUXT_PACKAGE, null, 2));
    },
    // npm refuses kitcn and Better Auth beside Nuxt until package.json has the overrides that kitcn writes.
    install: [LENIENT],
    functions: "convex",
    env: { file: ".env.local", url: "CONVEX_URL", site: "CONVEX_SITE_URL" },
    page: {
      "app/pages/index.vue": `<script setup lang="ts">
import { api } from "~~/convex/_generated/api";

const { isLoading, isAuthenticated } = useConvexAuth();
const { data: me } = await useConvexQuery(api.users.whoami, {});
const { data: live } = useConvexQuery(api.users.whoami, () =>
  isAuthenticated.value ? {} : "skip",
);
</script>

<template>
  <div>
    <p data-testid="state">
      {{ isLoading ? "loading" : isAuthenticated ? "signed in" : "signed out" }}
    </p>
    <p data-testid="me">{{ me ?? "nobody" }}</p>
    <p data-testid="live">{{ live ?? "" }}</p>
  </div>
</template>
`,
    },
    open: {
      files: {
        "app/pages/public.vue": `<script setup lang="ts">
useResponseHeader("cache-control").value = "public, max-age=600";
</script>

<template>
  <p>Open to all</p>
</template>
`,
        "app/pages/shared.vue": `<script setup lang="ts">
import { api } from "~~/convex/_generated/api";

const { data: me } = await useConvexQuery(api.users.whoami, {});
</script>

<template>
  <p data-testid="me">{{ me ?? "nobody" }}</p>
</template>
`,
        "nuxt.config.ts": `export default defineNuxtConfig({
  compatibilityDate: "2025-07-15",
  routeRules: { "/shared": { swr: 600 } },
});
`,
      },
      paths: ["/public"],
    },
    shared: "/shared",
    edited: ["app/app.vue", ".gitignore", "package.json", "package-lock.json"],
    compile: [["nuxi", "typecheck"]],
    serve: (port) => [
      "--input-type=module",
      "--eval",
      `Object.assign(process.env, { HOST: "127.0.0.1", PORT: "${port}" });
await import("./.output/server/index.mjs");`,
    ],
  },
  {
    name: "solidstart",
    // The creator downloads this template from GitHub.
    create: async (home) => {
      const app = join(home, "app");
      await cp(join(root, "test/fixtures/apps/solidstart"), app, { recursive: true });
      await writeFile(join(app, "package.json"), JSON.stringify(SOLID_PACKAGE, null, 2));
    },
    functions: "convex",
    env: { file: ".env.local", url: "VITE_CONVEX_URL", site: "VITE_CONVEX_SITE_URL" },
    page: {
      "src/routes/index.tsx": `import { api } from "../../convex/_generated/api";
import { createConvexQuery, useConvexAuth } from "../lib/convex";

export default function Home() {
  const auth = useConvexAuth();
  const me = createConvexQuery(api.users.whoami, () => ({}));
  const live = createConvexQuery(api.users.whoami, () => (auth().isAuthenticated ? {} : "skip"));
  const state = () =>
    auth().isLoading ? "loading" : auth().isAuthenticated ? "signed in" : "signed out";
  return (
    <main>
      <p data-testid="state">{state()}</p>
      <p data-testid="me">{me() ?? "nobody"}</p>
      <p data-testid="live">{live() ?? ""}</p>
    </main>
  );
}
`,
    },
    open: {
      files: {
        "src/routes/public.tsx": `import { HttpHeader } from "@solidjs/start";

export default function Public() {
  return (
    <main>
      <HttpHeader name="cache-control" value="public, max-age=600" />
      <p>Open to all</p>
    </main>
  );
}
`,
        "src/routes/shared.tsx": `import { api } from "../../convex/_generated/api";
import { createConvexQuery } from "../lib/convex";

export default function Shared() {
  const me = createConvexQuery(api.users.whoami, () => ({}));
  return <p data-testid="me">{me() ?? "nobody"}</p>;
}
`,
        "nitro.config.ts": `export default { routeRules: { "/shared": { swr: 600 } } };
`,
      },
      paths: ["/public"],
    },
    shared: "/shared",
    tokens: 1,
    edited: ["src/app.tsx", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json"],
    compile: [["tsc", "--noEmit"]],
    serve: (port) => [
      "node_modules/vite/bin/vite.js",
      ...["preview", "--port", String(port), "--strictPort", "--host", "127.0.0.1"],
    ],
    node: 24,
  },
];

describe.each(CASES)("$name", (one) => {
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
  });
});

// --- internal ---

const WHOAMI = `import { query } from "./_generated/server";

export const whoami = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.email ?? null,
});
`;

const root = resolve(".");

const NUXT_PACKAGE = {
  name: "app",
  type: "module",
  private: true,
  scripts: {
    build: "nuxt build",
    dev: "nuxt dev",
    generate: "nuxt generate",
    preview: "nuxt preview",
    postinstall: "nuxt prepare",
  },
  dependencies: { nuxt: "^4.4.5", vue: "^3.5.33", "vue-router": "^5.0.6" },
  // For `nuxi typecheck`, as Nuxt's documentation says.
  devDependencies: { typescript: "^6.0.3", "vue-tsc": "^3.3.14" },
};

const SOLID_PACKAGE = {
  name: "app",
  type: "module",
  private: true,
  scripts: { dev: "vite dev", build: "vite build", start: "node .output/server/index.mjs" },
  dependencies: {
    "@solidjs/router": "^1.0.0",
    "@solidjs/start": "^2.0.0",
    nitro: "^3.0.260610-beta",
    "solid-js": "^1.9.14",
    vite: "^8.0.0",
  },
  devDependencies: { typescript: "^6.0.3" },
  engines: { node: ">=24" },
};

/** As its creator makes it, with kitcn from \`npm pack\`; no React anywhere. */
async function createApp(one: Case): Promise<{ app: PackedApp; node: string }> {
  const home = join(root, ".tmp", `site-${one.name}`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const node = one.node === undefined ? process.execPath : await linkNode(home, one.node);
  await one.create(home);
  const dir = join(home, "app");
  const install = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"];
  const flags = ["--prefer-offline", ...(one.install ?? [])];
  await run(dir, [...install, ...flags, await packKitcn()]);
  return { app: appIn(dir), node };
}

/** Convex and auth by command; a second run changes nothing. */
async function addAuth(app: PackedApp, one: Case): Promise<void> {
  const before = await snapshotOf(app);
  const commands = [
    ["kitcn", "init", "--yes"],
    ["kitcn", "add", "auth", "--yes"],
  ];
  for (const command of commands) await succeed(app, command);
  const after = await snapshotOf(app);
  const changed = Object.keys(before).filter(
    (file) => before[file] !== after[file] && !file.startsWith(".nuxt/"),
  );
  expect(changed.filter((file) => !one.edited.includes(file))).toEqual([]);
  for (const command of commands)
    expect(await succeed(app, command)).toContain("nothing was written");
  expect(await snapshotOf(app)).toEqual(after);
  expect(after["package-lock.json"]).not.toContain('"node_modules/react"');
}

async function serveApp(
  app: PackedApp,
  one: Case,
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

async function expectText({ page }: Tab, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).filter({ hasText: text }).waitFor();
}

async function run(cwd: string, command: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runIn(cwd, command);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}

async function succeed(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = { CONVEX_DEPLOYMENT: "" },
): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, env);
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}
