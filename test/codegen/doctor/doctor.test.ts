// `kitcn doctor` on an app and its running deployment: each broken situation is named, with what mends it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import type { Finding } from "../../../codegen/doctor/types.js";
import { openConvexCli, type ConvexCli } from "../../../codegen/env/convex-cli.js";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import type { CliApp } from "../support/cli.js";
import { liveApp } from "../support/live-app.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

type Result = {
  ok: boolean;
  status: string;
  findings: Finding[];
  unchecked: { what: string; why: string }[];
};

let deployment: Deployment;
let app: CliApp;
let convex: ConvexCli;

beforeAll(async () => {
  deployment = await startDeployment();
  app = liveApp();
  convex = openConvexCli(loadProject(app.root));
});
afterAll(() => deployment?.stop());
beforeEach(() => {
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

async function doctor(...flags: string[]): Promise<Result & { code: number }> {
  const { code, stdout } = await app.kitcn("doctor", "--json", ...flags);
  return { code, ...(JSON.parse(stdout) as Result) };
}

const codesOf = ({ findings }: Result) => findings.map(({ code }) => code);

/** Does something to the app, asks, and undoes it. */
async function withFile(name: string, edit: (text: string) => string, work: () => Promise<void>) {
  const before = app.read(name);
  const after = edit(before);
  expect(after).not.toBe(before);
  app.write(name, after);
  try {
    await work();
  } finally {
    app.write(name, before);
  }
}

test("an app without auth: every file that is missing is named", async () => {
  const { code, findings } = await doctor();
  expect(code).toBe(1);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: "NO_AUTH_FILE",
      fix: expect.stringContaining("kitcn add auth"),
    }),
  );
});

