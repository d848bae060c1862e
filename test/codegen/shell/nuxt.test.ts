// `kitcn add auth` on Nuxt apps: as the creator makes them, with files of their own, in JavaScript, and without a server.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { detectShell, type Shell } from "../../../codegen/shell/detect.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp } from "../support/cli.js";
import {
  addAuth,
  expectSecondRunEmpty,
  lostLines,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

type Files = Readonly<Record<string, string | undefined>>;

const addToNuxt = (files: Files = {}, flags: readonly string[] = []) =>
  addAuth("nuxt", { files, flags });

const OWN_FILES = [
  ".env.local",
  "app/composables/convex.ts",
  "app/pages/auth/auth.module.css",
  "app/pages/auth/index.vue",
  "app/pages/index.vue",
  "app/plugins/convex-auth.ts",
  "app/utils/auth-client.ts",
  "modules/convex-auth.ts",
  "server/api/auth/[...all].ts",
  "server/plugins/convex-auth.ts",
  "server/utils/auth.ts",
];

const PAGES = "<template>\n  <NuxtPage />\n</template>\n";

const packageJson = (more: Record<string, unknown>): string =>
  JSON.stringify({
    name: "x",
    dependencies: { convex: "1", kitcn: "1", "better-auth": "1.7.25", nuxt: "^4.4.5", vue: "3" },
    ...more,
  });

const config = (text: string): Files => ({
  "nuxt.config.ts": `export default defineNuxtConfig({ ${text} })\n`,
});

const built = (build: string): string =>
  packageJson({ scripts: { build, generate: "nuxt generate" } });

async function shellOf(files: Files): Promise<Shell> {
  const app = cliApp("nuxt", { files });
  return detectShell(openWorkspace(await loadApp(app.root)));
}

describe("an app as the creator makes it", () => {
  test("below a path, its author is told where auth has to know of it", async () => {
    const config = 'export default defineNuxtConfig({ app: { baseURL: "/app/" } });\n';
    const { stdout } = await cliApp("nuxt", { files: { "nuxt.config.ts": config } }).kitcn(
      ...["add", "auth", "--yes"],
    );
    expect(stdout).toContain("app.baseURL names");
    expect(stdout).toContain("docs/server.md#an-app-below-a-path");
  });

  test("gets module, server, route, client, composables and page, and keeps its welcome page", async () => {
    const { app, before, after } = await addToNuxt();
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => !/^(convex|lib)\/|^\.gitignore$/.test(name))).toEqual(
      OWN_FILES,
    );
    expect(after["convex/auth.ts"]).toContain("baseURL: process.env.SITE_URL,");
    expect(after["convex/auth.ts"]).not.toContain("crossDomain");
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:3000\n");
    expect(after[".env.local"]).toContain("\nCONVEX_URL=http://127.0.0.1:3210\n");
    expect(after[".env.local"]).toContain("\nCONVEX_SITE_URL=http://127.0.0.1:3211\n");
    expect(after["app/app.vue"]).toBe(
      before["app/app.vue"]!.replace("<NuxtWelcome />", "<NuxtPage />"),
    );
    expect(after["app/pages/index.vue"]).toContain("<NuxtWelcome />");
    for (const [name, text] of Object.entries(before))
      if (!/^(package\.json|app\/app\.vue)$/.test(name))
        expect(lostLines(text, after[name]), name).toEqual([]);
    // Otherwise Convex's client requests a second token one second after a page starts.
    expect(after["app/plugins/convex-auth.ts"]).toContain("initialAuthTokenReuse: true,");
    // As its nuxt.config.ts is written.
    expect(after["app/utils/auth-client.ts"]).toContain(
      "import { convexClient } from 'kitcn/auth/browser'\n",
    );
    await expectSecondRunEmpty(app);
  });

  test("--ui none leaves its pages alone", async () => {
    const { before, after } = await addToNuxt({}, ["--ui", "none"]);
    expect(Object.keys(after).filter((name) => name.startsWith("app/pages/"))).toEqual([]);
    expect(after["app/app.vue"]).toBe(before["app/app.vue"]);
    expect(after["server/api/auth/[...all].ts"]).toBeDefined();
  });

  test("--dry-run and --json write nothing, and list the files", async () => {
    const app = cliApp("nuxt");
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--dry-run", "--json");
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { path: string; action: string }[] };
    const created = files.filter(({ action }) => action === "created").map(({ path }) => path);
    for (const name of OWN_FILES) expect(created).toContain(name);
    expect(app.snapshot()).toEqual(before);
  });

  test("social providers of auth.ts are on its page", async () => {
    const app = cliApp("nuxt");
    await app.kitcn("add", "auth", "--yes", "--ui", "none");
    await app.kitcn("add", "social", "github", "--yes");
    await app.kitcn("add", "auth", "--yes");
    expect(app.read("app/pages/auth/index.vue")).toContain(
      'PROVIDERS: { id: string; name: string }[] = [{ id: "github", name: "GitHub" }];',
    );
  });
});

