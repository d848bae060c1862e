// `kitcn add auth --preset convex`: the server half alone, its tables in authSchema.ts, again after every change.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";

const PRESET = ["add", "auth", "--preset", "convex", "--yes"] as const;

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

async function presetApp(name = "plain") {
  const app = cliApp(name);
  const before = app.snapshot();
  const ran = await app.kitcn(...PRESET);
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const edit = (file: string, from: string, to: string) => {
    expect(app.read(file)).toContain(from);
    app.write(file, app.read(file).replace(from, to));
  };
  return { app, before, after: app.snapshot(), ran, edit };
}

/** The plugin list of a new auth.ts, and one with a plugin more. */
const PLUGINS = "plugins: [convex({ authConfig, jwks: process.env.JWKS })]";
const MORE = "plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization()]";

describe("a plain app", () => {
  test("gets the server half, without a component, relations or procedures", async () => {
    const { before, after } = await presetApp();
    expect(Object.keys(after).filter((name) => !(name in before))).toEqual([
      "convex/.env",
      "convex/_generated/api.d.ts",
      "convex/_generated/api.js",
      "convex/_generated/dataModel.d.ts",
      "convex/_generated/server.d.ts",
      "convex/_generated/server.js",
      "convex/auth.config.ts",
      "convex/auth.ts",
      "convex/authSchema.ts",
      "convex/generated/auth.tables.ts",
      "convex/generated/auth.ts",
      "convex/generated/routes.ts",
      "convex/generated/server.ts",
      "convex/generated/store.ts",
      "convex/http.ts",
      "convex/plugins.lock.json",
    ]);
    expect(after["convex/schema.ts"]).toContain("// Newest last.");
    expect(after["convex/schema.ts"]).toContain("  ...authTables,\n});");
    expect(after["convex/schema.ts"]).not.toContain("userTable");
    expect(after["convex/authSchema.ts"]).toMatch(/^(import .*\n){2}\n\/\*\* Better Auth: user\./);
    for (const table of ["user", "session", "account", "verification", "jwks"])
      expect(after["convex/authSchema.ts"]).toContain(`  ${table}: ${table}Table,\n`);
  });

  test("a second run writes nothing; other commands find everything in its place", async () => {
    const { app, after } = await presetApp();
    const again = await app.kitcn(...PRESET);
    expect(again.stdout).toContain("nothing was written");
    for (const args of [
      ["add", "auth", "--preset", "convex", "--check"],
      ["add", "auth", "--schema", "--check"],
      ["codegen", "--check"],
    ])
      expect(await app.kitcn(...args)).toMatchObject({ code: 0 });
    expect(app.snapshot()).toEqual(after);
  });

  test("--dry-run, --check and --json write nothing", async () => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const command = ["add", "auth", "--preset", "convex"];
    const dry = await app.kitcn(...command, "--dry-run", "--json");
    const report = JSON.parse(dry.stdout) as { status: string; files: { path: string }[] };
    expect(report).toMatchObject({
      ok: true,
      command: "add auth --preset convex",
      status: "planned",
    });
    expect(report.files.map(({ path }) => path)).toContain("convex/authSchema.ts");
    const check = await app.kitcn(...command, "--check");
    expect(check).toMatchObject({ code: 1 });
    expect(check.stdout).toContain("--- /dev/null\n+++ b/convex/authSchema.ts\n");
    expect(await app.kitcn(...command)).toMatchObject({ code: 2 });
    expect(app.snapshot()).toEqual(before);
  });
});

