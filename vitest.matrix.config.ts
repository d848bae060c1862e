// What takes too long for every change: versions and packages that kitcn is used with. `npm run test:all`.
import { defineConfig } from "vitest/config";
import "./test/support/children.js";

export default defineConfig({
  test: {
    include: ["test/matrix/*.test.ts"],
    // For those that sign in with a browser.
    globalSetup: "test/browser/support/setup.ts",
    pool: "forks",
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    server: { deps: { inline: ["convex-test"] } },
  },
});
