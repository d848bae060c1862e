// `npx @better-auth/cli generate` through the real program: the blocks that `kitcn add auth --schema` writes.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { fixture } from "../support/app.js";
import { installBetterAuthCli } from "../support/better-auth-cli.js";
import { cliApp, type CliApp } from "../support/cli.js";

vi.setConfig({ testTimeout: 300_000 });

const run = promisify(execFile);

let program = "";
beforeAll(async () => {
  program = await installBetterAuthCli();
}, 600_000);

const AUTH = "convex/auth.ts";
const SCHEMA = "convex/schema.ts";

const files = {
  [AUTH]: fixture("cases/saas.auth.ts"),
  "convex/auth.config.ts":
    'import { getAuthConfigProvider } from "kitcn/auth/config";\nexport default { providers: [getAuthConfigProvider()] };\n',
  // What `convex codegen` writes, as far as it runs.
  "convex/_generated/api.js":
    'import { anyApi, componentsGeneric } from "convex/server";\nexport const api = anyApi;\nexport const internal = anyApi;\nexport const components = componentsGeneric();\n',
  // What one of the schemas imports.
  "convex/billing/tables.ts": fixture("schema-styles/_modules/billing/tables.ts"),
  // For those who wire an instance by hand: its plugins have endpoints.
  "instance.ts":
    'import { betterAuth } from "better-auth";\nimport definition from "./convex/auth";\nimport { adapter } from "./convex/generated/auth";\n\nconst ctx = {} as never;\nexport const auth = betterAuth({ ...definition(ctx), database: adapter(ctx) });\n',
};

const packages = ["kitcn", "better-auth", "@better-auth/core", "@better-auth/api-key", "zod"];

/** `betterAuth()` takes plugins, where `defineAuth` takes descriptions as well. */
function authFor(config: string): string {
  const entry = config === AUTH ? "kitcn/auth" : "kitcn/auth/plugin";
  return files[AUTH].replace('from "kitcn/auth"', `from "${entry}"`);
}

function generate(app: CliApp, config: string) {
  const env = { ...process.env, BETTER_AUTH_TELEMETRY: "0" };
  const args = [program, "generate", "--config", config, "-y"];
  return run(process.execPath, args, { cwd: app.root, env });
}

describe.each(["inline", "consts-no-semi"])("into the user's schema, %s", (style) => {
  test.each([AUTH, "instance.ts"])("by --config %s", async (config) => {
    const before = fixture(`cases/schema-styles/${style}.ts`);
    const app = cliApp("plain", {
      files: { ...files, [AUTH]: authFor(config), [SCHEMA]: before },
      packages,
      convex: "real",
    });
    await app.kitcn("add", "auth", "--schema", "--yes");
    const wanted = app.snapshot();

    app.write(SCHEMA, before);
    app.remove("convex/plugins.lock.json");
    await generate(app, config);
    expect(app.read(SCHEMA)).toBe(wanted[SCHEMA]);

    // A second time nothing changes, and kitcn knows the blocks for its own.
    await generate(app, config);
    expect(app.read(SCHEMA)).toBe(wanted[SCHEMA]);
    await app.kitcn("add", "auth", "--schema", "--yes");
    expect(app.snapshot()).toEqual(wanted);
  });
});

test("variables that are not set in the shell stop nothing", async () => {
  const app = cliApp("plain", { packages, convex: "real" });
  await app.kitcn("init", "--yes", "--no-install");
  await app.kitcn("add", "auth", "--yes", "--no-install");
  expect(app.read("convex/auth.config.ts")).toContain("getEnv()");
  const wanted = app.snapshot();
  await generate(app, AUTH);
  expect(app.snapshot()).toEqual(wanted);
});

test("a change of plugins changes the blocks, and leaves the user's lines", async () => {
  const app = cliApp("plain", { files, packages, convex: "real" });
  await app.kitcn("add", "auth", "--schema", "--yes");
  app.write(
    SCHEMA,
    app
      .read(SCHEMA)
      .replace("  email: v.string(),", "  email: v.string(),\n  nick: v.string(), // mine"),
  );
  app.write(
    AUTH,
    app
      .read(AUTH)
      .replace("    username(),\n", "    username(),\n    phoneNumber(),\n")
      .replace("import { admin,", "import { phoneNumber, admin,"),
  );
  await generate(app, AUTH);
  expect(app.read(SCHEMA)).toContain("  nick: v.string(), // mine");
  expect(app.read(SCHEMA)).toContain('.index("by_phoneNumber", ["phoneNumber"])');
});
