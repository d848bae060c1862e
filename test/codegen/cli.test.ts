// The program: flags, help, exit codes, and that --json owns stdout. Once as the built bin, as users run it.
import { readFileSync } from "node:fs";
import { x } from "tinyexec";
import { describe, expect, test } from "vitest";
import { cliApp, runCli } from "./support/cli.js";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("usage", () => {
  test.each([
    {
      args: ["add", "auth", "--yse"],
      says: /unknown option '--yse'[^]*--yes[^]*npx kitcn add auth --help/,
    },
    {
      args: ["add", "auth", "--presett", "convex"],
      says: /unknown option '--presett'[^]*--preset/,
    },
    { args: ["add", "auth", "extra"], says: /too many arguments/ },
    { args: ["add", "auht"], says: /unknown command 'auht'[^]*auth/ },
    { args: ["ad"], says: /unknown command 'ad'[^]*add[^]*npx kitcn --help/ },
    { args: ["add", "auth", "--placement", "elsewhere"], says: /split, component, app/ },
    { args: ["add", "auth", "--placement"], says: /argument missing/ },
    { args: ["add", "auth", "--check", "--yes"], says: /cannot be used with/ },
    { args: ["add", "auth", "--check", "--dry-run"], says: /cannot be used with/ },
    { args: ["codegen", "--yes"], says: /unknown option '--yes'/ },
    { args: ["env", "push", "--rotat"], says: /--rotate/ },
    { args: ["env"], says: /command is missing after `kitcn env`[^]*kitcn env --help/ },
    { args: ["add"], says: /command is missing after `kitcn add`[^]*kitcn add --help/ },
    { args: ["help", "nope"], says: /no command 'nope'/ },
    { args: [], says: /command is missing/ },
    { args: ["add", "auth", "--cwd", "/no/such/folder"], says: /not a folder/ },
  ])("$args ends with 2", async ({ args, says }) => {
    const plain = await runCli(...args);
    expect(plain).toMatchObject({ code: 2, stdout: "" });
    expect(plain.stderr).toMatch(says);
    expect(plain.stderr).not.toMatch(/\n {4}at /);
    const json = await runCli(...args, "--json");
    expect(json).toMatchObject({ code: 2, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      error: {
        hint: expect.any(String),
        docs: expect.stringMatching(/^docs\/errors\.md#[a-z_]+$/),
      },
    });
  });

  test.each([
    { args: ["--help"], says: ["kitcn add auth --yes", "codegen", "env"] },
    {
      args: ["add", "auth", "--help"],
      says: ["Examples:", "--schema", "--placement", "--no-install"],
    },
    { args: ["help"], says: ["kitcn add auth --yes", "codegen", "env"] },
    { args: ["help", "codegen"], says: ["Examples:", "--check"] },
    { args: ["codegen", "-h"], says: ["Examples:", "--check"] },
    { args: ["env", "push", "--help"], says: ["Examples:", "--rotate", "--prod", "--from-file"] },
  ])("$args prints help on stdout", async ({ args, says }) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const text of says) expect(stdout).toContain(text);
  });

  test("--version prints the version", async () => {
    expect(await runCli("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    expect(await runCli("-v")).toMatchObject({ stdout: `${version}\n` });
  });
});

describe("--json", () => {
  test("prints one document for every outcome", async () => {
    const app = cliApp("functions-dir");
    const check = await app.kitcn("add", "auth", "--check", "--json");
    expect(check).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: false, status: "drift" });
    const written = await app.kitcn("add", "auth", "--yes", "--json");
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(written.stdout)).toMatchObject({
      ok: true,
      status: "written",
      files: expect.arrayContaining(
        [
          { path: "convex/functions/auth.ts", action: "created" },
          { path: "convex/functions/http.ts", action: "patched" },
          { path: ".gitignore", action: "unchanged" },
        ].slice(0, 2),
      ),
      tables: expect.arrayContaining([{ table: "user", owner: "managed", action: "added" }]),
    });
    const again = await app.kitcn("add", "auth", "--yes", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, status: "in-sync" });
    const schema = await app.kitcn("add", "auth", "--schema", "--json");
    expect(JSON.parse(schema.stdout)).toMatchObject({ ok: true, status: "in-sync" });
    const codegen = await app.kitcn("codegen", "--json");
    expect(JSON.parse(codegen.stdout)).toMatchObject({ ok: true, command: "codegen" });
  });

  test("what auth.ts prints does not reach stdout", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    app.write("convex/auth.ts", `console.log("noise");\n${app.read("convex/auth.ts")}`);
    const { stdout } = await app.kitcn("add", "auth", "--schema", "--check", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  });
});

