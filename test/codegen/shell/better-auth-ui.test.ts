// `kitcn add auth --ui better-auth-ui`: what it refuses, what it runs and writes, and what later commands do with it.
// A program named npx stands in for shadcn's CLI: it writes empty views, or fails.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { wantsUi } from "../../../codegen/commands/auth-page.js";
import { loadProject } from "../../../codegen/disk/project.js";
import { UI_ITEMS, uiSpecifier } from "../../../codegen/page/better-auth-ui.js";
import { frontsOf } from "../../../codegen/shell/fronts.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp, PACKAGES, stubCloudDeployment, type CliApp, type Ran } from "../support/cli.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const UI = ["--ui", "better-auth-ui"] as const;

const INSTALLED = {
  tailwindcss: "4.3.2",
  "@better-auth-ui/react": "1.7.23",
  "@better-auth-ui/core": "1.7.23",
  "@tanstack/react-query": "5.108.4",
  "@better-auth/api-key": "1.7.5",
  "@better-auth/passkey": "1.7.5",
};

const COMPONENTS = JSON.stringify({
  style: "radix-nova",
  aliases: { components: "@/components", utils: "@/lib/utils", ui: "@/components/ui" },
});

const ADD =
  "npx --yes shadcn@latest add @better-auth-ui/auth @better-auth-ui/settings @better-auth-ui/user-button @better-auth-ui/delete-user --yes";

/** An app with Tailwind, shadcn/ui and the packages of the library, and with these files. */
function uiApp(
  name: string,
  {
    files = {},
    without = [],
    base = "",
  }: {
    files?: Record<string, string | undefined>;
    without?: readonly string[];
    base?: string;
  } = {},
): CliApp {
  const packages = Object.entries(INSTALLED).filter(([one]) => !without.includes(one));
  const app = cliApp(name, {
    packages: PACKAGES,
    files: {
      "components.json": COMPONENTS,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { jsx: "react-jsx", paths: { "@/*": [`./${base}*`] } },
      }),
      ...Object.fromEntries(
        packages.map(([one, version]) => [
          `node_modules/${one}/package.json`,
          JSON.stringify({ name: one, version }),
        ]),
      ),
      ...files,
    },
  });
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const named = Object.fromEntries(packages);
  const dependencies = { ...manifest.dependencies, ...named };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  return app;
}

/** Views as shadcn's CLI leaves them, of every app and of plugins. */
function viewsFor(ids: readonly string[] = [], base = ""): Record<string, string> {
  const aliases = { components: "components", lib: "lib", ui: "components/ui" };
  const modules = [
    ...UI_ITEMS.map(({ module }) => module),
    ...ids.map((id) => ({ in: "lib" as const, path: `auth/${id}-plugin` })),
  ];
  return Object.fromEntries(
    modules.map((module) => [`${base}${uiSpecifier(aliases, module)}.tsx`, "export {};\n"]),
  );
}

