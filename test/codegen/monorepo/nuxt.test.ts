// A Nuxt app in a repository of several packages: what it has already is found, and paths fit its own folder.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, type TestRepo } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

/** The backend is another package. */
const nuxtRepo = (files: Readonly<Record<string, string>> = {}): TestRepo =>
  makeRepo(
    {
      "packages/backend": { app: "plain", name: "@acme/backend" },
      "apps/site": { app: "nuxt", name: "site", dependencies: { "@acme/backend": "*" } },
    },
    { files },
  );

test("an app whose backend is another package is wired in its own folder", async () => {
  const page = "apps/site/app/pages/(site)/auth.vue";
  const repo = nuxtRepo({
    [page]: "<template>\n  <h1>Mine</h1>\n</template>\n",
    "apps/site/app/app.vue": "<template>\n  <NuxtPage />\n</template>\n",
  });
  const ran = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(`${page} is your page at /auth`);
  expect(repo.has("apps/site/server/api/auth/[...all].ts")).toBe(true);
  expect(repo.has("apps/site/app/pages/auth/index.vue")).toBe(false);
  expect(repo.read("apps/site/.env.local")).toContain("\nCONVEX_URL=http://127.0.0.1:3210\n");
  expect(repo.has("packages/backend/convex/auth.ts")).toBe(true);
  expect(repo.has("packages/backend/server/utils/auth.ts")).toBe(false);
  const again = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(again.stdout).toContain("nothing was written");
});

test("a route below /api/auth is refused", async () => {
  const route = "apps/site/server/api/auth/[...path].ts";
  const repo = nuxtRepo({ [route]: "export default defineEventHandler(() => null);\n" });
  const before = repo.snapshot();
  const ran = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(`${route}:1: this route answers below /api/auth already.`);
  expect(repo.snapshot()).toEqual(before);
});
