import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where a file takes longest; such files start first, so that the last worker is not alone with one of them. */
const SLOW = ["e2e/", "creators/", "docs/", "faults/", "codegen/commands/", "corpus/", "codegen/"];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOW.findIndex((folder) => moduleId.includes(`/test/${folder}`));
  return rank === -1 ? SLOW.length : rank;
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: ["test/browser/**", "test/fixtures/**", "**/node_modules/**"],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    pool: "forks",
    // By default one processor stays idle; and a worker often waits, for a process it started or for npm.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    server: { deps: { inline: ["convex-test"] } },
  },
});
