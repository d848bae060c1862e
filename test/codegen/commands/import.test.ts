// `kitcn import` on the command line: what it asks for, what it refuses, and that a dry run writes nothing.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

const USERS = `id,email,name,city\n1,a@b.co,A,Bonn\n2,,B,\n`;

beforeEach(() => {
  for (const name of [
    "CONVEX_SELF_HOSTED_URL",
    "CONVEX_SELF_HOSTED_ADMIN_KEY",
    "CONVEX_DEPLOY_KEY",
    "CONVEX_DEPLOYMENT",
  ])
    vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

async function appWithAuth(...flags: string[]) {
  const app = cliApp("plain", { files: { "users.csv": USERS } });
  const added = await app.kitcn("add", "auth", "--yes", "--no-install", ...flags);
  expect(added, added.stderr).toMatchObject({ code: 0 });
  return app;
}

test.each([
  [["import"], "Say where the users come from: better-auth-component, convex-auth, clerk"],
  [["import", "firebase", "x"], "firebase"],
  [["import", "csv"], "Name the export of csv"],
  [["import", "csv", "x", "--default", "plan"], '--default takes a name and a value with "="'],
  [["import", "csv", "x", "--back"], "work only with --rewrite"],
  [["import", "csv", "x", "--name", "my shop"], '--name takes letters, digits, ".", "_" and "-"'],
  [["import", "--rewrite", "a.b", "--name", "shop"], "--name works only with a source"],
  [["import", "csv", "--undo", "--rewrite", "a.b"], "cannot be used with"],
  [["import", "csv", "x", "--dry-rnu"], "Did you mean --dry-run?"],
  [["import", "--rewrite", "notes"], "takes a table and a field"],
])("%j is refused with exit code 2", async (args, want) => {
  const app = cliApp("plain");
  const { code, stderr } = await app.kitcn(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(want);
});

test("a dry run counts, needs no deployment and writes nothing", async () => {
  const app = await appWithAuth();
  const before = app.snapshot();
  const { code, stdout, stderr } = await app.kitcn(
    ...["import", "csv", app.path("users.csv"), "--dry-run"],
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("2 records");
  expect(stdout).toContain("user: 1 row\n");
  expect(stdout).toContain("user, it has no email address");
  expect(stdout).toContain("user.city: 1 row");
  expect(app.snapshot()).toEqual(before);
});

test("an export without users is refused, or writes nothing where it is merely empty", async () => {
  const app = await appWithAuth();
  stubCloudDeployment();
  app.write("bad.csv", "hello\n");
  app.write("empty.csv", "id,email,name\n");
  const before = app.snapshot();
  for (const flag of ["--dry-run", "--yes"]) {
    const bad = await app.kitcn("import", "csv", app.path("bad.csv"), flag);
    expect(bad).toMatchObject({ code: 2, stdout: "" });
    expect(bad.stderr).toContain("needed: email");
    expect(bad.stderr).toContain("found: hello");
    const empty = await app.kitcn("import", "csv", app.path("empty.csv"), flag);
    expect(empty, empty.stderr).toMatchObject({ code: 0 });
    expect(empty.stdout).toContain("0 users");
  }
  expect(app.snapshot()).toEqual(before);
  expect(app.convex.state().calls).toEqual([]);
});

test("the tables of the import come with generated/import.ts, and go when it is gone", async () => {
  const app = await appWithAuth();
  app.write("convex/generated/import.ts", "// anything\n");
  expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).toContain("importedId");
  expect(app.read("convex/generated/import.ts")).toContain("createAuthImport");
  expect(await app.kitcn("codegen", "--check")).toMatchObject({ code: 0 });
  app.remove("convex/generated/import.ts");
  expect(await app.kitcn("add", "auth", "--schema", "--prune", "--yes")).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).not.toContain("importedId");
});

test("tables of the preset for plain Convex", async () => {
  const app = await appWithAuth("--preset", "convex");
  const dry = await app.kitcn("import", "csv", app.path("users.csv"), "--dry-run");
  expect(dry, dry.stderr).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain("create  convex/generated/import.ts");
});

test("--prod with a key of another deployment is refused, before anything is written", async () => {
  const app = await appWithAuth();
  vi.stubEnv("CONVEX_DEPLOY_KEY", "dev:happy-otter-1|secret");
  vi.stubEnv("CONVEX_URL", "https://happy-otter-1.convex.cloud");
  const before = app.snapshot();
  for (const args of [
    ["csv", app.path("users.csv"), "--yes"],
    ["csv", "--undo", "--yes"],
    ["--rewrite", "notes.userId"],
  ]) {
    const { code, stdout } = await app.kitcn("import", ...args, "--prod", "--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "WRONG_DEPLOY_KEY" } });
  }
  expect(app.snapshot()).toEqual(before);
  expect(app.convex.state().calls).toEqual([]);
});

test("nobody to ask, no deployment, no auth", async () => {
  const app = await appWithAuth();
  const args = ["import", "csv", app.path("users.csv"), "--json"];
  const codeOf = async () => {
    const { stdout } = await app.kitcn(...args);
    return (JSON.parse(stdout) as { error: { code: string } }).error.code;
  };
  expect(await codeOf()).toBe("NO_DEPLOYMENT");
  stubCloudDeployment();
  expect(await codeOf()).toBe("NEEDS_YES");
  const plain = cliApp("plain", { files: { "users.csv": USERS } });
  const bare = await plain.kitcn("import", "csv", plain.path("users.csv"), "--dry-run");
  expect(bare.stderr).toContain("kitcn add auth");
});
