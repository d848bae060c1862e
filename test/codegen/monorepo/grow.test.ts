// Plugins, providers and `kitcn doctor` in a repository of several packages, started in a front end.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { backendSpecifier } from "../../../codegen/shell/backend-specifier.js";
import { PACKAGES } from "../support/cli.js";
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

test("add email sends the backend's mails, from whichever folder it is started in", async () => {
  const mailer = { "@convex-dev/resend": "^0.2.8", "convex-helpers": "^0.1.106" };
  const repo = makeRepo(
    { ...TURBO, "packages/backend": { ...TURBO["packages/backend"]!, dependencies: mailer } },
    { packages: [...PACKAGES, ...Object.keys(mailer)] },
  );
  expect(await repo.kitcnIn("", "add", "auth", "--yes")).toMatchObject({ code: 0 });
  const plans: string[] = [];
  for (const folder of ["", "apps/admin", "packages/backend"]) {
    const dry = await repo.kitcnIn(folder, "add", "email", "--dry-run");
    expect(dry, dry.stderr).toMatchObject({ code: 0 });
    plans.push(dry.stdout);
  }
  expect(plans[0]).toContain("create  convex/mail.ts");
  expect(new Set(plans).size).toBe(1);

  const added = await repo.kitcnIn("apps/web", "add", "email", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  expect(added.stdout).toContain("EMAIL_FROM into packages/backend/convex/.env,");
  expect(added.stdout).toContain("packages/backend && npx convex dev");
  expect(repo.read("packages/backend/convex/auth.ts")).toContain("sendResetPassword");
  expect(repo.read("packages/backend/convex/.env")).toContain("RESEND_API_KEY=");
  expect(repo.has("packages/backend/convex/mail.ts")).toBe(true);
  for (const page of ["apps/web/app/auth", "apps/admin/src/auth"])
    expect(repo.has(`${page}/parts/ForgotPassword.tsx`)).toBe(true);
  for (const front of ["apps/web", "apps/admin"]) expect(repo.has(`${front}/convex`)).toBe(false);
  const before = repo.snapshot();
  for (const folder of ["", "apps/admin", "packages/backend"]) {
    const again = await repo.kitcnIn(folder, "add", "email", "--yes");
    expect(again.stdout).toContain("nothing was written");
  }
  expect(repo.snapshot()).toEqual(before);
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
