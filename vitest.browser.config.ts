import { defineConfig } from "vitest/config";
import "./test/support/children.js";

// The browser suite, apart from the others: it needs a browser, and builds whole apps.
export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: "test/browser/support/setup.ts",
    testTimeout: 400_000,
    // Three apps are installed and built, maybe on a busy machine.
    hookTimeout: 1_200_000,
    maxWorkers: 2,
    pool: "forks",
    // Each test is a visitor of its own, and mostly waits.
    sequence: { concurrent: true },
    maxConcurrency: 4,
  },
});
