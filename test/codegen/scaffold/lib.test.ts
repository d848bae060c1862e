// lib/get-env.ts and lib/crpc.ts: where init and add auth write them, what uses them, and apps that cannot have them.
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { typeCheck } from "../support/type-check.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const packages = [...PACKAGES, "zod", "hono"];
const appOf = (name: string, files: Record<string, string> = {}) => {
  const app = cliApp(name, { packages, files, convex: "real" });
  const manifest = JSON.parse(app.read("package.json")) as {
    dependencies: Record<string, string>;
  };
  const more = { zod: "^4.0.0", hono: "^4.0.0", kitcn: "0.1.0", "better-auth": "1.7.25" };
  const dependencies = { ...manifest.dependencies, ...more };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  return app;
};
const run = async (app: CliApp, ...args: string[]) => {
  const ran = await app.kitcn(...args, "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran;
};
const modulesOf = (app: CliApp) =>
  Object.keys(app.snapshot())
    .filter((name) => /\.ts$/.test(name) && /^(convex|lib)\//.test(name))
    .map(app.path);

const LAYOUTS = [
  { name: "plain", functions: "convex", lib: "lib" },
  { name: "functions-dir", functions: "convex/functions", lib: "convex/lib" },
];

describe.each(LAYOUTS)("functions in $functions", ({ name, functions, lib }) => {
  test("init writes get-env where ../lib is; auth.ts and auth.config.ts read through it", async () => {
    const app = appOf(name);
    await run(app, "init");
    expect(app.read(`${lib}/get-env.ts`)).toMatch(/export const getEnv = createEnv\(/);
    expect(app.read("convex/.env")).toContain("SITE_URL=http://localhost:3000");
    await run(app, "add", "auth");
    const auth = app.read(`${functions}/auth.ts`);
    expect(auth).toMatch(/import \{ getEnv \} from ['"]\.\.\/lib\/get-env['"]/);
    expect(auth).toMatch(/baseURL: getEnv\(\)\.SITE_URL[^]*jwks: getEnv\(\)\.JWKS/);
    expect(auth).not.toContain("process.env");
    expect(app.read(`${functions}/auth.config.ts`)).toMatch(
      /getAuthConfigProvider\(\{ jwks: getEnv\(\)\.JWKS \}\)/,
    );
    const before = app.snapshot();
    await run(app, "init");
    await run(app, "add", "auth");
    expect(app.snapshot()).toEqual(before);
  });

  test("an app without get-env keeps reading process.env", async () => {
    const app = appOf(name);
    await run(app, "add", "auth");
    expect(app.has(`${lib}/get-env.ts`)).toBe(false);
    expect(app.read(`${functions}/auth.ts`)).toContain("process.env.SITE_URL");
    expect(app.read(`${functions}/auth.config.ts`)).toContain("getAuthConfigProvider()");
  });
});

test("init --crpc, then add auth: procedures and routes gain auth where nobody changed them", async () => {
  const app = appOf("plain");
  await run(app, "init", "--crpc");
  expect(app.read("lib/crpc.ts")).toContain('from "../convex/_generated/server"');
  expect(app.read("convex/http.ts")).toMatch(/createHttpRouter\(app, httpRouter\)/);
  expect(typeCheck(modulesOf(app))).toEqual([]);
  await run(app, "add", "auth");
  expect(app.read("lib/crpc.ts")).toContain('from "../convex/generated/server"');
  expect(app.read("lib/crpc.ts")).toContain("export const authQuery");
  expect(app.read("convex/http.ts")).toContain("app.use(authMiddleware(getAuth));");
  expect(typeCheck(modulesOf(app))).toEqual([]);
  const before = app.snapshot();
  await run(app, "add", "auth", "--crpc");
  await run(app, "add", "auth");
  expect(app.snapshot()).toEqual(before);
});

test("init --crpc, a change, then add auth: the change stays, and the edit is printed", async () => {
  const app = appOf("plain");
  await run(app, "init", "--crpc");
  const http = app.read("convex/http.ts").replace("router({})", "router({ /* mine */ })");
  app.write("convex/http.ts", http);
  const ran = await app.kitcn("add", "auth", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("app.use(authMiddleware(authRoutes));");
  expect(app.read("convex/http.ts")).toBe(http);
});

test("add auth --crpc in an app that had neither: get-env, crpc and the http.ts over Hono; then plugins", async () => {
  const app = appOf("plain");
  await run(app, "add", "auth", "--crpc");
  for (const name of ["lib/get-env.ts", "lib/crpc.ts"]) expect(app.has(name)).toBe(true);
  expect(app.read("convex/auth.ts")).toContain("getEnv().SITE_URL");
  expect(app.read("convex/http.ts")).toContain("new Hono()");
  // Plugins with roles bring their procedures, where nobody changed lib/crpc.ts.
  const plain = app.read("lib/crpc.ts");
  await run(app, "add", "plugin", "organization", "admin");
  const names = [...app.read("lib/crpc.ts").matchAll(/export const (organization|admin)(\w+)/g)];
  const kinds = ["Query", "Mutation", "Action", "Route"];
  expect(names.map(([, plugin, kind]) => `${plugin}${kind}`)).toEqual(
    ["organization", "admin"].flatMap((plugin) => kinds.map((kind) => plugin + kind)),
  );
  app.write(
    "convex/guarded.ts",
    `import { adminMutation, organizationAction, organizationQuery } from "../lib/crpc";

export const members = organizationQuery.query(async ({ ctx }) => {
  const { member, organizationId } = ctx;
  const all = await ctx.db.query("member").collect();
  return { role: member.role, count: all.filter((one) => one.organizationId === organizationId).length };
});
export const joined = organizationAction.action(async ({ ctx }): Promise<number> => ctx.member.createdAt);
export const own = adminMutation.mutation(async ({ ctx }) => (await ctx.db.get(ctx.user._id))?.email ?? ctx.roles.join());
`,
  );
  expect(typeCheck(modulesOf(app))).toEqual([]);
  const both = app.read("lib/crpc.ts");
  const auth = app.read("convex/auth.ts");
  const others = auth.replace("admin()", 'admin({ adminRoles: ["admin", "user"] })');
  app.write("convex/auth.ts", others);
  // Who may call a procedure is never changed by a run: whether the file or auth.ts is meant, only its author knows.
  const other = await app.kitcn("codegen");
  expect(other).toMatchObject({ code: 0 });
  expect(other.stdout).toContain(
    'lib/crpc.ts: its admin procedures are for "admin", and adminRoles in auth.ts names "admin", "user".',
  );
  expect(app.read("lib/crpc.ts")).toBe(both);
  app.write("lib/crpc.ts", both.replace('"admin"', '["admin", "user"]'));
  expect((await app.kitcn("codegen")).stdout).not.toContain("its admin procedures");
  expect((await app.kitcn("codegen", "--check")).code).toBe(0);

  // A module of the app uses them: they stay, and the run says so.
  const inUse = app.read("lib/crpc.ts");
  const kept = await run(app, "remove", "plugin", "admin", "--force");
  expect(app.read("lib/crpc.ts")).toBe(inUse);
  expect(kept.stdout).toMatch(
    /lib\/crpc\.ts keeps the procedures of the admin plugin[^]*convex\/guarded\.ts \(adminMutation\)[^]*npx kitcn codegen/,
  );
  app.remove("convex/guarded.ts");
  expect(await app.kitcn("codegen")).toMatchObject({ code: 0 });
  expect(app.read("lib/crpc.ts")).not.toMatch(/adminQuery|requireRole/);
  await run(app, "remove", "plugin", "organization");
  expect(app.read("lib/crpc.ts")).toBe(plain);
});

test("a changed lib/crpc.ts stays as it is, and the run names the procedures that it lacks", async () => {
  const app = appOf("plain");
  await run(app, "add", "auth", "--crpc");
  const own = `${app.read("lib/crpc.ts")}// mine\n`;
  app.write("lib/crpc.ts", own);
  const ran = await run(app, "add", "plugin", "organization", "username");
  expect(ran.stdout).toMatch(
    /lib\/crpc\.ts: you changed this file[^]*organizationQuery[^]*server\.md/,
  );
  expect(app.read("lib/crpc.ts")).toBe(own);
  app.write("lib/crpc.ts", `${own}export const organizationQuery = publicQuery;\n`);
  const again = await run(app, "add", "plugin", "organization");
  expect(again.stdout).not.toContain("you changed this file");
});

test("add auth, then add auth --crpc: the http.ts that nobody changed becomes the one over Hono", async () => {
  const app = appOf("plain");
  await run(app, "add", "auth");
  await run(app, "add", "auth", "--crpc");
  expect(app.read("convex/http.ts")).toContain("createHttpRouter(app, httpRouter)");
});

test("a router of the user's stays, and the run says that it serves no procedures' routes", async () => {
  const app = appOf("functions-dir");
  const ran = await run(app, "add", "auth", "--crpc");
  expect(app.read("convex/functions/http.ts")).toContain("registerRoutes(router, authRoutes)");
  expect(ran.stdout).toContain("serves no routes of procedures");
});

test("a get-env of the user's own is read only where it has the variables of auth", async () => {
  const own = `import { createEnv } from "kitcn/server";
import { z } from "zod";
export const getEnv = createEnv({ server: { SITE_URL: z.string() } });
`;
  const app = appOf("plain", { "lib/get-env.ts": own });
  await run(app, "init");
  expect(app.read("lib/get-env.ts")).toBe(own);
  await run(app, "add", "auth");
  expect(app.read("convex/auth.ts")).toContain("process.env.SITE_URL");
});

describe("an app with zod 3", () => {
  const appWithOldZod = () => {
    const app = appOf("plain");
    const manifest = app.read("package.json").replace('"zod": "^4.0.0"', '"zod": "^3.20.0"');
    app.write("package.json", manifest);
    app.remove("node_modules/zod");
    app.write("node_modules/zod/package.json", '{ "name": "zod", "version": "3.20.0" }');
    return app;
  };
  test("has no get-env, and reads process.env", async () => {
    const app = appWithOldZod();
    expect((await run(app, "init")).stdout).toContain("needs zod 4");
    expect(app.has("lib/get-env.ts")).toBe(false);
    await run(app, "add", "auth");
    expect(app.read("convex/auth.ts")).toContain("process.env.SITE_URL");
  });
  test("has no procedures", async () => {
    const app = appWithOldZod();
    const ran = await app.kitcn("init", "--crpc", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toMatch(/zod 3[^]*zod@\^4/);
    expect(app.has("lib/crpc.ts")).toBe(false);
  });
});

test("functions in the app's own folder have no lib beside them", async () => {
  const app = appOf("plain", { "convex.json": '{ "functions": "./" }', "schema.ts": "export {};" });
  const before = Object.keys(app.snapshot()).map(dirname);
  const ran = await app.kitcn("init", "--crpc", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toMatch(/leave --crpc out/);
  expect(Object.keys(app.snapshot()).map(dirname)).toEqual(before);
});

test("browsers on another site may call auth routes that are not below /api", async () => {
  const auth = (basePath: string) => `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  basePath: "${basePath}",
  plugins: [convex({ authConfig })],
}));
`;
  const config = (basePath: string) => `import { getAuthConfigProvider } from "kitcn/auth/config";

export default { providers: [getAuthConfigProvider({ basePath: "${basePath}" })] };
`;
  const app = appOf("plain");
  await run(app, "init", "--crpc");
  const place = (basePath: string) => {
    app.write("convex/auth.ts", auth(basePath));
    app.write("convex/auth.config.ts", config(basePath));
  };
  place("/api/custom");
  await run(app, "add", "auth", "--crpc");
  expect(app.read("convex/http.ts").match(/app\.use\(\s*"[^"]*"/g)).toEqual([
    'app.use(\n  "/api/*"',
  ]);
  // http.ts is still as kitcn wrote it.
  place("/custom/auth/path/");
  await run(app, "add", "auth", "--crpc");
  expect(app.read("convex/http.ts")).toContain(
    'app.use("/api/*", browsers);\napp.use("/custom/auth/path/*", browsers);\n',
  );
  expect(typeCheck(modulesOf(app))).toEqual([]);
  const before = app.snapshot();
  await run(app, "add", "auth", "--crpc");
  expect(app.snapshot()).toEqual(before);
});