test("an app without TypeScript gets JavaScript", async () => {
  const { app, after } = await addToNuxt({
    "tsconfig.json": undefined,
    "nuxt.config.ts": undefined,
    "package.json": packageJson({ type: "module" }),
  });
  const own = Object.keys(after).filter((name) => /^(app|modules|server)\//.test(name));
  expect(own.filter((name) => name.endsWith(".ts"))).toEqual([]);
  expect(after["app/plugins/convex-auth.js"]).toContain(
    "useState('convex-token')".replaceAll("'", '"'),
  );
  expect(after["app/composables/convex.js"]).not.toMatch(/import type|<Query|: Maybe/);
  expect(after["app/pages/auth/index.vue"]).toMatch(/^<script setup>/);
  expect(after["app/pages/auth/index.vue"]).not.toMatch(/: string|as HTML|<HTMLElement>/);
  await expectSecondRunEmpty(app);
});

describe("where the app has its files", () => {
  test.each([
    { by: "in the root, as in apps of Nuxt 3", config: "", base: "" },
    { by: "in srcDir", config: "srcDir: 'source/',", base: "source/" },
  ])("$by, the new ones are there, too", async ({ config, base }) => {
    const { app, after } = await addToNuxt({
      "app/app.vue": undefined,
      [`${base}app.vue`]: PAGES,
      "nuxt.config.ts": `export default defineNuxtConfig({ ${config} devServer: { port: 4000 } })\n`,
    });
    for (const name of ["plugins/convex-auth.ts", "pages/auth/index.vue", "utils/auth-client.ts"])
      expect(after[base + name], name).toBeDefined();
    expect(after["server/utils/auth.ts"]).toBeDefined();
    expect(after[`${base}pages/index.vue`]).toBeUndefined();
    expect(Object.keys(after).filter((name) => name.startsWith("app/"))).toEqual([]);
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:4000\n");
    await expectSecondRunEmpty(app);
  });

  test.each([
    {
      by: "Nuxt 3",
      files: { "package.json": packageJson({ dependencies: { convex: "1", nuxt: "^3.20.0" } }) },
    },
    { by: "a serverDir of its own", files: config("serverDir: 'api'") },
    { by: "folders of other names", files: config("dir: { pages: 'views' }") },
    { by: "a srcDir that is not written out", files: config("srcDir: process.env.SRC") },
  ])("$by is not wired", async ({ files }) => {
    expect(await shellOf(files)).toMatchObject({ kind: "none", found: { name: "Nuxt" } });
  });

  test("files in app that do not make it the app's folder do not count", async () => {
    const app = "app/router.options.ts";
    const shell = await shellOf({
      "app/app.vue": undefined,
      "App.vue": PAGES,
      [app]: "export {};\n",
    });
    expect(shell).toMatchObject({
      kind: "nuxt",
      base: expect.not.stringMatching(/app$/) as string,
    });
    expect(await shellOf({ "app/app.vue": undefined })).toMatchObject({
      base: expect.stringMatching(/app$/) as string,
    });
  });
});

describe("an app with files of its own", () => {
  test("an app.vue without pages stays, and a note is printed", async () => {
    const root = "<template>\n  <h1>Mine</h1>\n</template>\n";
    const app = cliApp("nuxt", { files: { "app/app.vue": root } });
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "app/app.vue shows no pages, so kitcn did not write its page at /auth",
    );
    expect(app.read("app/app.vue")).toBe(root);
    expect(app.has("app/pages/auth/index.vue")).toBe(false);
    expect(app.has("server/api/auth/[...all].ts")).toBe(true);
    await expectSecondRunEmpty(app);
    app.write("app/app.vue", PAGES);
    await app.kitcn("add", "auth", "--yes");
    expect(app.has("app/pages/auth/index.vue")).toBe(true);
  });

  test("a layout may have the place for pages", async () => {
    const { after } = await addToNuxt({
      "app/app.vue": "<template>\n  <NuxtLayout />\n</template>\n",
      "app/layouts/default.vue": PAGES,
    });
    expect(after["app/pages/auth/index.vue"]).toBeDefined();
  });

  test.each(["server/api/auth/[...].ts", "server/routes/api/auth/[...rest].post.ts"])(
    "%s below /api/auth is refused",
    async (route) => {
      const app = cliApp("nuxt", {
        files: { [route]: "export default defineEventHandler(() => null);\n" },
      });
      const before = app.snapshot();
      const { code, stderr } = await app.kitcn("add", "auth", "--yes");
      expect(code).not.toBe(0);
      expect(stderr).toContain(`${route}:1: this route answers below /api/auth already.`);
      expect(stderr).toMatch(/auth\.handler\(|kitcn then writes server\/api\/auth/);
      expect(app.snapshot()).toEqual(before);
    },
  );

  test.each(["app/pages/auth.vue", "app/pages/(site)/auth/index.vue"])(
    "the page %s stays, and a note is printed",
    async (page) => {
      const app = cliApp("nuxt", { files: { "app/app.vue": PAGES, [page]: "<template />\n" } });
      const ran = await app.kitcn("add", "auth", "--yes");
      expect(ran.stdout).toContain(`${page} is your page at /auth`);
      expect(app.has("app/pages/auth/index.vue")).toBe(false);
    },
  );

  test("a plugin of the same name is refused", async () => {
    const file = "server/plugins/convex-auth.ts";
    const app = cliApp("nuxt", { files: { [file]: "export default () => {};\n" } });
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).not.toBe(0);
    expect(stderr).toContain(`${file}:1: kitcn would create this file, but it exists already`);
    expect(stderr).toContain("keepPrivate");
  });

  test("an auth of the app's own in server/utils/auth.ts is refused", async () => {
    const app = cliApp("nuxt", {
      files: { "server/utils/auth.ts": "export const auth = betterAuth({});\n" },
    });
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).not.toBe(0);
    expect(stderr).toContain("it exists already and does not have kitcn/auth/web.");
    expect(app.snapshot()).toEqual(before);
  });

  test("a client in another place gains the plugin, and is imported from there", async () => {
    const { app, after } = await addToNuxt({
      "app/lib/auth/client.ts": `import { createAuthClient } from "better-auth/vue";\n\nexport const authClient = createAuthClient();\n`,
    });
    expect(after["app/lib/auth/client.ts"]).toContain("plugins: [convexClient()]");
    expect(after["app/utils/auth-client.ts"]).toBeUndefined();
    expect(after["app/plugins/convex-auth.ts"]).toContain("from '../lib/auth/client'");
    expect(after["app/pages/auth/index.vue"]).toContain('from "../../lib/auth/client"');
    await expectSecondRunEmpty(app);
  });
});

