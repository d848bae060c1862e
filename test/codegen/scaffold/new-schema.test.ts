// schema.ts of an app that had none: its own functions type-check as before.
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, type CliApp } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { typeCheck } from "../support/type-check.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const OPEN = "{ strictTableNameTypes: false }";

/** The fixture, whose one function reads the table `messages`, without its schema. */
function schemaless(files: Readonly<Record<string, string>> = {}): CliApp {
  const app = cliApp("plain", { files, convex: "real" });
  rmSync(app.path("convex/schema.ts"));
  return app;
}

test("functions that use a table without a schema type-check after `add auth`", async () => {
  const app = schemaless();
  expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  const schema = app.read("convex/schema.ts");
  expect(schema).toContain("user: userTable,");
  expect(schema).toContain(OPEN);
  expect(typeCheck([app.path("convex/messages.ts"), app.path("convex/auth.ts")])).toEqual([]);
  const again = await app.kitcn("add", "auth", "--schema", "--check");
  expect(again, again.stdout).toMatchObject({ code: 0 });
  expect(await app.kitcn("add", "plugin", "two-factor", "--yes")).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).toContain("twoFactor: twoFactorTable,");
});

test.each([["init"], ["add auth --preset convex"]])("%s", async (line) => {
  const app = schemaless();
  const ran = await app.kitcn(...line.split(" "), "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).toContain(OPEN);
});

test("an app whose functions use no table gets a schema that lists all of them", async () => {
  const messages =
    'import { query } from "./_generated/server";\n\nexport const one = query(() => 1);\n';
  const app = schemaless({ "convex/messages.ts": messages });
  expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).not.toContain("strictTableNameTypes");
});
