// generated/ of this package is what the generator makes today, and fits every choice of first-party plugins.
import { execFileSync } from "node:child_process";
import type { BetterAuthOptions } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import { sso } from "@better-auth/sso";
import { describe, expect, test } from "vitest";
import { mergeSources } from "../../codegen/plan/packaged.js";
import { planTables } from "../../codegen/plan/plan-tables.js";
import { packModel } from "../../codegen/print/packed-tables.js";
import { tables } from "../../generated/component.tables.js";
import { unpackTables } from "../../src/component/packed.js";
import { componentSchema } from "../../src/component/schema-of.js";
import schema from "../../src/component/schema.js";
import { REPO } from "../codegen/support/app.js";
import { schemaOf } from "../support/convex-schema.js";
import { MATRIX } from "../support/plugin-matrix.js";

/** `export` is what a push calls; it is not in the public types. */
const exported = (one: object) => (one as { export: () => string }).export();

test("generated/ is up to date", () => {
  const run = () =>
    execFileSync(process.execPath, ["scripts/generate.mjs", "--check"], {
      cwd: REPO,
      stdio: "pipe",
    });
  expect(run).not.toThrow();
});

const cases = Object.entries<BetterAuthOptions>({
  ...MATRIX,
  "organization without teams": { plugins: [organization()] },
  "sso without domains": { plugins: [sso()] },
  "secondary storage": {
    secondaryStorage: {
      get: () => null,
      getAndDelete: () => null,
      set: () => {},
      delete: () => {},
      increment: () => 1,
    },
  },
});

describe.each(cases)("the packaged component and %s", (_, options) => {
  const source = getAuthTables(options);
  const plan = planTables(source, { placement: "component" });

  test("it holds these tables, whatever they are called in the app", () => {
    expect(plan.notes).toEqual([]);
    expect(plan.hasLocalComponent).toBe(false);
    const renamed = Object.entries(source).map(([key, table]) => [
      key,
      { ...table, modelName: `${table.modelName}s` },
    ]);
    const again = planTables(Object.fromEntries(renamed), { placement: "component" });
    expect(again.hasLocalComponent).toBe(false);
  });

  test("its schema is the one codegen would print for an app", () => {
    const own = planTables(source, { placement: "component", packaged: {}, forceIds: true });
    expect(own.hasLocalComponent).toBe(true);
    expect(JSON.parse(exported(componentSchema(own.tables)))).toEqual(
      JSON.parse(exported(schemaOf(own.component))),
    );
  });

  test("its metadata survives packing", () => {
    const own = planTables(source, { placement: "component", packaged: {}, forceIds: true });
    const packed = Object.entries(own.tables).map(([key, model]) => [key, packModel(model)]);
    expect(unpackTables(Object.fromEntries(packed))).toEqual(own.tables);
  });
});

test("the component's schema has every table of the metadata", () => {
  expect(Object.keys(schema.tables).sort()).toEqual(Object.keys(tables).sort());
  expect(Object.keys(tables)).toHaveLength(36);
});

describe("what makes a component of the app's own", () => {
  const local = (options: Parameters<typeof getAuthTables>[0]) =>
    planTables(getAuthTables(options), { placement: "component" });
  const thirdParty = {
    id: "wallet",
    schema: { purse: { fields: { userId: { type: "string" as const, required: true } } } },
  };

  test.each([
    {
      given: "an additional field",
      options: { user: { additionalFields: { plan: { type: "string" as const } } } },
      want: 'user has the field "plan"',
    },
    { given: "a third-party plugin", options: { plugins: [thirdParty] }, want: "purse is a model" },
  ])("$given", ({ options, want }) => {
    const plan = local(options);
    expect(plan.hasLocalComponent).toBe(true);
    expect(plan.notes.join()).toContain(want);
    expect(Object.values(plan.tables).map(({ placement }) => placement)).not.toContain("app");
  });
});

test("a field that a choice of plugins lacks is optional in the packaged table", () => {
  const field = { type: "string", required: true };
  const merged = mergeSources([
    { user: { modelName: "user", fields: { name: field } } },
    { user: { modelName: "user", fields: { name: field, plan: field } } },
  ]);
  expect(merged["user"]?.fields).toMatchObject({
    name: { required: true },
    plan: { required: false },
  });
});
