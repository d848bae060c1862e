// What Better Auth asks of an adapter and its published suites do not test, in every context.
// Registers the tests for one context; one file for each calls it, so that they run in parallel.
import type { DBAdapter } from "better-auth";
import { beforeEach, describe } from "vitest";
import { describeFilters, describePages } from "./beyond-reads.js";
import { describeAtomic, describeReferences, describeUniques } from "./beyond-writes.js";
import { createDeployment, type ConformanceContext } from "./harness.js";
import { options } from "./venue.js";

/** @see run.ts for the published suites */
export function describeBeyond(context: ConformanceContext): void {
  describe(`${context}: beyond the published suites`, () => {
    const deployment = createDeployment(context, { forceIds: false });
    let db: DBAdapter;
    beforeEach(() => {
      deployment.migrate(options);
      db = deployment.adapter(options);
    });
    describe("atomic operations", () => describeAtomic(() => db));
    describe("uniques and ids", () => describeUniques(() => db));
    describe("references", () => describeReferences(() => db));
    describe("filters", () => describeFilters(() => db));
    describe("order, pages and many rows", () => describePages(() => db));
  });
}
