// Plugins, providers and `kitcn doctor` in a repository of several packages, started in a front end.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { backendSpecifier } from "../../../codegen/shell/backend-specifier.js";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

test("add plugin and add social change the backend and each front end; remove takes it back", async () => {
  const repo = makeRepo(TURBO);
  expect(await repo.kitcnIn("apps/web", "add", "auth", "--yes")).toMatchObject({ code: 0 });
  const clients = ["apps/web/lib/auth-client.ts", "apps/admin/src/lib/auth-client.ts"];
  const buttons = [
    "apps/web/app/auth/parts/SocialButtons.tsx",
    "apps/admin/src/auth/parts/SocialButtons.tsx",
  ];
  const before = repo.snapshot();

  const added = await repo.kitcnIn("apps/web", "add", "plugin", "username", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  expect(repo.read("packages/backend/convex/auth.ts")).toContain("username()");
  for (const path of clients) expect(repo.read(path)).toContain("usernameClient()");
  const again = await repo.kitcnIn("", "add", "plugin", "username", "--yes");
  expect(again.stdout).toContain("nothing was written");
  const removed = await repo.kitcnIn(
    "apps/admin",
    "remove",
    "plugin",
    "username",
    "--yes",
    "--prune",
  );
  expect(removed, removed.stderr).toMatchObject({ code: 0 });
  for (const path of clients) expect(repo.read(path)).toBe(before[path]);

  const social = await repo.kitcnIn("apps/admin", "add", "social", "github", "--yes");
  expect(social, social.stderr).toMatchObject({ code: 0 });
  for (const path of buttons) expect(repo.read(path)).toMatch(/["']github["']/);
  expect(repo.read("packages/backend/convex/.env")).toContain("GITHUB_CLIENT_ID=");

  const seen = await repo.kitcnIn("apps/web", "doctor", "--json");
  const { findings } = JSON.parse(seen.stdout) as { findings: { level: string }[] }; // of --json
  expect(findings.filter(({ level }) => level === "error")).toEqual([]);
});

test.each([
  { exports: undefined, want: "@acme/backend/convex/generated/auth" },
  { exports: { "./*": "./convex/*.ts" }, want: "@acme/backend/generated/auth" },
  {
    exports: { "./auth": { types: "./convex/generated/auth.ts", default: "./dist/auth.js" } },
    want: "@acme/backend/auth",
  },
  { exports: "./convex/generated/auth.js", want: "@acme/backend" },
  { exports: { "./api": "./convex/_generated/api.js" }, want: undefined },
  // TypeScript takes no ".ts" in a specifier.
  { exports: { "./*": "./*" }, want: undefined },
])("exports $exports: a front end imports $want", async ({ exports, want }) => {
  const backend = {
    app: "plain",
    name: "@acme/backend",
    ...(exports && { manifest: { exports } }),
  };
  const repo = makeRepo({ ...TURBO, "packages/backend": backend });
  const [front] = (await loadApp(repo.root)).fronts ?? [];
  const path = repo.path("packages/backend/convex/generated/auth.ts");
  expect(front && backendSpecifier(front, path)).toBe(want);
});
