// `kitcn add auth` on small apps: what it writes, what it leaves alone, and that a second run is a no-op.
import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { format } from "prettier";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, runCli, type CliApp } from "./support/cli.js";

const NO_DEPLOYMENT = [
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  "CONVEX_DEPLOYMENT",
  "CONVEX_DEPLOY_KEY",
  "CONVEX_DEPLOYMENT_TOKEN",
];

beforeEach(() => NO_DEPLOYMENT.forEach((name) => vi.stubEnv(name, "")));
afterEach(() => vi.unstubAllEnvs());

test("--crpc also gives procedures, those of examples/full; a file of that name is left alone", async () => {
  const app = cliApp("plain", { packages: [...PACKAGES, "zod", "hono"] });
  const manifest = app
    .read("package.json")
    .replace('"convex"', '"hono": "4", "zod": "4", "convex"');
  app.write("package.json", manifest);
  const ran = await app.kitcn("add", "auth", "--yes", "--crpc");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const example = readFileSync("examples/full/lib/crpc.ts", "utf8");
  const printed = app.read("lib/crpc.ts");
  expect(await format(printed, { parser: "typescript", printWidth: 100 })).toBe(example);
  app.write("lib/crpc.ts", "export {};\n");
  expect(await app.kitcn("add", "auth", "--yes", "--crpc")).toMatchObject({ code: 0 });
  expect(app.read("lib/crpc.ts")).toBe("export {};\n");
  expect(await app.kitcn("add", "auth", "--schema", "--crpc")).toMatchObject({ code: 2 });
});

describe("a plain app", () => {
  test("gets every file, and keeps its own lines", async () => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    const after = app.snapshot();
    expect(Object.keys(after).filter((name) => !(name in before))).toEqual([
      "convex/.env",
      "convex/_generated/api.d.ts",
      "convex/_generated/api.js",
      "convex/_generated/dataModel.d.ts",
      "convex/_generated/server.d.ts",
      "convex/_generated/server.js",
      "convex/auth.config.ts",
      "convex/auth.ts",
      "convex/convex.config.ts",
      "convex/generated/auth.tables.ts",
      "convex/generated/auth.ts",
      "convex/generated/routes.ts",
      "convex/generated/server.ts",
      "convex/generated/store.ts",
      "convex/http.ts",
      "convex/plugins.lock.json",
      "convex/relations.ts",
    ]);
    const changed = Object.keys(before).filter((name) => after[name] !== before[name]);
    expect(changed).toEqual(["convex/schema.ts"]);
    expect(after["convex/schema.ts"]).toContain("// Newest last.");
    expect(after["convex/schema.ts"]).toContain("user: userTable");
    expect(after["convex/.env"]).toMatch(/^# .*\nSITE_URL=http:\/\/localhost:3000\n$/);
    expect(after["convex/auth.ts"]).toContain(
      "plugins: [convex({ authConfig, jwks: process.env.JWKS })]",
    );
    expect(ran.stdout).toContain("npx kitcn env push");
  });

  test("a second run leaves every byte, and says so", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    const before = app.snapshot();
    const again = await app.kitcn("add", "auth", "--yes");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("nothing was written");
    expect(app.snapshot()).toEqual(before);
    expect(await app.kitcn("add", "auth", "--check")).toMatchObject({ code: 0 });
    expect(await app.kitcn("add", "auth", "--schema", "--check")).toMatchObject({ code: 0 });
    expect(await app.kitcn("codegen", "--check")).toMatchObject({ code: 0 });
  });

  test("works from a folder inside the app", async () => {
    const app = cliApp("plain");
    const { code } = await app.kitcn("add", "auth", "--yes", "--cwd", app.path("convex"));
    expect(code).toBe(0);
    expect(app.has("convex/auth.ts")).toBe(true);
  });

  test("--check and --dry-run write nothing and show a diff", async () => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const check = await app.kitcn("add", "auth", "--check");
    expect(check).toMatchObject({ code: 1, stderr: "" });
    const dry = await app.kitcn("add", "auth", "--dry-run");
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    for (const { stdout } of [check, dry]) {
      expect(stdout).toContain("--- /dev/null\n+++ b/convex/http.ts\n");
      expect(stdout).toContain("--- a/convex/schema.ts\n+++ b/convex/schema.ts\n");
    }
    expect(app.snapshot()).toEqual(before);
  });

  test("placement app mounts no component", async () => {
    const app = cliApp("plain");
    const { code } = await app.kitcn("add", "auth", "--yes", "--placement", "app");
    expect(code).toBe(0);
    expect(app.has("convex/convex.config.ts")).toBe(false);
    expect(app.read("convex/generated/auth.ts")).not.toContain("componentsGeneric");
  });

  test("an app without a schema gets one", async () => {
    const app = cliApp("plain", { files: { "convex/schema.ts": undefined } });
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    expect(app.read("convex/schema.ts")).toContain("user: userTable");
  });
});

