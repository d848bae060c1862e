// `kitcn add auth` on SvelteKit apps: as the creator makes them, with hooks of their own, and in JavaScript.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import {
  addAuth,
  expectSecondRunEmpty,
  lostLines,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

/** As npm would have installed it. */
const BINDING = {
  "node_modules/convex-svelte/package.json": '{ "name": "convex-svelte", "version": "0.14.0" }',
};

type Files = Readonly<Record<string, string | undefined>>;

const kitApp = (files: Files = {}) => cliApp("sveltekit", { files: { ...BINDING, ...files } });

const addToKit = (files: Files = {}, flags: readonly string[] = []) =>
  addAuth("sveltekit", { files: { ...BINDING, ...files }, flags });

const OWN_FILES = [
  ".env.local",
  "convex.json",
  "src/hooks.server.ts",
  "src/hooks.ts",
  "src/lib/auth-client.ts",
  "src/lib/convex-auth.svelte.ts",
  "src/lib/server/auth.ts",
  "src/routes/+layout.server.ts",
  "src/routes/api/auth/[...all]/+server.ts",
  "src/routes/auth/+page.svelte",
  "src/routes/auth/auth.module.css",
];

describe("an app as the creator makes it", () => {
  test("gets server, hooks, route, client, page, and its functions below src", async () => {
    const { app, before, after } = await addToKit();
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(
      created.filter((name) => !/^src\/(convex|lib\/get-env)|^\.gitignore$/.test(name)),
    ).toEqual(OWN_FILES);
    expect(created).toContain("src/convex/auth.ts");
    expect(JSON.parse(after["convex.json"]!)).toEqual({ functions: "src/convex/" });
    expect(after["src/convex/auth.ts"]).toContain("baseURL: process.env.SITE_URL,");
    expect(after["src/convex/auth.ts"]).not.toContain("crossDomain");
    expect(after["src/convex/.env"]).toContain("SITE_URL=http://localhost:5173\n");
    expect(after[".env.local"]).toContain("PUBLIC_CONVEX_URL=http://127.0.0.1:3210\n");
    expect(after[".env.local"]).toContain("PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:3211\n");
    await expectSecondRunEmpty(app);
  });

  test("keeps every line of its own, and its layout sets Convex up", async () => {
    const { before, after } = await addToKit();
    for (const [name, text] of Object.entries(before))
      if (name !== "package.json") expect(lostLines(text, after[name]), name).toEqual([]);
    expect(after["src/routes/+layout.svelte"]).toBe(
      before["src/routes/+layout.svelte"]!.replace(
        "\n",
        '\n\timport { setupConvexAuth } from "$lib/convex-auth.svelte";\n\n\tsetupConvexAuth();\n',
      ),
    );
  });

  test("below a path, its author is told where auth has to know of it", async () => {
    const app = kitApp({
      "svelte.config.js": 'export default { kit: { paths: { base: "/app" } } };\n',
    });
    const { stdout } = await app.kitcn("add", "auth", "--yes");
    expect(stdout).toContain("paths.base names");
    expect(stdout).toContain("docs/server.md#an-app-below-a-path");
  });

  test("--ui none gives it no page", async () => {
    const { after } = await addToKit({}, ["--ui", "none"]);
    expect(Object.keys(after).filter((name) => name.startsWith("src/routes/auth/"))).toEqual([]);
    expect(after["src/routes/api/auth/[...all]/+server.ts"]).toBeDefined();
  });

  test("--dry-run and --json write nothing, and list the files", async () => {
    const app = kitApp();
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--dry-run", "--json");
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as { files: { path: string; action: string }[] };
    const created = files.filter(({ action }) => action === "created").map(({ path }) => path);
    for (const name of OWN_FILES) expect(created).toContain(name);
    expect(app.snapshot()).toEqual(before);
  });

  test("social providers of auth.ts are on its page", async () => {
    const app = kitApp();
    await app.kitcn("add", "auth", "--yes", "--ui", "none");
    await app.kitcn("add", "social", "github", "--yes");
    await app.kitcn("add", "auth", "--yes");
    expect(app.read("src/routes/auth/+page.svelte")).toContain(
      'PROVIDERS: { id: string; name: string }[] = [{ id: "github", name: "GitHub" }];',
    );
  });
});

