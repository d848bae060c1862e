// The live end of `kitcn add auth`, and `kitcn env push`, with the unmodified convex CLI on a deployment.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { openConvexCli, type ConvexCli } from "../../../codegen/env/convex-cli.js";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import { cliApp, PACKAGES, type CliApp } from "../support/cli.js";

let deployment: Deployment;
let app: CliApp;
let convex: ConvexCli;

beforeAll(async () => {
  deployment = await startDeployment();
  app = cliApp("plain", {
    convex: "real",
    packages: [...PACKAGES, "convex-helpers", "zod", "hono"],
    files: { "convex/.env": `NOTE="it's # a note"\nSITE_URL=http://localhost:3000\n` },
  });
  convex = openConvexCli(loadProject(app.root));
});
afterAll(() => deployment?.stop());
beforeEach(() => {
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
});
afterEach(() => vi.unstubAllEnvs());

describe("in order", () => {
  test("add auth finishes a local deployment: values, secret, functions, keys", async () => {
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const env = await convex.listEnv();
    expect(env).toMatchObject({ SITE_URL: "http://localhost:3000", NOTE: "it's # a note" });
    expect(env.BETTER_AUTH_SECRET).toMatch(/^[\w-]{43}$/);
    const served = await fetch(`${deployment.siteUrl}/api/auth/convex/jwks`);
    const keys = (await served.json()) as { keys: { kid: string }[] };
    expect(keys.keys.map(({ kid }) => kid)).toEqual(idsOf(env.JWKS));
  });

  test("a second run writes nothing, here or there", async () => {
    const before = { files: app.snapshot(), env: await convex.listEnv() };
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect({ files: app.snapshot(), env: await convex.listEnv() }).toEqual(before);
  });

  test("env push --rotate --grace keeps the old public key, --rotate drops it", async () => {
    const [first] = idsOf((await convex.listEnv()).JWKS);
    expect(await app.kitcn("env", "push", "--rotate", "--grace", "--yes")).toMatchObject({
      code: 0,
    });
    const both = idsOf((await convex.listEnv()).JWKS);
    expect(both).toHaveLength(2);
    expect(both).toContain(first);
    const hard = await app.kitcn("env", "push", "--rotate", "--keep-sessions", "--yes");
    expect(hard).toMatchObject({ code: 0 });
    const last = idsOf((await convex.listEnv()).JWKS);
    expect(last).toHaveLength(1);
    expect(both).not.toContain(last[0]);
  });

  test("values of any shape arrive unchanged, all in one batch", async () => {
    const values = {
      QUOTES: `it's "x" #1`,
      LINES: "-----BEGIN-----\nabc=\n-----END-----",
      DOLLAR: "$HOME",
      JSON: '{"a":"b\\"c"}',
    };
    await convex.setEnv(values);
    expect(await convex.run("generated/auth:latestJwks", {})).toEqual(expect.any(String));
    const { JSON: json, DOLLAR } = await convex.listEnv();
    expect({ json, DOLLAR }).toEqual({ json: values.JSON, DOLLAR: values.DOLLAR });
  });

  test("a push that fails ends with 1 and tells what the convex CLI says", async () => {
    app.write("convex/broken.ts", "export const = 1;\n");
    app.write(
      "convex/http.ts",
      app.read("convex/http.ts").replace("registerRoutes(http, authRoutes);", ""),
    );
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("patched     convex/http.ts");
    expect(ran.stderr).toContain("broken.ts");
    expect(ran.stderr).not.toContain(deployment.adminKey);
  });
});

function idsOf(jwks: string | undefined): string[] {
  const keys = JSON.parse(jwks ?? "[]") as { id: string }[];
  return keys.map(({ id }) => id);
}