describe("an app with convex/functions, its own http.ts, convex.config.ts, .env and prettier config", () => {
  test("is patched where needed and left alone elsewhere", async () => {
    const app = cliApp("functions-dir");
    const before = app.snapshot();
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const after = app.snapshot();
    expect(after["convex/.env"]).toMatch(
      /^# mine\nRESEND_API_KEY="re_secret_value_1234"\n# .*\nSITE_URL=http:\/\/localhost:3000\n$/,
    );
    expect(after["convex/functions/http.ts"]).toBe(
      before["convex/functions/http.ts"]!.replace(
        "import { httpAction } from './_generated/server'\n",
        "import { registerRoutes } from 'kitcn/auth/http'\nimport { httpAction } from './_generated/server'\nimport { authRoutes } from './generated/routes'\n",
      ).replace(
        "// The router of the app.\n",
        "registerRoutes(router, authRoutes)\n\n// The router of the app.\n",
      ),
    );
    expect(after["convex/functions/convex.config.ts"]).toContain(
      "app.use(rateLimiter) // limits\napp.use(authComponent)\n",
    );
    expect(after["convex/functions/auth.ts"]).toContain("    plugins: [convex({ authConfig");
    expect(after["convex/functions/auth.ts"]).toContain("import { convex } from 'kitcn/auth'\n");
    expect(after[".gitignore"]).toBe(before[".gitignore"]);
    await app.kitcn("add", "auth", "--yes");
    expect(app.snapshot()).toEqual(after);
  });

  test("never shows a value of .env", async () => {
    const app = cliApp("functions-dir");
    for (const flags of [["--dry-run"], ["--dry-run", "--json"], ["--check"], ["--yes"]]) {
      const { stdout, stderr } = await app.kitcn("add", "auth", ...flags);
      expect(stdout + stderr).not.toContain("re_secret_value_1234");
    }
  });
});

test("empty files are begun", async () => {
  const names = ["auth.ts", "auth.config.ts", "convex.config.ts", "http.ts", "relations.ts"];
  const files = Object.fromEntries(names.map((name) => [`convex/${name}`, ""]));
  const app = cliApp("plain", { files });
  const { code, stderr } = await app.kitcn("add", "auth", "--yes");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const name of names) expect(app.read(`convex/${name}`)).toContain("export default");
  const before = app.snapshot();
  expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  expect(app.snapshot()).toEqual(before);
});

