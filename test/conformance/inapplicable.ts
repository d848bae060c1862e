// The published tests that cannot apply, each with its reason. inapplicable.test.ts proves every entry.
import type { numberIdTestSuite, transactionsTestSuite } from "@better-auth/test-utils/adapter";
import type { ConformanceContext } from "./harness.js";

type TestNames<Suite extends (options: never) => unknown> = Exclude<
  keyof NonNullable<NonNullable<Parameters<Suite>[0]>["disableTests"]>,
  "ALL"
>;

export type Inapplicable = {
  readonly contexts: readonly ConformanceContext[];
  readonly suite: string;
  /** Names of the suite's tests, checked by the compiler against the installed package; or all of them. */
  readonly tests: readonly string[] | "all";
  readonly reason: string;
};

const rollsBack = "transaction - should rollback failing transaction" satisfies TestNames<
  typeof transactionsTestSuite
>;
/** Stands for the suite; all of it needs what its name says. */
export const numberIdTest = "create - should return a number id" satisfies TestNames<
  typeof numberIdTestSuite
>;

export const INAPPLICABLE: readonly Inapplicable[] = [
  {
    contexts: ["action"],
    suite: "transactions",
    tests: [rollsBack],
    reason:
      "A Convex transaction is one mutation; it cannot span several calls of an action. HTTP requests, where it matters, run inside one mutation as a whole.",
  },
  {
    contexts: ["mutation", "action", "component", "split"],
    suite: "number-id",
    tests: "all",
    reason:
      "Convex ids are strings. Numbers would need a counter document that every insert contends for, so the option is refused, by the adapter and by codegen.",
  },
];
