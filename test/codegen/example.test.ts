// examples/teams is committed with its auth tables: in sync with its auth.ts, and checked as in an app's CI.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { REPO } from "./support/app.js";
import { cliApp, runCli } from "./support/cli.js";
import { CONVEX_GENERATED, typeCheck } from "./support/type-check.js";

const EXAMPLE = join(REPO, "examples/teams");

test("the committed example is in sync", async () => {
  const ran = await runCli("add", "auth", "--schema", "--check", "--cwd", EXAMPLE);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
});

test("a plugin that is added and not refreshed fails the check, with a diff", async () => {
  const app = cliApp("plain", { convex: "real" });
  cpSync(EXAMPLE, app.root, { recursive: true, filter: (path) => !path.includes("node_modules") });
  app.write(
    "convex/auth.ts",
    app
      .read("convex/auth.ts")
      .replace("    admin(),", "    admin(),\n    username(),")
      .replace("{ admin, organization }", "{ admin, organization, username }"),
  );
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--schema", "--check");
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain("--- a/convex/schema.ts\n+++ b/convex/schema.ts\n");
  expect(ran.stdout).toMatch(/^\+  username: v\.optional/m);
  expect(app.snapshot()).toEqual(before);

  expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).toContain("  nickname: v.optional(v.string()),");
  expect(await app.kitcn("add", "auth", "--schema", "--check")).toMatchObject({ code: 0 });
});

test("it type-checks", () => {
  const app = cliApp("plain", { convex: "real" });
  cpSync(EXAMPLE, app.root, { recursive: true, filter: (path) => !path.includes("node_modules") });
  for (const [name, text] of Object.entries(CONVEX_GENERATED)) app.write(`convex/${name}`, text);
  expect(
    typeCheck(["auth.ts", "schema.ts", "http.ts"].map((name) => app.path(`convex/${name}`))),
  ).toEqual([]);
});