test("a package that depends on the backend beside it makes none of its own", async () => {
  const manifest =
    '{ "name": "web", "dependencies": { "convex": "^1.44.0", "@repo/backend": "*" } }';
  const app = cliApp("plain", {
    files: {
      "package.json": '{ "name": "root", "workspaces": ["packages/*"] }',
      "packages/web/package.json": manifest,
      "packages/backend/package.json":
        '{ "name": "@repo/backend", "dependencies": { "convex": "^1.44.0" } }',
      "packages/backend/convex/schema.ts":
        'import { defineSchema } from "convex/server";\nexport default defineSchema({});\n',
      "packages/next/package.json":
        '{ "name": "next", "dependencies": { "convex": "^1.44.0", "next": "16.4.3" } }',
      "packages/next/convex/schema.ts": "export default {};\n",
      "packages/other/package.json": manifest.replace('"@repo/backend": "*"', '"next": "16.4.3"'),
    },
  });
  const before = app.snapshot();
  const web = ["--yes", "--no-install", "--cwd", app.path("packages/web")];
  const refused = await runCli("init", ...web);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/in .*backend\/convex\.[^]*npx kitcn add auth[^]*mkdir convex/);
  expect(app.snapshot()).toEqual(before);
  expect(await runCli("add", "auth", ...web)).toMatchObject({ code: 0, stderr: "" });
  expect(app.has("packages/web/convex")).toBe(false);
  expect(app.has("packages/backend/convex/auth.ts")).toBe(true);
  // An app that is merely in the same workspace has its own.
  const other = await runCli("init", "--yes", "--no-install", "--cwd", app.path("packages/other"));
  expect(other).toMatchObject({ code: 0, stderr: "" });
  // The way out that it names.
  mkdirSync(app.path("packages/web/convex"));
  const ran = await runCli("init", "--yes", "--no-install", "--cwd", app.path("packages/web"));
  expect(ran).toMatchObject({ code: 0, stderr: "" });
});

