// The addresses in .env.local of front ends that are packages of their own, when the backend gets its deployment after
// `add auth`.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO, type TestRepo } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const BACKEND_ENV = "packages/backend/.env.local";

const CLOUD = `CONVEX_DEPLOYMENT=dev:happy-animal-1
CONVEX_URL=https://happy-animal-1.convex.cloud
CONVEX_SITE_URL=https://happy-animal-1.convex.site
`;

/** A repository whose backend has no deployment yet. */
async function added(): Promise<TestRepo> {
  const repo = makeRepo(TURBO);
  const ran = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return repo;
}

function addresses(repo: TestRepo): string {
  return [repo.read("apps/web/.env.local"), repo.read("apps/admin/.env.local")]
    .join("")
    .replace(/^#.*\n/gm, "");
}

const OF_CLOUD = `NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud
NEXT_PUBLIC_CONVEX_SITE_URL=https://happy-animal-1.convex.site
VITE_CONVEX_URL=https://happy-animal-1.convex.cloud
VITE_CONVEX_SITE_URL=https://happy-animal-1.convex.site
`;

test("a second `add auth` replaces the addresses that the first one could only guess", async () => {
  const repo = await added();
  repo.write(BACKEND_ENV, CLOUD);
  const again = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toMatch(/patched +\.env\.local/);
  expect(again.stdout).not.toContain("but the backend's deployment is");
  expect(addresses(repo)).toBe(OF_CLOUD);
  const third = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(third.stdout).toContain("nothing was written");
});

test(
  "`kitcn dev` writes them once `convex dev` has a deployment",
  { timeout: 60_000 },
  async () => {
    const repo = await added();
    repo.write(
      "node_modules/convex/bin/main.js",
      `const { readFileSync, writeFileSync } = require("node:fs");
writeFileSync(${JSON.stringify(repo.path(BACKEND_ENV))}, ${JSON.stringify(CLOUD)});
console.log("Convex functions ready!");
const isDone = () => /happy/.test(readFileSync(${JSON.stringify(repo.path("apps/web/.env.local"))}, "utf8"));
const end = Date.now() + 10_000;
setInterval(() => { if (isDone() || Date.now() > end) process.exit(0); }, 100);
`,
    );
    const ran = await repo.kitcnIn("", "dev");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(addresses(repo)).toBe(OF_CLOUD);
  },
);

test("keeps addresses that somebody chose, and each run says so", async () => {
  const repo = await added();
  const chosen =
    "NEXT_PUBLIC_CONVEX_URL=https://tall-fox-2.convex.cloud\nNEXT_PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:3211\n";
  const comment = /^#.*\n/.exec(repo.read("apps/web/.env.local"))?.[0] ?? "";
  repo.write("apps/web/.env.local", comment + chosen);
  // Without kitcn's comment, the usual addresses are somebody's own.
  const local =
    "VITE_CONVEX_URL=http://127.0.0.1:3210\nVITE_CONVEX_SITE_URL=http://127.0.0.1:3211\n";
  repo.write("apps/admin/.env.local", local);
  repo.write(BACKEND_ENV, CLOUD);
  for (const _run of [1, 2]) {
    const { stdout } = await repo.kitcnIn("", "add", "auth", "--yes");
    expect(stdout).toContain("nothing was written");
    expect(stdout).toContain(
      "apps/web: NEXT_PUBLIC_CONVEX_URL is https://tall-fox-2.convex.cloud, but the backend's deployment is https://happy-animal-1.convex.cloud.",
    );
    expect(stdout).toContain("apps/admin: VITE_CONVEX_URL is http://127.0.0.1:3210, but");
  }
  expect(addresses(repo)).toBe(chosen + local);
});

test("the address of the routes follows the other one that somebody wrote", async () => {
  const repo = await added();
  repo.write(BACKEND_ENV, CLOUD);
  repo.write(
    "apps/web/.env.local",
    repo
      .read("apps/web/.env.local")
      .replace("http://127.0.0.1:3210", "https://happy-animal-1.convex.cloud/"),
  );
  await repo.kitcnIn("", "add", "auth", "--yes");
  expect(repo.read("apps/web/.env.local")).toMatch(
    /CONVEX_URL=https:\/\/happy-animal-1\.convex\.cloud\/\nNEXT_PUBLIC_CONVEX_SITE_URL=https:\/\/happy-animal-1\.convex\.site\n/,
  );
});
