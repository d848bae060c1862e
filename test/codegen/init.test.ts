// `kitcn init`: new apps from the templates, and Convex in apps that are there. Nothing is installed here.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listFiles } from "./support/app.js";
import { cliApp, runCli } from "./support/cli.js";
import { withoutDeployment } from "./support/front-end.js";

let root = "";

beforeEach(() => {
  withoutDeployment();
  root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-init-")));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const write = (files: Record<string, string | undefined>) => {
  for (const [name, text = ""] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), text);
  }
};
const init = (...args: string[]) => runCli("init", "--no-install", "--cwd", root, ...args);

const FUNCTIONS = ["_generated/api.d.ts", "_generated/server.js", "notes.ts", "schema.ts"];

describe("a new app", () => {
  test.each([
    { template: "next", has: ["app/layout.tsx", "components/ConvexClientProvider.tsx"] },
    { template: "vite", has: ["index.html", "src/main.tsx"] },
    { template: "start", has: ["src/router.tsx", "src/routes/__root.tsx"] },
  ])("$template", async ({ template, has }) => {
    const ran = await init("my-app", "-t", template, "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    const files = listFiles(join(root, "my-app"));
    const functions = FUNCTIONS.map((name) => `convex/functions/${name}`);
    expect(files).toEqual(expect.arrayContaining([...has, ...functions, ".gitignore"]));
    expect(files.filter((name) => /_gitignore|README/.test(name))).toEqual([]);
    expect(JSON.parse(read("my-app/convex.json"))).toEqual({ functions: "convex/functions" });
    expect(JSON.parse(read("my-app/package.json"))).toMatchObject({ name: "my-app" });
    expect(read("my-app/convex/functions/_generated/api.d.ts")).toContain("notes: typeof notes");
    expect(read("my-app/.env.local")).toContain("CONVEX_URL=http://127.0.0.1:3210\n");
    for (const name of files.filter((name) => /\.(tsx?|css|html)$/.test(name)))
      expect(read("my-app", name), name).not.toMatch(/next\/font|https?:\/\/(?!127\.0\.0\.1)/);
    expect(ran.stdout).toMatch(/next:\n {2}cd .*my-app\n {2}npx kitcn add auth --yes/);
  });

  test("whose packages cannot be installed says how to go on", async () => {
    vi.stubEnv("PATH", join(root, "no-such-folder"));
    write({ "bun.lock": "" });
    const ran = await runCli("init", "my-app", "-t", "vite", "--yes", "--cwd", root);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(
      /bun, which was not found[^]*files are written\. To go on: cd .* && bun install/,
    );
    expect(read("my-app/package.json")).toContain('"my-app"');
  });

  test("whose installation failed is finished by the second run, which changes no file", async () => {
    // Those of the folders above come before the system's.
    const bin = join(root, "node_modules/.bin");
    const npm = (script: string) => {
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    };
    const run = () => runCli("init", "my-app", "-t", "next", "--yes", "--cwd", root);
    npm("echo 'the registry is down' >&2; exit 1");
    const first = await run();
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/registry is down[^]*To go on: cd .*my-app && npm i/);
    write({ "my-app/app/page.tsx": "export default () => null;\n" });
    npm('echo "$@" > npm.log');
    const second = await run();
    expect(second, second.stderr).toMatchObject({ code: 0 });
    expect(read("my-app/npm.log")).toBe("i\n");
    expect(read("my-app/app/page.tsx")).toBe("export default () => null;\n");
    expect(second.stdout).toMatch(/next:\n {2}cd .*my-app\n {2}npx kitcn add auth --yes/);
  });

  test("is the same every time", async () => {
    await init("a/app", "-t", "next", "--yes");
    await init("b/app", "-t", "next", "--yes");
    const names = listFiles(join(root, "a/app"));
    expect(listFiles(join(root, "b/app"))).toEqual(names);
    for (const name of names) expect(read("b/app", name)).toBe(read("a/app", name));
  });

  test("--dry-run --json writes nothing", async () => {
    const { code, stdout } = await init("-t", "vite", "--dry-run", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, command: "init", status: "planned" });
    expect(listFiles(root)).toEqual([]);
  });

  test("a folder with files is left as it is", async () => {
    writeFileSync(join(root, "notes.txt"), "mine");
    const ran = await init("-t", "next", "--yes");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /is not empty: it has notes\.txt[^]*kitcn init my-app -t next --yes/,
    );
    expect(listFiles(root)).toEqual(["notes.txt"]);
  });

  test("a repository that is otherwise empty is an empty folder", async () => {
    mkdirSync(join(root, ".git"));
    expect(await init("-t", "vite", "--yes")).toMatchObject({ code: 0 });
  });
});