describe("files of the user", () => {
  test("auth.ts is never touched; auth.config.ts gains a provider, or is told the edit", async () => {
    const auth = `import { betterAuth } from "better-auth";\nimport { convex } from "kitcn/auth";\nimport authConfig from "./auth.config";\nimport { defineAuth } from "./generated/auth";\n\n// mine\nexport default defineAuth(() => ({ plugins: [convex({ authConfig })] }));\nexport { betterAuth };\n`;
    const authConfig = `export default { providers: [{ domain: "https://clerk.example.com", applicationID: "convex" }] };\n`;
    const app = cliApp("plain", {
      files: { "convex/auth.ts": auth, "convex/auth.config.ts": authConfig },
    });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(app.read("convex/auth.ts")).toBe(auth);
    expect(app.read("convex/auth.config.ts")).toMatch(
      /providers: \[\s*\{ domain: "https:\/\/clerk\.example\.com", applicationID: "convex" \},\s*getAuthConfigProvider\(\),?\s*\]/,
    );
    const again = await app.kitcn("add", "auth", "--yes");
    expect(again.stdout).toContain("nothing was written");

    const listed = `import { providers } from "./providers";\nexport default { providers };\n`;
    const other = cliApp("plain", {
      files: {
        "convex/auth.config.ts": listed,
        "convex/providers.ts": "export const providers = [];\n",
      },
    });
    const told = await other.kitcn("add", "auth", "--yes");
    expect(other.read("convex/auth.config.ts")).toBe(listed);
    expect(told.stdout).toContain("providers: [getAuthConfigProvider(), /* yours */]");
    // Sign-in cannot work yet.
    expect(told).toMatchObject({ code: 1 });
    expect(told.stdout).toMatch(/kitcn add auth: not finished[^]*error NO_CONVEX_PROVIDER:/);
  });

  test(".gitignore gains convex/.env only where nothing covers it", async () => {
    const bare = cliApp("plain", { files: { ".gitignore": "node_modules" } });
    await bare.kitcn("add", "auth", "--yes");
    expect(bare.read(".gitignore")).toBe("node_modules\nconvex/.env\n");
    const covered = cliApp("plain", { files: { ".gitignore": "/convex/.env\r\n" } });
    await covered.kitcn("add", "auth", "--yes");
    expect(covered.read(".gitignore")).toBe("/convex/.env\r\n");
  });

  test.each([".gitignore", "convex/.env", "convex/auth.ts", "convex/plugins.lock.json"])(
    "a folder in the place of %s is told, and nothing is written",
    async (name) => {
      const app = cliApp("plain");
      execFileSync("git", ["init", "-q"], { cwd: app.root });
      mkdirSync(app.path(name));
      const before = app.snapshot();
      const { code, stderr } = await app.kitcn("add", "auth", "--yes");
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`${app.path(name)} cannot be read: it is a folder.`),
      });
      expect(app.snapshot()).toEqual(before);
    },
  );

  test("git is asked whether it would track convex/.env", async () => {
    const git = (app: CliApp, ...args: string[]) => execFileSync("git", args, { cwd: app.root });
    const fresh = cliApp("plain");
    git(fresh, "init", "-q");
    await fresh.kitcn("add", "auth", "--yes");
    expect(fresh.read(".gitignore")).toBe("convex/.env\n");
    const covered = cliApp("plain", { files: { "convex/.gitignore": "*.env\n" } });
    git(covered, "init", "-q");
    await covered.kitcn("add", "auth", "--yes");
    expect(covered.has(".gitignore")).toBe(false);
    const tracked = cliApp("plain", { files: { "convex/.env": "A=1\n" } });
    git(tracked, "init", "-q");
    git(tracked, "add", "convex/.env");
    await tracked.kitcn("add", "auth", "--yes");
    expect(tracked.has(".gitignore")).toBe(false);
  });

  test("an edited auth table is kept, told as a conflict, and replaced by --overwrite", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    const edited = app
      .read("convex/schema.ts")
      .replace("emailVerified: v.boolean()", "emailVerified: v.string()");
    app.write("convex/schema.ts", edited);
    const kept = await app.kitcn("add", "auth", "--schema", "--yes");
    expect(kept).toMatchObject({ code: 0 });
    expect(kept.stdout).toContain("conflict: column user.emailVerified");
    expect(app.read("convex/schema.ts")).toBe(edited);
    await app.kitcn("add", "auth", "--schema", "--yes", "--overwrite");
    expect(app.read("convex/schema.ts")).toContain("emailVerified: v.boolean()");
  });

  test("--schema changes schema.ts, its lock and generated modules, and nothing else", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    app.remove("convex/http.ts");
    app.remove("convex/.env");
    const before = app.snapshot();
    app.write(
      "convex/auth.ts",
      app
        .read("convex/auth.ts")
        .replace(
          "import { convex",
          'import { username } from "better-auth/plugins";\nimport { convex',
        )
        .replace("plugins: [", "plugins: [username(), "),
    );
    expect(await app.kitcn("codegen")).toMatchObject({ code: 1 });
    expect(await app.kitcn("add", "auth", "--schema", "--check")).toMatchObject({ code: 1 });
    expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
    const changed = Object.entries(app.snapshot()).filter(([name, text]) => text !== before[name]);
    expect(changed.map(([name]) => name).sort()).toEqual([
      "convex/auth.ts",
      "convex/generated/auth.tables.ts",
      "convex/plugins.lock.json",
      "convex/schema.ts",
    ]);
  });
});

