// Guards the list against drift: what is listed exists, cannot apply, and nothing else is left out.
import * as suites from "@better-auth/test-utils/adapter";
import { getAuthTables } from "better-auth/db";
import { describe, expect, it } from "vitest";
import { planTables } from "../../codegen/plan/plan-tables.js";
import { createDeployment } from "./harness.js";
import { INAPPLICABLE } from "./inapplicable.js";
import { SUITES, suiteNamesFor } from "./run.js";

const user = {
  id: "forced",
  name: "A",
  email: "a@example.com",
  emailVerified: false,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

describe("inapplicable tests", () => {
  it("name suites that the package has, each with a reason", () => {
    for (const { suite, reason } of INAPPLICABLE) {
      const exportName = `${suite.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}TestSuite`;
      expect(suites).toHaveProperty(exportName);
      expect(reason.length).toBeGreaterThan(20);
    }
  });

  it("are all that is left out: every suite of the package runs or is listed", () => {
    const published = Object.keys(suites)
      .filter((name) => name.endsWith("TestSuite") && name !== "createTestSuite")
      .map((name) => name.replace("TestSuite", "").replace(/[A-Z]/g, (l) => `-${l.toLowerCase()}`));
    for (const context of ["mutation", "action", "component", "split"] as const) {
      const listed = INAPPLICABLE.filter((one) => one.contexts.includes(context));
      const names = [...suiteNamesFor(context), ...listed.map((one) => one.suite)];
      expect(names.sort()).toEqual(published.sort());
    }
    expect(Object.keys(SUITES)).not.toContain("number-id");
  });

  it("transactions: in an action the first call of a failing unit of work stays", async () => {
    const options = {};
    const deployment = createDeployment("action");
    deployment.migrate(options);
    const adapter = deployment.adapter(options);
    const failing = adapter.transaction(async (tx) => {
      await tx.create({ model: "user", data: user, forceAllowId: true });
      throw new Error("Simulated failure");
    });
    await expect(failing).rejects.toThrow("Simulated failure");
    expect(adapter.options?.adapterConfig.transaction).toBe(false);
    expect(await adapter.findMany({ model: "user" })).toHaveLength(1);
  });

  it.each(["mutation", "component", "split"] as const)(
    "transactions: %s rolls back",
    async (context) => {
      const deployment = createDeployment(context);
      deployment.migrate({});
      const adapter = deployment.adapter({});
      const failing = adapter.transaction(async (tx) => {
        await tx.create({ model: "user", data: user, forceAllowId: true });
        throw new Error("Simulated failure");
      });
      await expect(failing).rejects.toThrow("Simulated failure");
      expect(await adapter.findMany({ model: "user" })).toEqual([]);
    },
  );

  it("number-id: the adapter and codegen refuse serial ids", () => {
    const options = { advanced: { database: { generateId: "serial" } } } as const;
    const deployment = createDeployment("mutation");
    expect(() => deployment.adapter(options)).toThrow("does not support numeric ids");
    expect(() => planTables(getAuthTables(options), { placement: "app", options })).toThrow(
      "serial",
    );
  });
});