describe("after a change of plugins", () => {
  test("authSchema.ts follows, the user's lines in it stay, and --prune takes it back", async () => {
    const { app, after, edit } = await presetApp();
    edit(
      "convex/authSchema.ts",
      "  name: v.string(),\n",
      "  name: v.string(),\n  nick: v.optional(v.string()), // mine\n",
    );
    const mine = app.read("convex/authSchema.ts");
    edit("convex/auth.ts", PLUGINS, MORE);
    edit("convex/auth.ts", "import", 'import { organization } from "better-auth/plugins";\nimport');
    const more = await app.kitcn(...PRESET);
    expect(more, more.stderr).toMatchObject({ code: 0, stderr: "" });
    const grown = app.read("convex/authSchema.ts");
    expect(grown).toContain("  member: memberTable,\n");
    expect(grown).toContain("  nick: v.optional(v.string()), // mine\n");
    expect(grown).toContain("  activeOrganizationId: ");
    expect(app.read("convex/schema.ts")).toBe(after["convex/schema.ts"]);

    edit("convex/auth.ts", MORE, PLUGINS);
    const kept = await app.kitcn(...PRESET);
    expect(kept.stdout).toContain("orphaned: table invitation, member, organization");
    expect(app.read("convex/authSchema.ts")).toContain("memberTable");
    expect(await app.kitcn(...PRESET, "--prune")).toMatchObject({ code: 0 });
    expect(app.read("convex/authSchema.ts")).toBe(mine);
  });

  test("a table that schema.ts uses by name is not pruned", async () => {
    const { app, edit } = await presetApp();
    edit("convex/auth.ts", PLUGINS, MORE);
    edit("convex/auth.ts", "import", 'import { organization } from "better-auth/plugins";\nimport');
    await app.kitcn(...PRESET);
    edit("convex/schema.ts", "{ authTables }", "{ authTables, invitationTable }");
    edit("convex/auth.ts", MORE, PLUGINS);
    const pruned = await app.kitcn(...PRESET, "--prune");
    expect(pruned.stdout).toContain("other code of the schema uses it");
    expect(app.read("convex/authSchema.ts")).toContain("export const invitationTable");
  });

  test("`add auth --schema` keeps new tables in authSchema.ts too", async () => {
    const { app, after, edit } = await presetApp();
    edit("convex/auth.ts", PLUGINS, MORE);
    edit("convex/auth.ts", "import", 'import { organization } from "better-auth/plugins";\nimport');
    expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
    expect(app.read("convex/authSchema.ts")).toContain("  member: memberTable,\n");
    expect(app.read("convex/schema.ts")).toBe(after["convex/schema.ts"]);
  });
});

test("a table of the user's own stays the user's", async () => {
  const user = "user: defineTable({ name: v.string() }),\n  messages:";
  const app = cliApp("plain");
  app.write("convex/schema.ts", app.read("convex/schema.ts").replace("messages:", user));
  const ran = await app.kitcn(...PRESET);
  expect(ran.stdout).toContain("email");
  expect(app.read("convex/schema.ts")).toContain(user);
  expect(app.read("convex/authSchema.ts")).not.toContain("userTable");
});

test("a front end is left alone, and told where its wiring is documented", async () => {
  const { before, after, ran } = await presetApp("next-convex");
  const changed = Object.keys(before).filter((name) => after[name] !== before[name]);
  expect(changed.filter((name) => !name.startsWith("convex/"))).toEqual([]);
  expect(
    Object.keys(after).filter((name) => !(name in before) && !name.startsWith("convex/")),
  ).toEqual([]);
  expect(ran.stdout).toContain("docs/manual.md");
});

describe("refused, with nothing written", () => {
  test.each([
    { flags: ["--preset", "convex", "--schema"], says: /kitcn add auth --preset convex --yes/ },
    { flags: ["--preset", "convex", "--crpc"], says: /--crpc/ },
    { flags: ["--preset", "expo"], says: /Allowed choices are convex/ },
  ])("$flags is a mistake of usage", async ({ flags, says }) => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const ran = await app.kitcn("add", "auth", "--yes", ...flags);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(says);
    expect(app.snapshot()).toEqual(before);
  });

  test("an app that is not initialized, and one with the whole surface", async () => {
    const bare = cliApp("plain");
    for (const name of Object.keys(bare.snapshot()))
      if (name.startsWith("convex/")) bare.remove(name);
    const early = await bare.kitcn(...PRESET);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/needs a Convex app that is initialized[^]*npx kitcn init --yes/);

    const whole = cliApp("plain");
    await whole.kitcn("add", "auth", "--yes");
    const before = whole.snapshot();
    const late = await whole.kitcn(...PRESET);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain("npx kitcn add auth --schema --yes");
    expect(whole.snapshot()).toEqual(before);
  });
});