describe("an app without a server for its pages", () => {
  test("gets lines for another site, and nothing that needs a server", async () => {
    const app = cliApp("nuxt", { files: config("ssr: false") });
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("kitcn does not wire the front end of Nuxt without a server");
    expect(stdout).toContain('import { createAuthClient } from "better-auth/vue";');
    expect(stdout).toContain("plugins: [convexClient(), crossDomainClient()],");
    const after = app.snapshot();
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => /^(app|server|modules)\//.test(name))).toEqual([]);
    expect(after["convex/auth.ts"]).toContain("crossDomain(");
    await expectSecondRunEmpty(app);
  });

  test.each([
    { by: "ssr", files: config("ssr: false") },
    {
      by: "ssr in a constant",
      files: { "nuxt.config.ts": "const config = { ssr: false };\nexport default config;\n" },
    },
    { by: "a preset", files: config("nitro: { preset: 'github_pages' }") },
    { by: "another preset", files: config("nitro: { preset: 'cloudflare-pages-static' }") },
    { by: "nitro.static", files: config("nitro: { static: true }") },
    { by: "nuxt generate", files: { "package.json": built("nuxi generate") } },
    { by: "nuxt build --prerender", files: { "package.json": built("nuxt build --prerender") } },
  ])("is known by $by", async ({ files }) => {
    expect(await shellOf(files)).toMatchObject({
      kind: "none",
      found: { name: expect.stringMatching(/^Nuxt without a server/) as string },
    });
  });

  test.each([
    { by: "ssr: true", files: config("ssr: true") },
    { by: "the preset of a server", files: config("nitro: { preset: 'vercel' }") },
    { by: "a script of another name", files: { "package.json": built("nuxt build") } },
  ])("is another one than an app with $by", async ({ files }) => {
    expect((await shellOf(files)).kind).toBe("nuxt");
  });
});
