// Registers the suites for one context. Called by one test file for each, so that they run in parallel.
import {
  authFlowTestSuite,
  caseInsensitiveTestSuite,
  joinsTestSuite,
  normalTestSuite,
  testAdapter,
  transactionsTestSuite,
  uuidTestSuite,
} from "@better-auth/test-utils/adapter";
import { beforeAll, vi } from "vitest";
import { createDeployment, type ConformanceContext } from "./harness.js";
import { INAPPLICABLE } from "./inapplicable.js";

/** By the names the suites give themselves. */
export const SUITES = {
  normal: normalTestSuite,
  "auth-flow": authFlowTestSuite,
  joins: joinsTestSuite,
  transactions: transactionsTestSuite,
  "case-insensitive": caseInsensitiveTestSuite,
  uuid: uuidTestSuite,
} as const;

type SuiteName = keyof typeof SUITES;

/** The suites that run in a context. */
export function suiteNamesFor(context: ConformanceContext): SuiteName[] {
  const left = INAPPLICABLE.filter((one) => one.contexts.includes(context)).map((one) => one.suite);
  return (Object.keys(SUITES) as SuiteName[]).filter((name) => !left.includes(name)); // its own keys
}

export async function runConformance(context: ConformanceContext): Promise<void> {
  const deployment = createDeployment(context);
  // The suites report their progress at length.
  beforeAll(() => void vi.spyOn(console, "log").mockImplementation(() => {}));
  const { execute } = await testAdapter({
    adapter: () => deployment.adapter,
    runMigrations: deployment.migrate,
    prefixTests: context,
    tests: suiteNamesFor(context).map((name) => SUITES[name]()),
  });
  execute();
}