describe("refused, with nothing written", () => {
  const plain = (files: Record<string, string | undefined>) => cliApp("plain", { files });
  const cases: {
    name: string;
    app: () => ReturnType<typeof cliApp>;
    args?: string[];
    want: { code: number; says: RegExp };
  }[] = [
    {
      name: "--schema without auth.ts",
      app: () => plain({}),
      args: ["--schema", "--yes"],
      want: { code: 1, says: /auth\.ts[^]*kitcn add auth/ },
    },
    {
      name: "a syntax error in auth.ts",
      app: () => plain({ "convex/auth.ts": "export default {\n  a: ,\n};\n" }),
      want: { code: 1, says: /auth\.ts:2:\d+/ },
    },
    {
      name: "a syntax error in http.ts",
      app: () => plain({ "convex/http.ts": "const = 1;\n" }),
      want: { code: 1, says: /http\.ts:1:\d+ does not parse/ },
    },
    {
      name: "an app without convex",
      app: () => plain({ "package.json": '{ "name": "x" }' }),
      want: { code: 1, says: /does not depend on convex/ },
    },
    {
      name: "a broken package.json",
      app: () => plain({ "package.json": '{ "name": ' }),
      want: { code: 1, says: /package\.json is not valid JSON/ },
    },
    {
      name: "a broken convex.json",
      app: () => plain({ "convex.json": '{ "functions": 3 }' }),
      want: { code: 1, says: /"functions" in .*convex\.json/ },
    },
    {
      name: "a corrupt lock",
      app: () => plain({ "convex/plugins.lock.json": "<<<<<<< HEAD\n{}\n" }),
      want: { code: 1, says: /plugins\.lock\.json:1/ },
    },
    {
      name: "an unwritable package",
      app: () => cliApp("plain", { packages: PACKAGES.filter((one) => one !== "better-auth") }),
      args: ["--yes", "--no-install"],
      want: { code: 1, says: /lacks better-auth@1\.7\.25[^]*npm (i|install)/ },
    },
    {
      name: "a package manager that fails",
      app: () =>
        cliApp("plain", {
          packages: PACKAGES.filter((one) => one !== "better-auth"),
          files: {
            "package.json":
              '{ "name": "x", "packageManager": "no-such-pm@1.0.0", "dependencies": { "convex": "1", "kitcn": "1", "better-auth": "file:./missing" }, "devDependencies": { "@types/node": "1" } }',
          },
        }),
      want: {
        code: 1,
        says: /(failed:|lacks better-auth)[^]*(--no-install|Run:)|Run `npm i` until it succeeds/,
      },
    },
    {
      name: "functions outside of the functions directory",
      app: () => plain({ "convex.json": '{ "functions": "src/backend" }' }),
      want: { code: 1, says: /has Convex functions, but the functions directory is src\/backend/ },
    },
    {
      name: "nobody to ask",
      app: () => plain({}),
      args: [],
      want: { code: 2, says: /--yes/ },
    },
    {
      name: "a Hono router",
      app: () =>
        plain({
          "convex/http.ts":
            'import { Hono } from "hono";\nimport { HttpRouterWithHono } from "convex-helpers/server/hono";\nconst app = new Hono();\nexport default new HttpRouterWithHono(app);\n',
        }),
      want: { code: 1, says: /app\.use\(authMiddleware\(authRoutes\)\);/ },
    },
  ];
  test.each(cases)("$name", async ({ app: make, args = ["--yes"], want }) => {
    const app = make();
    const before = app.snapshot();
    const { code, stdout, stderr } = await app.kitcn("add", "auth", ...args);
    expect({ code, stdout }).toEqual({ code: want.code, stdout: "" });
    expect(stderr).toMatch(want.says);
    expect(app.snapshot()).toEqual(before);
    const asJson = await app.kitcn("add", "auth", ...args, "--json");
    expect(asJson).toMatchObject({ code: want.code, stderr: "" });
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      ok: false,
      error: { code: expect.any(String) },
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("a schema.ts that cannot be written", async () => {
    const app = cliApp("plain");
    const before = app.snapshot();
    chmodSync(app.path("convex/schema.ts"), 0o444);
    chmodSync(app.path("convex"), 0o555);
    const { code, stderr } = await app.kitcn("add", "auth", "--yes");
    chmodSync(app.path("convex"), 0o755);
    // Root may write everywhere; for anyone else this is refused.
    if (process.getuid?.() === 0) expect(code).toBe(0);
    else {
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("cannot be written"),
      });
      expect(app.snapshot()).toEqual(before);
    }
  });
});

