// `kitcn add auth` on SolidStart apps: as the creator makes them, with middleware of their own, and in JavaScript.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadFolder } from "../../../codegen/disk/project.js";
import { detectShell } from "../../../codegen/shell/detect.js";
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

const addToSolid = (files: Files = {}, flags: readonly string[] = []) =>
  addAuth("solidstart", { files, flags });

const ROUTE = "src/routes/api/auth/[...all].ts";

const OWN_FILES = [
  ".env.local",
  "src/lib/auth-client.ts",
  "src/lib/auth-server.ts",
  "src/lib/convex.tsx",
  "src/middleware/index.ts",
  ROUTE,
  "src/routes/auth/auth.module.css",
  "src/routes/auth/index.tsx",
];

/** A vite.config with these options. */
const viteConfig = (options: string, more = "") =>
  `import { solidStart } from "@solidjs/start/config";
import { defineConfig } from "vite";
${more}
export default defineConfig({ plugins: [solidStart(${options})] });
`;

describe("an app as the creator makes it", () => {
  test("gets server, middleware, route, client, provider and page", async () => {
    const { app, before, after } = await addToSolid();
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(
      created.filter((name) => !/^convex\/|^src\/lib\/get-env|^\.gitignore$/.test(name)),
    ).toEqual(OWN_FILES);
    expect(after["convex/auth.ts"]).toContain("baseURL: process.env.SITE_URL,");
    expect(after["convex/auth.ts"]).not.toContain("crossDomain");
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:3000\n");
    expect(after[".env.local"]).toContain("VITE_CONVEX_URL=http://127.0.0.1:3210\n");
    expect(after[".env.local"]).toContain("VITE_CONVEX_SITE_URL=http://127.0.0.1:3211\n");
    expect(after["vite.config.ts"]).toContain(
      'plugins: [solidStart({ middleware: "./src/middleware/index.ts" }), nitro()],',
    );
    expect(after["src/middleware/index.ts"]).toContain("createMiddleware([handleAuth])");
    await expectSecondRunEmpty(app);
  });

  test("keeps every line of its own, and the provider is around what it renders", async () => {
    const { before, after } = await addToSolid();
    for (const [name, text] of Object.entries(before))
      if (!/^(package\.json|vite\.config\.ts|tsconfig\.json)$/.test(name))
        expect(lostLines(text, after[name]), name).toEqual([]);
    expect(after["src/app.tsx"]).toBe(`import { Router } from "@solidjs/router";
import { FileRoutes } from "@solidjs/start/router";
import { Suspense } from "solid-js";
import { ConvexAuthProvider } from "./lib/convex";

export default function App() {
  return (
    <ConvexAuthProvider>
      <Router root={(props) => <Suspense>{props.children}</Suspense>}>
        <FileRoutes />
      </Router>
    </ConvexAuthProvider>
  );
}
`);
  });

  test("--ui none gives it no page", async () => {
    const { after } = await addToSolid({}, ["--ui", "none"]);
    expect(Object.keys(after).filter((name) => name.startsWith("src/routes/auth/"))).toEqual([]);
    expect(after[ROUTE]).toBeDefined();
  });

  test("social providers of auth.ts are on its page", async () => {
    const app = cliApp("solidstart");
    await app.kitcn("add", "auth", "--yes", "--ui", "none");
    await app.kitcn("add", "social", "github", "--yes");
    await app.kitcn("add", "auth", "--yes");
    expect(app.read("src/routes/auth/index.tsx")).toContain('{ id: "github", name: "GitHub" }');
  });
});

