// generated/ of this package is what the generator makes today.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tables } from "../../generated/component.tables.js";
import schema from "../../generated/component.schema.js";
import { REPO } from "../codegen/support/app.js";

test("generated/ is up to date", () => {
  const run = () =>
    execFileSync(process.execPath, ["scripts/generate.mjs", "--check"], { cwd: REPO, stdio: "pipe" });
  expect(run).not.toThrow();
});

test("the component's metadata describes the component's schema", () => {
  expect(Object.keys(schema.tables).sort()).toEqual(Object.keys(tables).sort());
  for (const [key, model] of Object.entries(tables)) {
    const table = Object.entries(schema.tables).find(([name]) => name === key)?.[1];
    const columns = Object.values(model.fields).map((field) => field.column);
    expect(Object.keys(table?.validator.fields ?? {}).sort()).toEqual(["id", ...columns].sort());
    const indexes = table?.[" indexes"]().map((one) => [one.indexDescriptor, one.fields]);
    expect(indexes).toEqual(Object.entries(model.indexes));
  }
});
