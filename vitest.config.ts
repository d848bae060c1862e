import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: ["test/browser/**", "test/fixtures/**", "**/node_modules/**"],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    pool: "forks",
    server: { deps: { inline: ["convex-test"] } },
  },
});