test("an app without TypeScript gets JavaScript", async () => {
  const { app, after } = await addToSolid({
    "tsconfig.json": undefined,
    "vite.config.ts": undefined,
    "vite.config.js": viteConfig(""),
    "src/app.tsx": undefined,
    "src/app.jsx": "export default () => <h1>Notes</h1>;\n",
    "src/global.d.ts": undefined,
    "package.json": JSON.stringify({
      name: "x",
      type: "module",
      dependencies: {
        ...{ convex: "1", kitcn: "1", "better-auth": "1.7.25" },
        ...{ "@solidjs/start": "2", "solid-js": "1", vite: "8" },
      },
    }),
  });
  const own = Object.keys(after).filter((name) => /^src\/(lib|middleware|routes\/a)/.test(name));
  expect(own.filter((name) => /\.tsx?$/.test(name))).toEqual([]);
  expect(after["src/lib/convex.jsx"]).toContain("createContext()");
  expect(after["src/lib/convex.jsx"]).not.toMatch(/import type|: Accessor|<Query/);
  expect(after["src/lib/auth-server.js"]).not.toMatch(/: Request|ReturnType/);
  expect(after["src/routes/auth/index.jsx"]).not.toMatch(/: string|: HTMLElement/);
  expect(after["src/routes/api/auth/[...all].js"]).not.toContain("APIEvent");
  expect(after["vite.config.js"]).toContain('middleware: "./src/middleware/index.js"');
  // Without Nitro, the port is Vite's.
  expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:5173\n");
  expect(after["src/app.jsx"]).toContain("<ConvexAuthProvider>");
  await expectSecondRunEmpty(app);
});

describe("an app with modules of its own", () => {
  const OWN = `import { createMiddleware } from "@solidjs/start/middleware";

export default createMiddleware([
  async (event, next) => next(),
]);
`;

  test.each(["./src/server/hooks.ts", "~/server/hooks"])(
    "its middleware comes after kitcn's, by %s",
    async (named) => {
      const config = viteConfig(`{ middleware: "${named}" }`);
      const { app, after } = await addToSolid({
        "vite.config.ts": config,
        "src/server/hooks.ts": OWN,
      });
      expect(after["vite.config.ts"]).toBe(config);
      expect(after["src/middleware/index.ts"]).toBeUndefined();
      expect(after["src/server/hooks.ts"]).toContain(
        'import { handleAuth } from "../lib/auth-server";',
      );
      expect(after["src/server/hooks.ts"]).toContain(
        "createMiddleware([\n  handleAuth,\n  async (event, next) => next(),\n]);",
      );
      await expectSecondRunEmpty(app);
    },
  );

  test("middleware that is not there is refused, with the line", async () => {
    const config = viteConfig('{ middleware: "./src/other.ts" }');
    const app = cliApp("solidstart", { files: { "vite.config.ts": config } });
    const before = app.snapshot();
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).not.toBe(0);
    expect(stderr).toContain('solidStart({ middleware: "./src/middleware/index.ts" })');
    expect(app.snapshot()).toEqual(before);
    app.write("vite.config.ts", config.replace("./src/other.ts", "./src/middleware/index.ts"));
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    expect(app.read("src/middleware/index.ts")).toContain("handleAuth");
  });

  test("a base path is named, until the auth client knows it", async () => {
    const base = {
      "vite.config.ts": viteConfig("").replace("plugins:", 'base: "/app/", plugins:'),
    };
    const app = cliApp("solidstart", { files: base });
    const told = "The app is served below the path that its base names";
    expect((await app.kitcn("add", "auth", "--yes")).stdout).toContain(told);
    const client = "src/lib/auth-client.ts";
    app.write(client, app.read(client).replace("plugins:", 'basePath: "/app/api/auth", plugins:'));
    expect((await app.kitcn("add", "auth", "--yes")).stdout).not.toContain(told);
  });

  test("a route below /api/auth is refused; a page at /auth stays, and a note is printed", async () => {
    const route = "src/routes/(api)/api/auth/[...rest].ts";
    const taken = cliApp("solidstart", { files: { [route]: "export const GET = () => null;\n" } });
    const refused = await taken.kitcn("add", "auth", "--yes");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(route);
    expect(refused.stderr).toContain("kitcn then writes src/routes/api/auth/[...all].ts");
    const page = "src/routes/(site)/auth.tsx";
    const app = cliApp("solidstart", {
      files: { [page]: "export default () => <h1>Mine</h1>;\n" },
    });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.stdout).toContain(`${page} is your page at /auth`);
    expect(app.has("src/routes/auth/index.tsx")).toBe(false);
  });

  test("a layout of the pages below /auth is not taken for the page at /auth", async () => {
    const layout = "export default (props) => <div>{props.children}</div>;\n";
    const { after } = await addToSolid({ "src/routes/auth.tsx": layout });
    expect(after["src/routes/auth/index.tsx"]).toBeDefined();
  });

  test("a client of its own gains the plugin, without React", async () => {
    const { app, after } = await addToSolid({
      "src/lib/auth-client.ts": `import { createAuthClient } from "better-auth/solid";\n\nexport const authClient = createAuthClient();\n`,
    });
    expect(after["src/lib/auth-client.ts"]).toContain(
      'import { convexClient } from "kitcn/auth/browser";',
    );
    expect(after["src/lib/auth-client.ts"]).toContain("plugins: [convexClient()]");
    await expectSecondRunEmpty(app);
  });

  test("a module of another kind at kitcn's path is refused", async () => {
    const app = cliApp("solidstart", { files: { "src/lib/convex.tsx": "export const a = 1;\n" } });
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    expect(code).not.toBe(0);
    expect(stderr).toContain("does not export ConvexAuthProvider");
  });
});