/** Has `npx` write the views of every app, or fail. */
function stubNpx(app: CliApp, ends: "well" | "badly", base = ""): void {
  const bin = join(app.root, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  const paths = Object.keys(viewsFor([], base)).map((path) => app.path(path));
  const code =
    ends === "badly"
      ? 'process.stderr.write("no network");process.exit(1);'
      : `for (const path of ${JSON.stringify(paths)}) { mkdirSync(dirname(path), { recursive: true }); writeFileSync(path, "export {};"); }`;
  const script = `#!${process.execPath}\nconst { mkdirSync, writeFileSync } = require("node:fs"); const { dirname } = require("node:path");\n${code}\n`;
  writeFileSync(join(bin, "npx"), script);
  chmodSync(join(bin, "npx"), 0o755);
}

async function add(app: CliApp, ...flags: readonly string[]): Promise<Ran> {
  return app.kitcn("add", "auth", "--yes", ...flags);
}

async function added(app: CliApp, ...flags: readonly string[]): Promise<Ran> {
  const ran = await add(app, ...flags);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran;
}

async function expectNothingLeft(app: CliApp): Promise<void> {
  const before = app.snapshot();
  for (const flags of [UI, []]) expect((await added(app, ...flags)).stdout).toContain("in place");
  expect(app.snapshot()).toEqual(before);
}

const pagesInLock = (app: CliApp) =>
  Object.keys(
    (
      JSON.parse(app.read("convex/plugins.lock.json")) as {
        plugins: { "better-auth": { pages?: object } };
      }
    ).plugins["better-auth"].pages ?? {},
  );

describe("an app that the views do not fit in", () => {
  test("is refused once, with every command, before anything is written", async () => {
    const app = cliApp("next");
    const before = app.snapshot();
    const { code, stderr } = await add(app, ...UI);
    expect(code).toBe(1);
    expect(stderr).toContain("Tailwind CSS is not in its package.json");
    expect(stderr).toContain("it has no components.json of shadcn/ui");
    expect(stderr).toContain("  npm i tailwindcss @tailwindcss/postcss\n");
    expect(stderr).toContain("  npx --yes shadcn@latest init --defaults --template next\n");
    expect(stderr).toContain("Without --ui better-auth-ui, kitcn writes its own page");
    expect(app.snapshot()).toEqual(before);
  });

  test.each([
    ["tailwindcss", "4.1.0", "tailwindcss@^4.3.2"],
    ["react", "19.1.0", "react@^19.2.6 react-dom@^19.2.6"],
    ["@better-auth-ui/core", "1.6.8", "@better-auth-ui/core@^1.7.0"],
  ])("with an old %s is told the version", async (name, version, specs) => {
    const app = uiApp("next", {
      files: { [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }) },
    });
    const { stderr } = await add(app, ...UI);
    expect(stderr).toContain(`it has ${name} ${version}`);
    expect(stderr).toContain(`  npm i ${specs}\n`);
    expect(stderr).not.toContain("shadcn@latest init");
  });

  test("names the commands of its own package manager", async () => {
    const app = cliApp("next", { files: { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" } });
    const { stderr } = await add(app, ...UI);
    expect(stderr).toContain("  pnpm dlx shadcn@latest init --defaults --template next\n");
  });

  test("without a router is told so", async () => {
    const { stderr } = await add(cliApp("vite"), ...UI);
    expect(stderr).toContain("works with Next.js and TanStack Start");
  });

  test.each(["--schema", "--preset"])("with %s has no front end to write", async (flag) => {
    const value = flag === "--preset" ? ["convex"] : [];
    const { code, stderr } = await add(cliApp("next"), ...UI, flag, ...value);
    expect(code).toBe(2);
    expect(stderr).toContain("--ui better-auth-ui does not go with");
  });

  test("with a page at /auth keeps it", async () => {
    const page = "export default function Mine() {\n  return null;\n}\n";
    for (const path of ["app/(site)/auth/page.tsx", "app/auth/[id]/page.tsx"]) {
      const app = uiApp("next", { files: { ...viewsFor(), [path]: page } });
      const before = app.snapshot();
      expect((await add(app, ...UI)).stderr).toContain(path);
      expect(app.snapshot()).toEqual(before);
    }
  });
});

describe("the views", () => {
  test("are copied by shadcn's CLI, before anything is written", async () => {
    const app = uiApp("next");
    const before = app.snapshot();
    const planned = await app.kitcn("add", "auth", "--dry-run", ...UI);
    expect(planned.stdout).toContain(`would run  ${ADD}\n`);
    expect(planned.stdout).toContain("table user: added");
    expect(app.snapshot()).toEqual(before);
    stubNpx(app, "well");
    expect((await added(app, ...UI)).stdout).toContain(`ran  ${ADD}\n`);
    await expectNothingLeft(app);
  });

  test("that are not copied leave the app as it was, and a second run goes on", async () => {
    const app = uiApp("next");
    const before = app.snapshot();
    stubNpx(app, "badly");
    const { code, stderr } = await add(app, ...UI);
    expect(code).toBe(1);
    expect(stderr).toContain(`Run \`${ADD}\` to see why`);
    expect(stderr).toContain("was taken out again");
    expect(app.snapshot()).toEqual(before);
    stubNpx(app, "well");
    await added(app, ...UI);
    expect(app.has("app/auth/BetterAuthUI.tsx")).toBe(true);
  });

  test("that are not copied take the packages that came with them along", async () => {
    const app = uiApp("next", { without: ["@better-auth-ui/react"] });
    const before = app.snapshot();
    const npm = join(app.root, "node_modules/.bin/npm");
    stubNpx(app, "badly");
    const changed = JSON.stringify({ ...(JSON.parse(app.read("package.json")) as object), new: 1 });
    const made = JSON.stringify(app.path("made"));
    const script = `#!${process.execPath}\nconst fs = require("node:fs"); fs.writeFileSync("package.json", ${JSON.stringify(changed)}); fs.writeFileSync(${made}, "");\n`;
    writeFileSync(npm, script, { mode: 0o755 });
    const { code, stderr } = await add(app, ...UI);
    expect(code).toBe(1);
    expect(stderr).toContain("was taken out again");
    const { made: ran, ...after } = app.snapshot();
    expect(ran).toBe("");
    expect(after).toEqual(before);
  });

  test("and packages are named by --no-install", async () => {
    const app = uiApp("next", { without: ["@better-auth-ui/react", "@better-auth/passkey"] });
    const { code, stderr } = await add(app, ...UI, "--no-install");
    expect(code).toBe(1);
    expect(stderr).toContain("npm i @better-auth-ui/react@^1.7.23 @better-auth/passkey@~1.7.0");
    expect(stderr).toContain("overrides[@better-auth/passkey][better-call]=>=0");
    expect(stderr).toContain(`&& ${ADD}`);
  });
});

describe.each([
  {
    name: "next",
    base: "",
    folder: "app/auth",
    layout: "app/layout.tsx",
    routes: ["app/auth/[path]/page.tsx", "app/auth/page.tsx"],
  },
  {
    name: "start",
    base: "src/",
    folder: "src/auth",
    layout: "src/routes/__root.tsx",
    routes: ["src/routes/auth.$path.tsx", "src/routes/auth.index.tsx"],
  },
])("an app of $name", ({ name, base, folder, layout, routes }) => {
  test("gets the provider, the views and their routes", async () => {
    const app = uiApp(name, { base, files: viewsFor([], base) });
    await added(app, ...UI);
    const files = [`${folder}/AuthViews.tsx`, `${folder}/BetterAuthUI.tsx`, ...routes];
    expect(pagesInLock(app)).toEqual(files.map((one) => `../${one}`).sort());
    expect(app.read(layout)).toMatch(/<BetterAuthUI>\s*\{children\}\s*<\/BetterAuthUI>/);
    expect(app.read(`${folder}/BetterAuthUI.tsx`)).toMatch(/PLUGINS\b[^=]*=\s*\[\]/);
    expect(app.has(`${folder}/AuthPage.tsx`)).toBe(false);
    await expectNothingLeft(app);
  });

  test("has kitcn's own page replaced, where nobody changed it", async () => {
    const app = uiApp(name, { base, files: viewsFor([], base) });
    await added(app);
    const { stdout } = await added(app, ...UI);
    expect(stdout).toMatch(new RegExp(`removed +${folder}/AuthPage.tsx`));
    expect(Object.keys(app.snapshot()).filter((one) => one.startsWith(`${folder}/parts`))).toEqual(
      [],
    );
    expect(app.has("src/routes/auth.tsx")).toBe(false);
    for (const route of routes) expect(app.has(route)).toBe(true);
    await expectNothingLeft(app);
  });
});

describe("a file that somebody changed", () => {
  test("of kitcn's own page stays, and is named", async () => {
    const app = uiApp("next", { files: viewsFor() });
    await added(app);
    const page = "app/auth/AuthPage.tsx";
    const mine = app.read(page).replace("Sign in", "Welcome");
    app.write(page, mine);
    const { stdout } = await added(app, ...UI);
    expect(stdout).toContain(`You changed ${page}, so kitcn kept its own page.`);
    expect(app.read(page)).toBe(mine);
    await expectNothingLeft(app);
  });

  test("of the library stays, and what it lacks is named", async () => {
    const app = uiApp("next", { files: viewsFor(["magic-link"]) });
    await added(app, ...UI);
    const provider = "app/auth/BetterAuthUI.tsx";
    const mine = app.read(provider).replace("<Toaster />", "<Toaster richColors />");
    app.write(provider, mine);
    const { stdout } = await app.kitcn("add", "plugin", "magic-link", "--yes");
    expect(stdout).toContain("Call each of these in its PLUGINS:");
    expect(stdout).toContain("lib/auth/magic-link-plugin");
    expect(app.read(provider)).toBe(mine);
  });
});

describe("the provider follows auth.ts", () => {
  test("with plugins, once their views are there", async () => {
    const app = uiApp("next", { files: viewsFor() });
    await added(app, ...UI);
    const { stdout } = await app.kitcn("add", "plugin", "magic-link", "admin", "jwt", "--yes");
    expect(stdout).toContain(
      "Better Auth UI has views for magic-link. To copy them into the app, run npx kitcn add auth --yes.",
    );
    expect(stdout).toContain("https://better-auth-ui.com/docs/shadcn/plugins/admin");
    const planned = await app.kitcn("add", "auth", "--dry-run");
    expect(planned.stdout).toContain(
      "would run  npx --yes shadcn@latest add @better-auth-ui/magic-link --yes",
    );
    for (const [path, text] of Object.entries(viewsFor(["magic-link"]))) app.write(path, text);
    await added(app);
    expect(app.read("app/auth/BetterAuthUI.tsx")).toContain(
      'import { magicLinkPlugin } from "@/lib/auth/magic-link-plugin";',
    );
    expect(app.read("app/auth/BetterAuthUI.tsx")).toContain("= [magicLinkPlugin()];");
    await expectNothingLeft(app);
    await app.kitcn("remove", "plugin", "magic-link", "--yes");
    expect(app.read("app/auth/BetterAuthUI.tsx")).not.toContain("magicLinkPlugin");
  });

  test("with organizations, whose views have a path each", async () => {
    const app = uiApp("next", { files: viewsFor(["organization"]) });
    await added(app, ...UI);
    await app.kitcn("add", "plugin", "organization", "--yes");
    expect(app.read("app/auth/AuthViews.tsx")).toContain("<Organization path={path} />");
    expect(app.read("app/auth/AuthViews.tsx")).toContain("/auth/accept-invitation?");
  });

  test("with providers of sign-in", async () => {
    const app = uiApp("next", { files: viewsFor() });
    await added(app, ...UI);
    const { stdout } = await app.kitcn("add", "social", "github", "--yes");
    expect(app.read("app/auth/BetterAuthUI.tsx")).toMatch(/PROVIDERS\b[^=]*=\s*\["github"\];/);
    expect(stdout).not.toContain("so it added no buttons");
  });
});

test("a module of the author's with the same name is not the library's provider", () => {
  const own = 'export function BetterAuthUI() {\n  return "mine";\n}\n';
  const library = 'import { useAuth } from "@better-auth-ui/react";\n';
  const shows = (text: string) => {
    const app = uiApp("next", { files: { "app/auth/BetterAuthUI.tsx": text } });
    const ws = openWorkspace(loadProject(app.root));
    return frontsOf(ws).map((front) => wantsUi(front, undefined));
  };
  expect(shows(own)).toEqual([false]);
  expect(shows(library)).toEqual([false]);
  expect(shows(library + own)).toEqual([true]);
});

test("--ui none and --ui page leave an app of Better Auth UI as it is", async () => {
  const app = uiApp("next", { files: viewsFor() });
  await added(app, ...UI);
  const before = app.snapshot();
  for (const kind of ["none", "page"]) await added(app, "--ui", kind);
  expect(app.snapshot()).toEqual(before);
});
