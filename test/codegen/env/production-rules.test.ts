// `kitcn env push --prod` by the unmodified convex CLI, on a project of two deployments: what production takes
// of development, from whom, and what is said when somebody refuses.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { x } from "tinyexec";
import { convexProgram } from "../../../codegen/env/convex-program.js";
import { DEPLOY } from "../../deployment/app.js";
import { startProject, type Project } from "../../deployment/provision.js";
import type { CliApp } from "../support/cli.js";
import { liveApp, runKitcn } from "../support/live-app.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SECRETS = {
  development: "development-0123456789-abcdefghijklmnop",
  production: "production-9876543210-qrstuvwxyzabcdef",
};
const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const JWKS = JSON.stringify([
  { id: "k1", publicKey: JSON.stringify(publicKey.export({ format: "jwk" })), createdAt: 1 },
]);

let project: Project;
let app: CliApp;

type Env = Readonly<Record<string, string>>;

async function convex(env: Env, ...args: string[]): Promise<string> {
  const program = convexProgram(app.path("node_modules/convex/bin/main.js"));
  const { exitCode, stdout, stderr } = await x(process.execPath, [program, ...args], {
    nodeOptions: { cwd: app.root, env: { ...process.env, ...env } },
  });
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

const prodValues = () => convex(project.developerEnv, "env", "list", "--prod", "--include-values");

/** Pushes these values to production, and what came of it. */
async function push(values: Env, { env = project.developerEnv, flags = [] as string[] } = {}) {
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
  app.write("production.env", lines.join(""));
  const from = app.path("production.env");
  const ran = await runKitcn(
    app,
    ["env", "push", "--prod", "--from-file", from, "--json", ...flags],
    env,
  );
  const { status, notes, deployment, error } = JSON.parse(ran.stdout) as {
    status?: string;
    notes?: string[];
    deployment?: { set: string[]; kept: string[] };
    error?: { code: string; message: string; hint: string };
  };
  for (const value of [...Object.values(SECRETS), JWKS, env.CONVEX_DEPLOY_KEY ?? ""])
    if (value !== "") expect(ran.stdout + ran.stderr).not.toContain(value);
  return { code: ran.code, status, notes, deployment, error };
}

beforeAll(async () => {
  project = await startProject();
  app = liveApp({
    "convex/.env": "SITE_URL=http://localhost:3000\n",
    "convex/auth.config.ts": `export default {
  providers: [{ type: "customJwt", issuer: process.env.ISSUER!, jwks: "https://a.example.com/jwks", algorithm: "RS256", applicationID: "convex" }],
};
`,
  });
  await convex(project.developerEnv, "env", "set", "BETTER_AUTH_SECRET", SECRETS.development);
});
afterAll(() => project?.stop());

test("the secret of the development deployment is refused, though convex/.env does not have it", async () => {
  const refused = await push({ BETTER_AUTH_SECRET: SECRETS.development, JWKS });
  expect(refused).toMatchObject({
    code: 1,
    error: {
      code: "PRODUCTION_DEV_SECRET",
      message: expect.stringContaining("the development deployment"),
    },
  });
  expect(await prodValues()).toBe("");
});

test("a secret of its own is taken, and nothing to say", async () => {
  const values = { BETTER_AUTH_SECRET: SECRETS.production, ISSUER: "https://a.example.com", JWKS };
  expect(await push(values)).toMatchObject({ code: 0, status: "written", notes: [] });
  expect(await prodValues()).toContain(SECRETS.production);
  await convex(project.developerEnv, ...DEPLOY);
});

test("what is set there stays, but for --overwrite", async () => {
  const values = { ISSUER: "https://b.example.com" };
  expect(await push(values)).toMatchObject({ code: 0, deployment: { set: [], kept: ["ISSUER"] } });
  expect(await prodValues()).toContain("https://a.example.com");
  const flags = ["--overwrite"];
  expect(await push(values, { flags })).toMatchObject({ code: 0, deployment: { set: ["ISSUER"] } });
  expect(await prodValues()).toContain("https://b.example.com");
});

test("values that auth.config.ts cannot take: none of the batch is set", async () => {
  const before = await prodValues();
  const values = { ISSUER: "no-address", OTHER: "https://c.example.com" };
  expect(await push(values, { flags: ["--overwrite"] })).toMatchObject({
    code: 1,
    error: { code: "AUTH_CONFIG_REJECTED", message: expect.stringContaining("<ISSUER>") },
  });
  expect(await prodValues()).toBe(before);
});

test("a deploy key acts on production, and it is said that nothing was compared", async () => {
  const ran = await push({ FROM_CI: "1" }, { env: project.ciEnv });
  expect(ran).toMatchObject({ code: 0, deployment: { set: ["FROM_CI"] } });
  expect(ran.notes).toEqual([expect.stringContaining("CONVEX_DEPLOY_KEY opens production only")]);
  expect(await prodValues()).toContain("FROM_CI=1");
});

test("a key of somebody else is refused by name, and not shown", async () => {
  const CONVEX_DEPLOY_KEY = project.ciEnv.CONVEX_DEPLOY_KEY!.replace(/\|.*/, "|of-somebody-else");
  const ran = await push({ A: "1" }, { env: { ...project.ciEnv, CONVEX_DEPLOY_KEY } });
  expect(ran).toMatchObject({
    code: 1,
    error: { code: "DEPLOYMENT_REFUSED", hint: expect.stringContaining("CONVEX_DEPLOY_KEY") },
  });
});

test("a self-hosted deployment has production's rules with --prod", async () => {
  const env = {
    CONVEX_DEPLOYMENT: "",
    CONVEX_DEPLOY_KEY: "",
    CONVEX_SELF_HOSTED_URL: project.prod.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: project.prod.adminKey,
  };
  expect(await push({ LOCAL: "http://localhost:3000" }, { env })).toMatchObject({
    code: 1,
    error: { code: "PRODUCTION_LOCALHOST" },
  });
  const ran = await push({ SELF_HOSTED: "1", ISSUER: "https://d.example.com" }, { env });
  expect(ran).toMatchObject({ code: 0, deployment: { set: ["SELF_HOSTED"], kept: ["ISSUER"] } });
  expect(ran.notes).toEqual([expect.stringContaining("CONVEX_SELF_HOSTED_URL names production")]);
});

test("a secret that production shares already is told by both commands, with what parts them", async () => {
  await convex(
    project.developerEnv,
    "env",
    "set",
    "--prod",
    "BETTER_AUTH_SECRET",
    SECRETS.development,
  );
  expect((await push({})).notes).toEqual([
    expect.stringMatching(/production\.env has no variables/),
    expect.stringMatching(/^BETTER_AUTH_SECRET .*doctor/),
  ]);
  expect(await prodValues()).toContain(SECRETS.development);
  const { stdout } = await runKitcn(app, ["doctor", "--prod", "--json"], project.developerEnv);
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: "SHARED_SECRET",
      message: expect.stringContaining("the development deployment"),
      fix: expect.stringContaining("npx convex env set BETTER_AUTH_SECRET"),
    }),
  );
});

test("a development deployment that does not answer is said, and nobody is kept from working", async () => {
  await project.dev.stop();
  const ran = await push({ LATER: "1" });
  expect(ran).toMatchObject({ code: 0, deployment: { set: ["LATER"] } });
  expect(ran.notes).toEqual([expect.stringMatching(/not compared .*does not answer/)]);
});
