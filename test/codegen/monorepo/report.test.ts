// What a command says in a repository of several packages: files by package, and paths that exist from where the
// reader is.
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { REPO } from "../support/app.js";
import { stubCloudDeployment } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

test("add auth lists files by package, in words, as JSON and as a diff from the root", async () => {
  const repo = makeRepo(TURBO);
  const dry = await repo.kitcnIn("apps/web", "add", "auth", "--dry-run");
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  const titles = dry.stdout.split("\n").filter((line) => /^(apps|packages)\//.test(line));
  expect(titles).toEqual([
    "packages/backend (@acme/backend)",
    "apps/web (web)",
    "apps/admin (admin)",
  ]);
  expect(dry.stdout).toMatch(/apps\/admin \(admin\)\n[^]*\n {2}patch {3}src\/main\.tsx\n/);
  expect(dry.stdout).toContain("--- a/apps/web/app/layout.tsx\n+++ b/apps/web/app/layout.tsx\n");

  const json = await repo.kitcnIn("", "add", "auth", "--dry-run", "--json");
  type Files = { path: string; action: string }[];
  const report = JSON.parse(json.stdout) as {
    files: Files;
    packages: { folder: string; name: string; files: Files }[];
  }; // of --json
  expect(report.packages.map(({ folder, name }) => `${folder} ${name}`)).toEqual([
    "packages/backend @acme/backend",
    "apps/web web",
    "apps/admin admin",
  ]);
  const paths = report.packages.flatMap(({ folder, files }) =>
    files.map(({ path }) => `${folder}/${path}`),
  );
  expect(paths.sort()).toEqual(report.files.map(({ path }) => path).sort());
});

test("documentation is named where it is, and Convex is started in the backend", async () => {
  const repo = makeRepo({
    ...TURBO,
    "apps/site": {
      app: "vite",
      name: "site",
      dependencies: { "@acme/backend": "*", "@sveltejs/kit": "2" },
    },
  });
  const added = await repo.kitcnIn("apps/site", "add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  const [path = ""] = /[\w./-]+\/docs\/clients\.md/.exec(added.stdout) ?? [];
  expect(existsSync(resolve(path)), path).toBe(true);
  const grown = await repo.kitcnIn("apps/web", "add", "plugin", "username", "--yes");
  const [, folder = ""] = /cd (\S+) && npx convex dev/.exec(grown.stdout) ?? [];
  expect(resolve(folder)).toBe(repo.path("packages/backend"));
});

test.each([
  ["hoisted", "npx kitcn dev"],
  ["apart, as pnpm has them", "cd packages/backend && npx kitcn dev"],
])("kitcn is started where npx finds it: packages %s", async (name, want) => {
  const repo = makeRepo(TURBO);
  if (name !== "hoisted") {
    rmSync(repo.path("node_modules/kitcn"), { recursive: true });
    for (const folder of Object.keys(TURBO)) {
      mkdirSync(repo.path(`${folder}/node_modules`), { recursive: true });
      symlinkSync(REPO, repo.path(`${folder}/node_modules/kitcn`));
    }
  }
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(repo.root);
  const ran = await repo.kitcnIn("", "add", "auth", "--yes");
  cwd.mockRestore();
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(/^ +(.*npx kitcn dev)/m.exec(ran.stdout)?.[1]).toBe(want);
});

test("an error names documentation where it is, too", async () => {
  const repo = makeRepo(TURBO);
  expect(await repo.kitcnIn("", "add", "auth", "--yes")).toMatchObject({ code: 0 });
  const node = `X [ERROR] Could not resolve "node:crypto"

    convex/auth.ts:4:32:
      4 | import { X509Certificate } from "node:crypto";

  The package "node:crypto" wasn't found on the file system but is built into node.`;
  repo.convex.setState({ fail: { run: node } });
  stubCloudDeployment();
  const ran = await repo.kitcnIn("apps/web", "env", "push");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("convex/auth.ts:4 imports Node's module");
  const [path = ""] = /[\w./-]+\/docs\/limits\.md/.exec(ran.stderr) ?? [];
  expect(existsSync(resolve(path)), path).toBe(true);
});

test("commands in hints and fixes begin with the way to the backend, but not in the backend itself", async () => {
  const repo = makeRepo(TURBO);
  expect(await repo.kitcnIn("", "add", "auth", "--yes")).toMatchObject({ code: 0 });
  stubCloudDeployment();
  repo.convex.setState({
    fail: { run: "Could not find function for 'generated/auth:latestJwks'." },
  });
  const pushed = async (folder: string) => {
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(repo.path(folder));
    const { stderr } = await repo.kitcnIn(folder, "env", "push");
    cwd.mockRestore();
    return stderr;
  };
  expect(await pushed("apps/web")).toContain(
    "Push your functions (`cd ../../packages/backend && npx convex dev`, or `cd ../../packages/backend && npx convex deploy` for production)",
  );
  expect(await pushed("packages/backend")).toContain("Push your functions (`npx convex dev`, or");
  vi.stubEnv("CONVEX_DEPLOYMENT", "");
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(repo.path("apps/web"));
  const doctor = await repo.kitcnIn("apps/web", "doctor", "--json");
  cwd.mockRestore();
  const { unchecked } = JSON.parse(doctor.stdout) as { unchecked: { why: string }[] }; // of --json
  expect(unchecked.map(({ why }) => why)).toContainEqual(
    expect.stringContaining("`cd ../../packages/backend && npx convex dev`"),
  );
});