describe("an app that is wired by hand", () => {
  const NITRO = 'import { nitro } from "nitro/vite";';
  const manifest = (more: object = {}, start = "^2.0.5") =>
    JSON.stringify({
      name: "x",
      ...more,
      dependencies: {
        ...{ convex: "1", kitcn: "1", "better-auth": "1.7.25" },
        ...{ "@solidjs/start": start, "solid-js": "1", vite: "8" },
      },
    });
  const built = (build: string) => ({ "package.json": manifest({ scripts: { build } }) });

  const shellOf = (files: Files) => {
    const { root } = cliApp("solidstart", { files, packages: [] });
    return detectShell(openWorkspace(loadFolder(root)));
  };

  const STATIC = "SolidStart without a server (a static preset of Nitro)";

  test.each<{ by: string; files: Files; name: string | undefined }>([
    {
      by: "a preset in vite.config",
      files: { "vite.config.ts": viteConfig('), nitro({ preset: "netlify-static" }', NITRO) },
      name: STATIC,
    },
    {
      by: "a preset in nitro.config",
      files: { "nitro.config.ts": 'export default { preset: "static" };\n' },
      name: STATIC,
    },
    {
      by: "a preset in the script",
      files: built("NITRO_PRESET=github_pages vite build"),
      name: STATIC,
    },
    {
      by: "a preset with a server",
      files: { "vite.config.ts": viteConfig('), nitro({ preset: "vercel" }', NITRO) },
      name: undefined,
    },
    {
      by: "a preset with a server in the script, which wins",
      files: {
        ...built("NITRO_PRESET=bun vite build"),
        "nitro.config.ts": 'export default { preset: "static" };\n',
      },
      name: undefined,
    },
    {
      by: "another folder",
      files: { "vite.config.ts": viteConfig('{ appRoot: "./web" }') },
      name: "SolidStart whose app is not in src/app.tsx",
    },
    {
      by: "another configuration",
      files: { "vite.config.ts": "export default {};\n" },
      name: "SolidStart without solidStart() in vite.config",
    },
    {
      by: "a version of any kind",
      files: { "package.json": manifest({}, "latest") },
      name: undefined,
    },
  ])("is known by $by", ({ files, name }) => {
    const shell = shellOf(files);
    expect(shell.kind === "none" ? shell.found?.name : undefined).toBe(name);
    expect(shell.kind).toBe(name === undefined ? "solidstart" : "none");
  });

  test("ssr: false gets lines for another site, and nothing that needs a server", async () => {
    const app = cliApp("solidstart", { files: { "vite.config.ts": viteConfig("{ ssr: false }") } });
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("the front end of SolidStart without a server (ssr: false)");
    expect(stdout).toContain('import { createAuthClient } from "better-auth/solid";');
    expect(stdout).toContain("baseURL: import.meta.env.VITE_CONVEX_SITE_URL,");
    expect(stdout).toContain("plugins: [convexClient(), crossDomainClient()],");
    const after = app.snapshot();
    const front = (files: Files) =>
      Object.entries(files).filter(([name]) => /^(src\/|vite)/.test(name));
    expect(front(after)).toEqual(front(before));
    expect(after["convex/auth.ts"]).toContain("crossDomain(");
    await expectSecondRunEmpty(app);
  });

  test("SolidStart 1 gets lines for its own server", async () => {
    const app = cliApp("solidstart", { files: { "package.json": manifest({}, "^1.3.2") } });
    const { code, stdout } = await app.kitcn("add", "auth", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain("kitcn does not wire the front end of SolidStart 1");
    expect(stdout).toContain("Your own server forwards the auth routes");
    expect(app.read("convex/auth.ts")).not.toContain("crossDomain(");
    expect(app.has(ROUTE)).toBe(false);
  });
});
