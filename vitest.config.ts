// Every suite but the browser's. Names folders and files by how they want to be run, and no test.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import "./test/support/children.js";

/**
 * What takes longest, by the beginning of its path: first the files of minutes, then folders. Such files start first,
 * so that the last worker is not alone with one of them. Without results of an earlier run, as on a fresh clone, vitest
 * takes the largest file of a rank first, and how large a file is says little.
 */
const SLOW = [
  "faults/fuzz",
  "e2e/endpoints",
  "seed/",
  "creators/",
  "faults/atomicity",
  "e2e/every-plugin",
  "e2e/placements",
  "faults/",
  "e2e/",
  "codegen/env/",
  "codegen/commands/",
  "corpus/",
  "docs/",
];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOW.findIndex((start) => moduleId.includes(`/test/${start}`));
  return rank === -1 ? SLOW.length : rank;
}

const ALL = ["test/**/*.test.ts", "test/**/*.test.tsx"];
const NEVER = ["test/browser/**", "test/matrix/**", "test/fixtures/**", "**/node_modules/**"];

/** Node's half keeps nothing between files: they share one process each worker, with its parsers loaded and warm. */
const CODEGEN = ["test/codegen/**", "test/corpus/**"];

/** These change nothing that another file sees. One process serves many: to start one takes as long as most of them. */
const PURE = [
  "test/conformance/**",
  ...["adapter", "component", "orm", "proxy", "query", "store", "triggers"].map(
    (room) => `test/src/${room}/**`,
  ),
];

export default defineConfig({
  test: {
    testTimeout: 240_000,
    hookTimeout: 300_000,
    pool: "forks",
    // By default one processor stays idle; and a worker often waits, for a process it started or for npm.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    server: { deps: { inline: ["convex-test"] } },
    projects: [
      {
        extends: true,
        test: { name: "apart", include: ALL, exclude: [...NEVER, ...CODEGEN, ...PURE] },
      },
      {
        extends: true,
        test: {
          name: "pure",
          include: PURE.map((folder) => `${folder}/*.test.ts`),
          exclude: NEVER,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "codegen",
          include: CODEGEN.map((folder) => `${folder}/*.test.ts`),
          exclude: NEVER,
          isolate: false,
        },
      },
    ],
  },
});
