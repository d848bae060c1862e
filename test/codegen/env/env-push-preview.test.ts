// `kitcn env push` for preview deployments: whose they are, what they get, and what they must not get.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

const PREVIEW_KEY = "preview:team:project|deploy-key-secret";

beforeEach(() => {
  stubCloudDeployment();
  for (const name of ["VERCEL", "NETLIFY", "CF_PAGES", "WORKERS_CI", "CI"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

const makeApp = (files: Record<string, string> = {}) => cliApp("plain", { files });

const inVercel = () => {
  vi.stubEnv("CONVEX_DEPLOY_KEY", PREVIEW_KEY);
  vi.stubEnv("VERCEL", "1");
  vi.stubEnv("VERCEL_GIT_COMMIT_REF", "feature/a");
  vi.stubEnv("VERCEL_BRANCH_URL", "app-git-feature-a-team.vercel.app");
};

test("by name: every call names the preview, and it gets a secret, keys and the file's values", async () => {
  const app = makeApp({ ".env.preview": "RESEND=re_1234567890\n" });
  const file = app.path(".env.preview");
  const ran = await app.kitcn("env", "push", "--preview-name", "mine", "--from-file", file);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const { calls, env } = app.convex.state();
  expect(calls.filter((call) => !call.startsWith("batch"))).toEqual([
    "env --preview-name mine list --include-values",
    "env --preview-name mine set --force",
    "run --preview-name mine generated/auth:latestJwks {}",
    "env --preview-name mine set --force",
    "env --preview-name mine list --include-values",
  ]);
  expect(env).toMatchObject({ RESEND: "re_1234567890" });
  expect(Object.keys(env).sort()).toEqual(["BETTER_AUTH_SECRET", "JWKS", "RESEND"]);
});

test("in a build with a preview deploy key: the branch's preview, at the branch's address", async () => {
  inVercel();
  const app = makeApp({ "convex/.env": "SITE_URL=http://localhost:3000\n" });
  const ran = await app.kitcn("env", "push");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  const { calls, env } = app.convex.state();
  expect(calls[0]).toBe("env --preview-name feature/a list --include-values");
  expect(env.SITE_URL).toBe("https://app-git-feature-a-team.vercel.app");
});

test("the next build of a branch: its address is replaced, what else is set stays", async () => {
  inVercel();
  const app = makeApp({ ".env.preview": "RESEND=re_of_the_file\n" });
  const SECRET = "there-there-there-there-there-there-x";
  const before = { SITE_URL: "https://old.vercel.app", RESEND: "re_there", JWKS: "[]" };
  app.convex.setState({ env: { ...before, BETTER_AUTH_SECRET: SECRET } });
  const ran = await app.kitcn("env", "push", "--from-file", app.path(".env.preview"));
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(app.convex.state().env).toEqual({
    ...before,
    BETTER_AUTH_SECRET: SECRET,
    SITE_URL: "https://app-git-feature-a-team.vercel.app",
  });
});

test("an address in the file wins", async () => {
  inVercel();
  const app = makeApp({ ".env.preview": "SITE_URL=https://preview.example.com\n" });
  await app.kitcn("env", "push", "--from-file", app.path(".env.preview"));
  expect(app.convex.state().env.SITE_URL).toBe("https://preview.example.com");
});

const refusals: [string, { args: string[]; env?: Record<string, string> }, RegExp][] = [
  [
    "this machine's address",
    { args: ["--preview-name", "mine"] },
    /so a preview cannot use it[^]*--from-file/,
  ],
  ["a name and --prod", { args: ["--preview-name", "x", "--prod"] }, /cannot be used with/],
  [
    "--preview-create",
    { args: ["--preview-create", "mine"] },
    /npx convex deploy --preview-create mine[^]*env push --preview-name mine/,
  ],
  [
    "a name beside production's key",
    { args: ["--preview-name", "x"], env: { CONVEX_DEPLOY_KEY: "prod:x|deploy-key-secret" } },
    /preview deploy key/,
  ],
  ["no name", { args: [], env: { CONVEX_DEPLOY_KEY: PREVIEW_KEY } }, /Add --preview-name/],
];
test.each(refusals)(
  "%s is refused before anything is asked",
  async (_title, { args, env = {} }, says) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const app = makeApp({ "convex/.env": "SITE_URL=http://localhost:3000\n" });
    const ran = await app.kitcn("env", "push", ...args);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toContain("deploy-key-secret");
    expect(app.convex.state().env).toEqual({});
  },
);

test("doctor looks at the preview, and its fixes name it", async () => {
  const app = makeApp();
  const { stdout } = await app.kitcn("doctor", "--preview-name", "mine", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; fix: string }[] };
  expect(app.convex.state().calls[0]).toBe("env --preview-name mine list --include-values");
  const secret = findings.find(({ code }) => code === "NO_SECRET");
  expect(secret?.fix).toBe("npx kitcn env push --preview-name mine");
});