describe("after kitcn add auth", () => {
  beforeAll(async () => {
    for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
    const added = await app.kitcn("add", "auth", "--yes");
    expect(added, added.stderr).toMatchObject({ code: 0 });
  });

  test("nothing is wrong, all was checked, and nothing was changed", async () => {
    const before = { files: app.snapshot(), env: await convex.listEnv() };
    const result = await doctor();
    expect(result).toMatchObject({ code: 0, status: "healthy", findings: [], unchecked: [] });
    expect({ files: app.snapshot(), env: await convex.listEnv() }).toEqual(before);
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain("nothing is wrong");
  });

  test("'Invalid token signature' after a changed secret: the cause, and the command that fixes it", async () => {
    const { BETTER_AUTH_SECRET = "" } = await convex.listEnv();
    await convex.setEnv({ BETTER_AUTH_SECRET: [...BETTER_AUTH_SECRET].reverse().join("") });
    const result = await doctor();
    expect(result.code).toBe(1);
    expect(codesOf(result)).toEqual(["WRONG_SECRET"]);
    expect(result.findings[0]!.fix).toBe("npx kitcn env push --rotate --yes");
    const mended = await app.kitcn("env", "push", "--rotate", "--yes");
    expect(mended, mended.stderr).toMatchObject({ code: 0 });
    expect(await doctor()).toMatchObject({ code: 0, findings: [] });
  });

  test("JWKS of another deployment", async () => {
    const { JWKS = "" } = await convex.listEnv();
    await convex.setEnv({ JWKS: JWKS.replaceAll(/"id":"[^"]+"/g, '"id":"foreign"') });
    expect(codesOf(await doctor())).toEqual(["JWKS_NOT_STORED"]);
    await convex.setEnv({ JWKS });
  });

  test("public keys only", async () => {
    const { JWKS = "" } = await convex.listEnv();
    const keys = JSON.parse(JWKS) as { privateKey?: string }[];
    await convex.setEnv({
      JWKS: JSON.stringify(keys.map((key) => ({ ...key, privateKey: undefined }))),
    });
    expect(codesOf(await doctor())).toEqual(["NO_SIGNING_KEY"]);
    await convex.setEnv({ JWKS });
  });

  test("JWKS that auth.ts does not pass on", () =>
    withFile(
      "convex/auth.ts",
      (text) => text.replace(", jwks: process.env.JWKS", ""),
      async () => {
        expect(codesOf(await doctor())).toEqual(["JWKS_NOT_USED"]);
      },
    ));

  test("rate limits switched off: file, line and the line to add; sign-in is not broken by it", () =>
    withFile(
      "convex/auth.ts",
      (text) => text.replace(/ {2}rateLimit: .*\n/, ""),
      async () => {
        const { findings, ...rest } = await doctor();
        const off = findings.filter(({ code }) => code === "RATE_LIMITS_OFF");
        expect(off).toEqual([
          {
            code: "RATE_LIMITS_OFF",
            level: "warning",
            message: expect.stringContaining("convex/auth.ts"),
            fix: expect.stringContaining('rateLimit: { enabled: true, storage: "database" },'),
            file: "convex/auth.ts",
            line: 6,
            docs: "docs/errors.md#rate_limits_off",
          },
        ]);
        expect(app.read("convex/auth.ts").split("\n")[5]).toContain("defineAuth(");
        expect(rest.unchecked).toEqual([]);
      },
    ));

  test("an oAuthProxy() that does not recognize production", () =>
    withFile(
      "convex/auth.ts",
      (text) =>
        `import { oAuthProxy } from "better-auth/plugins";\n${text.replace("plugins: [", "plugins: [oAuthProxy(), ")}`,
      async () => {
        expect(codesOf(await doctor("--prod"))).toContain("OAUTH_PROXY_OPEN");
        expect(codesOf(await doctor())).not.toContain("OAUTH_PROXY_OPEN");
      },
    ));

  test("basePath moved in auth.ts alone", () =>
    withFile(
      "convex/auth.ts",
      (text) => text.replace("emailAndPassword", 'basePath: "/moved", emailAndPassword'),
      async () => {
        // http.ts follows the generated modules, which say the old one.
        const codes = codesOf(await doctor());
        expect(codes).toEqual(expect.arrayContaining(["GENERATED_STALE", "AUTH_ROUTES_MISSING"]));
      },
    ));

  test("routes that are not registered", () =>
    withFile(
      "convex/http.ts",
      (text) => text.replace("registerRoutes(http, authRoutes);", ""),
      async () => {
        expect(codesOf(await doctor())).toEqual(["HTTP_NOT_WIRED"]);
      },
    ));

  test("a plugin whose tables are missing", () =>
    withFile(
      "convex/auth.ts",
      (text) =>
        `import { organization } from "better-auth/plugins";\n${text.replace("plugins: [", "plugins: [organization(), ")}`,
      async () => {
        expect(codesOf(await doctor())).toEqual(["MISSING_INDEXES", "SCHEMA_DRIFT"]);
      },
    ));

  test("triggers that do not fire: file, line and edit; sign-in is not broken by them", async () => {
    const files = {
      "convex/lib/triggers.ts": `import { defineTriggers, relations } from "kitcn/orm";\n\nconst none = relations({});\nexport const triggers = defineTriggers(none, {});\n`,
      "convex/plain.ts": `\nimport { mutation } from "./_generated/server";\n\nexport const noop = mutation({ handler: () => null });\n`,
    };
    for (const [name, text] of Object.entries(files)) app.write(name, text);
    const { findings, ...rest } = await doctor();
    const silent = findings.filter(({ code }) => code.startsWith("TRIGGER"));
    expect(silent).toEqual([
      {
        code: "TRIGGERS_NOT_LOADED",
        level: "warning",
        message: expect.stringContaining("convex/lib/triggers.ts:4"),
        fix: 'Add `import "./lib/triggers"` to schema.ts.',
        file: "convex/lib/triggers.ts",
        line: 4,
        docs: "docs/errors.md#triggers_not_loaded",
      },
      {
        code: "TRIGGER_BYPASS",
        level: "warning",
        message: expect.stringContaining("convex/plain.ts:2"),
        fix: expect.stringContaining("generated/server"),
        file: "convex/plain.ts",
        line: 2,
        docs: "docs/errors.md#trigger_bypass",
      },
    ]);
    expect(findings).toEqual(silent);
    expect(rest).toMatchObject({ code: 0, status: "healthy" });
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain("warning TRIGGER_BYPASS: convex/plain.ts:2");
    expect(stdout).not.toContain("nothing is wrong");
    for (const name of Object.keys(files)) app.remove(name);
  });

  test("a stale generated module", () =>
    withFile(
      "convex/generated/auth.ts",
      (text) => text.replace("authWrite,", ""),
      async () => {
        expect(codesOf(await doctor())).toEqual(["GENERATED_STALE"]);
      },
    ));

  test("offline: what can be checked is, and the rest is said not to be", async () => {
    vi.stubEnv("CONVEX_SELF_HOSTED_URL", "http://127.0.0.1:9");
    const result = await doctor();
    expect(result).toMatchObject({ code: 0, status: "healthy", findings: [] });
    expect(result.unchecked).toContainEqual({
      what: "the deployment's variables",
      why: expect.stringContaining("The deployment does not answer"),
    });
    vi.stubEnv("CONVEX_SELF_HOSTED_URL", "");
    const { unchecked } = await doctor();
    expect(unchecked.map(({ what }) => what)).toEqual(["the deployment"]);
  });

  test("no value of a variable is ever printed", async () => {
    const env = await convex.listEnv();
    await convex.setEnv({ BETTER_AUTH_SECRET: "weak-but-secret" });
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain("WEAK_SECRET");
    for (const value of ["weak-but-secret", env.JWKS!, env.BETTER_AUTH_SECRET!])
      expect(stdout).not.toContain(value);
    await convex.setEnv({ BETTER_AUTH_SECRET: env.BETTER_AUTH_SECRET! });
  });
});
