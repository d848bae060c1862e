// .env.schema of varlock, as Better-T-Stack's apps have it.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const HEAD = `# @defaultRequired=true
# @defaultSensitive=true
# @generateTsTypes(path=./src/env.ts, exposeEnv=local)
# ---
`;

const DECLARED = `
# @public @type=url(matches="^https")
VITE_CONVEX_URL=
`;

const SITE = `
# @public @type=url
VITE_CONVEX_SITE_URL=
`;

test("declares the addresses that it lacks as public, once", async () => {
  const app = cliApp("vite", { files: { ".env.schema": HEAD + DECLARED } });
  const ran = await app.kitcn("add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(ran.stdout).toMatch(/patched +\.env\.schema/);
  expect(app.read(".env.schema")).toBe(HEAD + DECLARED + SITE);
  const again = await app.kitcn("add", "auth", "--yes");
  expect(again.stdout).toContain("nothing was written");
});

test("declares them in the front end's package; a framework that can do without the second may lack it", async () => {
  const repo = makeRepo(TURBO, {
    files: {
      "apps/web/.env.schema": HEAD.replaceAll("\n", "\r\n").trimEnd(),
      "apps/admin/.env.schema": HEAD + DECLARED + SITE,
      "packages/backend/.env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
    },
  });
  const ran = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(repo.read("apps/web/.env.schema")).toBe(
    `${HEAD}
# @public @type=url
NEXT_PUBLIC_CONVEX_URL=

# @public @optional @type=url
NEXT_PUBLIC_CONVEX_SITE_URL=
`.replaceAll("\n", "\r\n"),
  );
  expect(repo.read("apps/admin/.env.schema")).toBe(HEAD + DECLARED + SITE);
  expect(repo.has("packages/backend/.env.schema")).toBe(false);
});