test("an app without TypeScript gets JavaScript", async () => {
  const { app, after } = await addToKit({
    "tsconfig.json": undefined,
    "package.json": JSON.stringify({
      name: "x",
      type: "module",
      dependencies: { convex: "1", kitcn: "1", "better-auth": "1.7.25", "convex-svelte": "1" },
      devDependencies: { "@sveltejs/kit": "2", svelte: "5" },
    }),
  });
  const own = Object.keys(after).filter((name) =>
    /^src\/(?!convex\/|app\.d\.ts|lib\/index)/.test(name),
  );
  expect(own.filter((name) => name.endsWith(".ts"))).toEqual([]);
  expect(after["src/lib/convex-auth.svelte.js"]).toContain("$state.raw(store.getState())");
  expect(after["src/lib/server/auth.js"]).not.toMatch(/: Handle|import type/);
  expect(after["src/routes/auth/+page.svelte"]).toMatch(/^<script>/);
  expect(after["src/routes/auth/+page.svelte"]).not.toMatch(/: string|as HTML|<HTMLElement>/);
  await expectSecondRunEmpty(app);
});

describe("an app with modules of its own", () => {
  test("hooks and loads without the names gain them", async () => {
    const { app, after } = await addToKit({
      "src/hooks.server.ts": "export const init = async () => {};\n",
      "src/routes/+layout.server.ts": "export const prerender = false\n",
    });
    expect(after["src/hooks.server.ts"]).toBe(
      'export const init = async () => {};\n\nexport { handleAuth as handle } from "$lib/server/auth";\n',
    );
    expect(after["src/routes/+layout.server.ts"]).toBe(
      'export const prerender = false\n\nexport { loadAuth as load } from "$lib/server/auth"\n',
    );
    await expectSecondRunEmpty(app);
  });

  test.each([
    { file: "src/hooks.server.ts", name: "handle", fix: "sequence(handleAuth, yourHandle)" },
    { file: "src/routes/+layout.server.ts", name: "load", fix: "...(await loadAuth(event))" },
  ])("a $name in $file is refused, with the lines that join both", async ({ file, name, fix }) => {
    const mine = `export const ${name} = async () => ({});\n`;
    const app = kitApp({ [file]: mine });
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).not.toBe(0);
    expect(stderr).toContain(`${file}:1`);
    expect(stderr).toContain(fix);
    expect(app.snapshot()).toEqual(before);
    const source = `import { ${name}Auth } from "$lib/server/auth";\nexport const ${name} = ${name}Auth;\n`;
    app.write(file, source);
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0, stderr: "" });
    expect(app.read(file)).toBe(source);
  });

  test("hooks.ts of its own stays, and is told the lines for convexLoad()", async () => {
    const hooks = "export const reroute = () => '/';\n";
    const app = kitApp({ "src/hooks.ts": hooks });
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(app.read("src/hooks.ts")).toBe(hooks);
    expect(stdout).toContain("kitcn did not edit src/hooks.ts");
    expect(stdout).toContain("encodeConvexLoad");
    await expectSecondRunEmpty(app);
  });

  test("a route below /api/auth is refused; a page at /auth stays, and a note is printed", async () => {
    const route = "src/routes/(api)/api/auth/[...rest]/+server.ts";
    const taken = kitApp({ [route]: "export const GET = () => null;\n" });
    const refused = await taken.kitcn("add", "auth", "--yes");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(route);
    expect(refused.stderr).toContain("kitcn then writes src/routes/api/auth/[...all]/+server.ts");
    const page = "<h1>Mine</h1>\n";
    const app = kitApp({ "src/routes/(site)/auth/+page.svelte": page });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.stdout).toContain("src/routes/(site)/auth/+page.svelte is your page at /auth");
    expect(app.has("src/routes/auth/+page.svelte")).toBe(false);
  });

  test("a client of its own gains the plugin, without React", async () => {
    const { app, after } = await addToKit({
      "src/lib/auth-client.ts": `import { createAuthClient } from "better-auth/svelte";\n\nexport const authClient = createAuthClient();\n`,
    });
    expect(after["src/lib/auth-client.ts"]).toContain(
      'import { convexClient } from "kitcn/auth/browser";',
    );
    expect(after["src/lib/auth-client.ts"]).toContain("plugins: [convexClient()]");
    await expectSecondRunEmpty(app);
  });

  test("functions in convex/ stay there, and vite.config is told", async () => {
    const app = kitApp({ "convex/notes.ts": "export const a = 1;\n" });
    const { stdout } = await app.kitcn("add", "auth", "--yes");
    expect(app.has("convex/auth.ts")).toBe(true);
    expect(app.has("convex.json")).toBe(false);
    expect(stdout).toContain('Add to vite.config.ts: server: { fs: { allow: ["convex"] } }');
  });
});