describe("an app that is there", () => {
  const withoutConvex = (name: string) => {
    const app = cliApp(name, { packages: [] });
    const manifest = JSON.parse(app.read("package.json")) as {
      dependencies: Record<string, string>;
    };
    for (const one of ["convex", "kitcn", "better-auth"]) delete manifest.dependencies[one];
    app.write("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
    if (app.has("convex/schema.ts")) app.remove("convex/schema.ts");
    return app;
  };

  test.each(["next", "vite", "start"])(
    "%s gets a functions directory, and no more",
    async (name) => {
      const app = withoutConvex(name);
      const before = app.snapshot();
      const ran = await app.kitcn("init", "--yes", "--no-install");
      expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
      const after = app.snapshot();
      expect(Object.keys(after).filter((file) => !(file in before))).toEqual([
        ".env.local",
        "convex/.env",
        "convex/_generated/api.d.ts",
        "convex/_generated/api.js",
        "convex/_generated/dataModel.d.ts",
        "convex/_generated/server.d.ts",
        "convex/_generated/server.js",
        "convex/schema.ts",
        "convex/tsconfig.json",
        "lib/get-env.ts",
      ]);
      for (const file of Object.keys(before)) expect(after[file]).toBe(before[file]);
      const again = await app.kitcn("init", "--yes", "--no-install");
      expect(again.stdout).toContain("nothing was written");
      expect(app.snapshot()).toEqual(after);
    },
  );

  test("what comes next is auth, and for an app that has it, the deployment", async () => {
    const app = cliApp("vite");
    const first = await app.kitcn("init", "--yes", "--no-install");
    expect(first.stdout).toMatch(
      /next:\n {2}cd .*\n {2}npx kitcn add auth --yes .*\n {2}npx kitcn dev /,
    );
    await app.kitcn("add", "auth", "--yes");
    const again = await app.kitcn("init", "--yes", "--no-install");
    expect(again.stdout).toMatch(/next:\n {2}cd .*\n {2}npx kitcn dev /);
  });

  test("a configured functions directory is honoured", async () => {
    const app = cliApp("functions-dir", { packages: [] });
    await app.kitcn("init", "--yes", "--no-install");
    expect(app.has("convex/functions/_generated/api.js")).toBe(true);
    expect(app.has("convex/schema.ts")).toBe(false);
  });

  test("convex is what gets installed", async () => {
    const app = withoutConvex("vite");
    rmSync(app.path("node_modules"), { recursive: true });
    const { stdout } = await app.kitcn("init", "--dry-run");
    expect(stdout).toMatch(
      /would run {2}npm i --save-exact kitcn@\S+ better-auth@1\.7\.25\n[^]*would run {2}npm i convex@\^1\.48\.0 zod@\^4/,
    );
  });

  test.each([
    {
      name: "a package without a front end",
      manifest: {},
      says: /is not an app of a framework that kitcn knows/,
    },
    { name: "Expo", manifest: { dependencies: { expo: "1" } }, says: /is Expo/ },
    {
      name: "Next with the Pages Router",
      manifest: { dependencies: { next: "16" } },
      files: { "pages/index.tsx": "" },
      says: /is Next's Pages Router without an App Router layout in app\//,
    },
    {
      name: "Next whose app/ hides src/app/",
      manifest: { dependencies: { next: "16" } },
      files: { "app/page.tsx": "", "src/app/layout.tsx": "" },
      says: /is Next without an App Router layout in app\//,
    },
    {
      name: "Vue on Vite",
      manifest: { dependencies: { vue: "3" }, devDependencies: { vite: "8" } },
      says: /is Vue/,
    },
    {
      name: "Svelte on Vite",
      manifest: { devDependencies: { svelte: "5", vite: "8" } },
      says: /is Svelte/,
    },
    {
      name: "Vite without React",
      manifest: { devDependencies: { vite: "8" } },
      says: /is Vite without React/,
    },
    {
      name: "React Router's framework mode",
      manifest: {
        dependencies: { react: "19", "@react-router/dev": "7" },
        devDependencies: { vite: "8" },
      },
      says: /is React Router's framework mode/,
    },
    { name: "Remix", manifest: { dependencies: { "@remix-run/react": "2" } }, says: /is Remix/ },
  ])("$name is refused, with what to do", async ({ manifest, files = {}, says }) => {
    write({ ...files, "package.json": JSON.stringify(manifest) });
    const before = listFiles(root);
    const ran = await init("--yes");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toContain("npm install convex");
    expect(listFiles(root)).toEqual(before);
  });

  test.each(["next", "nuxt", "@sveltejs/kit", "@solidjs/start", "expo"])(
    "a monorepo's root names the apps in it: %s",
    async (framework) => {
      write({
        "package.json": '{ "workspaces": ["apps/*"] }',
        "apps/web/package.json": JSON.stringify({ dependencies: { [framework]: "1" } }),
        "apps/docs/package.json": "{}",
      });
      const { code, stderr } = await init("--yes");
      expect(code).toBe(1);
      expect(stderr).toMatch(/is not an app: it contains apps\/web\.[^]*cd apps\/web/);
    },
  );

  test("functions in another folder than the configured one are named", async () => {
    write({
      "package.json": '{ "dependencies": { "convex": "1" } }',
      "src/convex/schema.ts": "export default {};",
    });
    const { code, stderr } = await init("--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/src\/convex has Convex functions[^]*"functions": "src\/convex\/"/);
    expect(listFiles(root)).toEqual(["package.json", "src/convex/schema.ts"]);
  });

  test("no app at all, and nobody to ask", async () => {
    expect((await init("--yes")).stderr).toContain("There is no package.json");
    const app = withoutConvex("vite");
    expect(await app.kitcn("init", "--no-install")).toMatchObject({ code: 2 });
  });
});