describe("the live end", () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((_, response) => response.end("ok"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (typeof address !== "object" || !address) throw new Error("no port");
    vi.stubEnv("CONVEX_SELF_HOSTED_URL", `http://127.0.0.1:${address.port}`);
    vi.stubEnv("CONVEX_SELF_HOSTED_ADMIN_KEY", "admin|secret-admin-key");
  });
  afterEach(() => server.close());

  test("sets what is missing in one batch, pushes, then stores the keys", async () => {
    const app = cliApp("plain");
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { env, calls } = app.convex.state();
    expect(env.SITE_URL).toBe("http://localhost:3000");
    expect(env.BETTER_AUTH_SECRET!.length).toBeGreaterThanOrEqual(43);
    expect(JSON.parse(env.JWKS!)).toHaveLength(1);
    expect(calls.filter((one) => one.startsWith("batch"))).toEqual([
      "batch BETTER_AUTH_SECRET,SITE_URL",
      "batch JWKS",
    ]);
    expect(calls.findIndex((one) => one.startsWith("dev --once"))).toBeGreaterThan(
      calls.indexOf("batch BETTER_AUTH_SECRET,SITE_URL"),
    );
    for (const secret of [env.BETTER_AUTH_SECRET!, "private-of", "secret-admin-key"])
      expect(ran.stdout + ran.stderr).not.toContain(secret);
    const second = await app.kitcn("add", "auth", "--yes");
    expect(second.code).toBe(0);
    expect(app.convex.state().env).toEqual(env);
    expect(app.convex.state().calls.slice(calls.length)).toEqual(["env list --include-values"]);
  });

  test("overrides nothing that is set there", async () => {
    const app = cliApp("plain");
    const env = {
      SITE_URL: "http://localhost:5173",
      BETTER_AUTH_SECRET: "kept-kept-kept-kept-kept-kept-kept",
    };
    app.convex.setState({ env });
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    expect(app.convex.state().env).toMatchObject(env);
    expect(app.convex.state().calls).toContain("run generated/auth:latestJwks {}");
  });

  test("a push that fails ends with 1; the files stay, the reason is told without secrets", async () => {
    const app = cliApp("plain");
    app.convex.setState({ fail: { dev: "Schema error: admin|secret-admin-key is not shown" } });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("created     convex/auth.ts");
    expect(ran.stderr).toContain("Schema error: <CONVEX_SELF_HOSTED_ADMIN_KEY> is not shown");
    const again = await app.kitcn("add", "auth", "--yes", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({
      ok: false,
      error: { code: "CONVEX_CLI_FAILED" },
    });
  });

  test("a running `convex dev` pushes by itself: its functions are waited for", async () => {
    const url = process.env.CONVEX_SELF_HOSTED_URL;
    vi.stubEnv("CONVEX_SELF_HOSTED_URL", "");
    const app = cliApp("plain", {
      files: { ".env.local": `CONVEX_DEPLOYMENT=anonymous:anonymous-agent\nCONVEX_URL=${url}\n` },
    });
    vi.stubEnv("CONVEX_DEPLOYMENT", undefined);
    app.convex.setState({
      fail: { run: "Could not find function for 'generated/auth:rotateKeys'" },
    });
    const running = app.kitcn("add", "auth", "--yes");
    await vi.waitUntil(() => app.convex.state().calls.some((one) => one.startsWith("run")), {
      timeout: 200_000,
      interval: 5,
    });
    app.convex.setState({ fail: {} });
    expect(await running).toMatchObject({ code: 0 });
    const { env, calls } = app.convex.state();
    expect(Object.keys(env).sort()).toEqual(["BETTER_AUTH_SECRET", "JWKS", "SITE_URL"]);
    expect(calls.filter((one) => one.startsWith("dev"))).toEqual([]);
  });

  test("a deployment in the cloud is left alone", async () => {
    vi.stubEnv("CONVEX_SELF_HOSTED_URL", "");
    vi.stubEnv("CONVEX_DEPLOYMENT", "dev:happy-animal-123");
    const app = cliApp("plain");
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    expect(app.convex.state().calls).toEqual([]);
  });
});
