// A SvelteKit app in a repository of several packages: what it has already is found, and paths fit its own folder.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, type TestRepo } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

type Files = Readonly<Record<string, string>>;

const BINDING = {
  "node_modules/convex-svelte/package.json": '{ "name": "convex-svelte", "version": "0.14.0" }',
};

/** The backend is another package. */
const siteRepo = (files: Files = {}): TestRepo =>
  makeRepo(
    {
      "packages/backend": { app: "plain", name: "@acme/backend" },
      "apps/site": { app: "sveltekit", name: "site", dependencies: { "@acme/backend": "*" } },
    },
    { files: { ...BINDING, ...files } },
  );

test("a route below /api/auth is refused", async () => {
  const route = "apps/site/src/routes/api/auth/[...path]/+server.ts";
  const repo = siteRepo({ [route]: "export const GET = () => null;\n" });
  const before = repo.snapshot();
  const ran = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain(`${route}:1: this route answers below /api/auth already.`);
  expect(repo.snapshot()).toEqual(before);
});

test("a page at /auth stays, and the advice for Vite is relative to Vite's root", async () => {
  const page = "apps/site/src/routes/(app)/auth/+page.svelte";
  const repo = siteRepo({ [page]: "<h1>Mine</h1>\n" });
  const ran = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain(`${page} is your page at /auth`);
  expect(repo.has("apps/site/src/routes/auth/+page.svelte")).toBe(false);
  expect(repo.has("apps/site/src/routes/api/auth/[...all]/+server.ts")).toBe(true);
  expect(repo.has("apps/site/convex.json")).toBe(false);
  expect(ran.stdout).toContain("your functions are in packages/backend/convex/");
  expect(ran.stdout).toContain('server: { fs: { allow: ["../../packages/backend/convex"] } }');
});

test("functions below src of its own are named relative to convex.json", async () => {
  const repo = makeRepo(
    {
      "apps/site": { app: "sveltekit", name: "site" },
      "apps/admin": { app: "vite", name: "admin", dependencies: { site: "*" } },
    },
    { files: { ...BINDING, "apps/site/src/convex/notes.ts": "export const a = 1;\n" } },
  );
  const ran = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(repo.has("apps/admin/src/lib/auth-client.ts")).toBe(true);
  expect(JSON.parse(repo.read("apps/site/convex.json"))).toEqual({ functions: "src/convex/" });
  expect(ran.stdout).not.toContain("fs: { allow");
  const again = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(again.stdout).toContain("nothing was written");
});