test("without src/routes or with Svelte 4, the lines to write by hand are told", async () => {
  const packageJson = JSON.stringify({
    name: "x",
    dependencies: { convex: "1", kitcn: "1", "better-auth": "1.7.25" },
    devDependencies: { "@sveltejs/kit": "2", svelte: "^4.2.0" },
  });
  const app = kitApp({ "package.json": packageJson });
  const { stdout } = await app.kitcn("add", "auth", "--yes");
  expect(stdout).toContain("kitcn does not wire the front end of SvelteKit");
});

describe("an app without a server, by adapter-static", () => {
  const files = (names: readonly string[], config: Files = {}): Files => ({
    ...BINDING,
    "vite.config.ts": "export default {};\n",
    "package.json": JSON.stringify({
      name: "x",
      dependencies: { convex: "1", kitcn: "1", "better-auth": "1.7.25" },
      devDependencies: Object.fromEntries(
        ["@sveltejs/kit", "svelte", ...names].map((name) => [name, "*"]),
      ),
    }),
    ...config,
  });
  const STATIC = "@sveltejs/adapter-static";
  const imported = (name: string) =>
    `import adapter from "${name}";\nexport default { adapter };\n`;

  test.each([
    { by: "package.json", app: files([STATIC]) },
    { by: "svelte.config.js", app: files([], { "svelte.config.js": imported(STATIC) }) },
    { by: "vite.config.ts", app: files([], { "vite.config.ts": imported(STATIC) }) },
    {
      by: "one of two in svelte.config.js",
      app: files(["@sveltejs/adapter-node"], {
        "svelte.config.js": `import node from "@sveltejs/adapter-node";
const { default: still } = await import("${STATIC}");
export default { adapter: process.env.STILL ? still() : node() };
`,
      }),
    },
  ])("by $by, gets lines for another site, and nothing that needs a server", async ({ app }) => {
    const kit = cliApp("sveltekit", { files: app });
    const before = kit.snapshot();
    const { code, stdout } = await kit.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain(`kitcn does not wire the front end of SvelteKit without a server`);
    expect(stdout).toContain("baseURL: PUBLIC_CONVEX_SITE_URL,");
    expect(stdout).toContain("plugins: [convexClient(), crossDomainClient()],");
    const after = kit.snapshot();
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => /\+|hooks|src\/lib\/(server|auth|convex)/.test(name))).toEqual(
      [],
    );
    expect(after["src/routes/+layout.svelte"]).toBe(before["src/routes/+layout.svelte"]);
    expect(after["src/convex/auth.ts"]).toContain("crossDomain(");
    expect(JSON.parse(after["convex.json"]!)).toEqual({ functions: "src/convex/" });
    await expectSecondRunEmpty(kit);
  });

  test("an adapter that the configuration names counts, and not one that is left in package.json", async () => {
    const node = { "svelte.config.js": imported("@sveltejs/adapter-node") };
    const kit = cliApp("sveltekit", { files: files([STATIC, "@sveltejs/adapter-node"], node) });
    expect((await kit.kitcn("add", "auth", "--yes")).code).toBe(0);
    expect(kit.has("src/routes/+layout.server.ts")).toBe(true);
  });
});
