// Better Auth's own CLI gets the blocks that `kitcn add auth --schema` writes.
import { relative } from "node:path";
import { getAuthTables } from "better-auth/db";
import { username } from "better-auth/plugins";
import { expect, test } from "vitest";
import { createSchema } from "../../../codegen/commands/create-schema.js";
import { authFile, fixture, makeApp } from "../support/app.js";

const AUTH = authFile(
  "{ plugins: [username()] }",
  'import { username } from "better-auth/plugins";',
);

test.each([
  { name: "a new schema", schema: undefined },
  { name: "the user's schema", schema: fixture("cases/schema-styles/inline.ts") },
])("$name", async ({ schema }) => {
  const app = makeApp({
    "convex/auth.ts": AUTH,
    ...(schema !== undefined && { "convex/schema.ts": schema }),
  });
  const before = app.snapshot();
  const tables = getAuthTables({ plugins: [username()] });
  const created = await createSchema({ project: app.project, tables });
  expect(app.snapshot()).toEqual(before);
  expect(created.path).toBe(relative(process.cwd(), app.path("convex/schema.ts")));

  await app.run();
  expect(app.read("convex/schema.ts")).toBe(created.code);
  // Written by the other CLI first, the blocks are known again by ours.
  const other = makeApp({ "convex/auth.ts": AUTH, "convex/schema.ts": created.code });
  const outcome = await other.run();
  expect(outcome.tables.every((table) => table.owner === "managed")).toBe(true);
  expect(other.read("convex/schema.ts")).toBe(created.code);
  const again = await createSchema({ project: other.project, tables });
  expect(again.code).toBe(created.code);
});
