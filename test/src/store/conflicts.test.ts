// When a mutation of an action is called again.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { againOnConflict } from "../../../src/store/conflicts.js";

const CONFLICTS = [
  '{"code":"OptimisticConcurrencyControlFailure","message":"Documents read from ..."}',
  'Documents read from or written to the "rateLimit" table changed while this mutation was being run and on every subsequent retry.',
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Fails with these messages, one a call, then answers. */
function mutation(failures: readonly string[]) {
  const left = [...failures];
  return vi.fn(async () => {
    const message = left.shift();
    if (message !== undefined) throw new Error(message);
    return "done";
  });
}

async function outcomeOf(mutate: () => Promise<string>): Promise<string> {
  const outcome = againOnConflict(mutate).catch((error: Error) => error.message);
  await vi.runAllTimersAsync();
  return outcome;
}

test.for([
  ["no conflict", { failures: [], want: "done", calls: 1 }],
  ["conflicts, by code and by words", { failures: CONFLICTS, want: "done", calls: 3 }],
  ["another error", { failures: ["no such user"], want: "no such user", calls: 1 }],
  [
    "a conflict, then another error",
    { failures: [CONFLICTS[0]!, "no such user"], want: "no such user", calls: 2 },
  ],
  [
    "conflicts without end",
    { failures: Array<string>(20).fill(CONFLICTS[1]!), want: CONFLICTS[1]!, calls: 6 },
  ],
] as const)("%s", async ([, { failures, want, calls }]) => {
  const mutate = mutation(failures);
  expect(await outcomeOf(mutate)).toBe(want);
  expect(mutate).toHaveBeenCalledTimes(calls);
});