describe("kitcn codegen", () => {
  test("rewrites generated files, and only those; --check tells drift", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    const before = app.snapshot();
    app.remove("convex/generated/auth.ts");
    app.write("convex/generated/auth.tables.ts", "export const tables = {};\n");
    const check = await app.kitcn("codegen", "--check");
    expect(check.code).toBe(1);
    expect(check.stdout).toContain("+++ b/convex/generated/auth.ts");
    expect(app.has("convex/generated/auth.ts")).toBe(false);
    expect(await app.kitcn("codegen")).toMatchObject({ code: 0 });
    expect(app.snapshot()).toEqual(before);
  });

  test("an auth.config.ts that is missing: the command that writes it", async () => {
    const auth = `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [convex({ authConfig })] }));
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": auth } });
    const { code, stderr } = await app.kitcn("codegen");
    expect(code).toBe(1);
    expect(stderr).toMatch(/convex\/auth\.ts:2 imports "\.\/auth\.config"/);
    expect(stderr).toContain("Run `npx kitcn add auth --yes` to create it");
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    expect(await app.kitcn("codegen")).toMatchObject({ code: 0 });
  });

  test("a failing run leaves the last good files", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    app.write("convex/auth.ts", "export default 1;\n");
    const before = app.snapshot();
    expect(await app.kitcn("codegen")).toMatchObject({ code: 1, stdout: "" });
    expect(app.snapshot()).toEqual(before);
  });
});

describe("the built bin", () => {
  const bin = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await x(
      process.execPath,
      ["dist/codegen/bin.js", ...args],
      {
        nodeOptions: { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } },
      },
    );
    return { code: exitCode, stdout, stderr };
  };

  test.each([
    { node: "18.20.8", code: 1 },
    { node: "20.18.3", code: 1 },
    { node: "20.19.0", code: 0 },
    { node: "24.1.0", code: 0 },
  ])("on Node $node ends with $code", async ({ node, code }) => {
    const fake = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"${node}"}})`;
    const args = ["--import", `data:text/javascript,${fake}`, "dist/codegen/bin.js", "--version"];
    const { exitCode, stdout, stderr } = await x(process.execPath, args);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: code ? "" : `${version}\n` });
    if (code) expect(stderr).toContain(`kitcn needs Node 20.19 or later; this is ${node}.`);
  });

  test("answers as it does in process", async () => {
    expect(await bin("--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    expect(await bin("add", "auth", "--yse")).toMatchObject({ code: 2, stdout: "" });
    const app = cliApp("plain");
    const first = await bin("add", "auth", "--yes", "--json", "--cwd", app.root);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ status: "written" });
    const second = await bin("add", "auth", "--check", "--cwd", app.root);
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).not.toContain("\u001B[");
  });

  test("ends, whatever auth.ts keeps running, and never by its exit", async () => {
    const app = cliApp("plain");
    await app.kitcn("add", "auth", "--yes");
    const text = app.read("convex/auth.ts");
    app.write("convex/auth.ts", `setInterval(() => {}, 1000);\n${text}`);
    const check = await bin("add", "auth", "--schema", "--check", "--cwd", app.root);
    expect(check, check.stderr).toMatchObject({ code: 0 });
    const exits = `console.error("KEY is missing");\nprocess.exit(0);\n`;
    app.write("convex/auth.ts", text.replace("export default", `${exits}export default`));
    const left = await bin("add", "auth", "--schema", "--check", "--cwd", app.root);
    expect(left).toMatchObject({ code: 1, stdout: "" });
    expect(left.stderr).toMatch(/KEY is missing\n[^]*convex\/auth\.ts:\d+: process\.exit\(0\)/);
  });
});
