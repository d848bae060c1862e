// `kitcn env push`: batches, keys, production rules, and that no value is ever printed.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

const SECRET = "there-there-there-there-there-there-x";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const makeApp = (env = "SITE_URL=http://localhost:3000\nRESEND=re_1234567890\n") =>
  cliApp("plain", { files: { "convex/.env": env } });

describe("kitcn env push", () => {
  test("a fresh deployment: the secret first, then keys made with it", async () => {
    const app = makeApp();
    const ran = await app.kitcn("env", "push");
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
    const { env, calls } = app.convex.state();
    expect(calls).toEqual([
      "env list --include-values",
      "batch BETTER_AUTH_SECRET,RESEND,SITE_URL",
      "env set --force",
      "run generated/auth:latestJwks {}",
      "batch JWKS",
      "env set --force",
      // Whether the secret is still the one that the keys were made with.
      "env list --include-values",
    ]);
    for (const value of [env.BETTER_AUTH_SECRET!, env.JWKS!, "re_1234567890"])
      expect(ran.stdout).not.toContain(value);
    expect(await app.kitcn("env", "push")).toMatchObject({ code: 0 });
    expect(app.convex.state().calls.slice(calls.length)).toEqual(["env list --include-values"]);
  });

  test("with a secret there, everything goes in one batch", async () => {
    const app = makeApp();
    app.convex.setState({ env: { BETTER_AUTH_SECRET: SECRET, SITE_URL: "http://localhost:9" } });
    await app.kitcn("env", "push");
    expect(app.convex.state().calls).toEqual([
      "env list --include-values",
      "run generated/auth:latestJwks {}",
      "batch JWKS,RESEND,SITE_URL",
      "env set --force",
    ]);
    expect(app.convex.state().env.SITE_URL).toBe("http://localhost:3000");
  });

  test("another secret empties JWKS in its batch: the old key cannot be read with it", async () => {
    const app = makeApp(`BETTER_AUTH_SECRET=${SECRET}\n`);
    app.convex.setState({ env: { BETTER_AUTH_SECRET: "before", JWKS: "[]" } });
    const { stdout } = await app.kitcn("env", "push");
    expect(app.convex.state().calls).toContain("batch BETTER_AUTH_SECRET,JWKS");
    expect(app.convex.state().env.JWKS).toContain('"first"');
    expect(stdout).toContain("The signing key was replaced.");
  });

  test("another order of the secrets that opens the same key replaces no key", async () => {
    const app = makeApp(`BETTER_AUTH_SECRETS=2:${SECRET}2,1:${SECRET}\n`);
    app.convex.setState({ env: { BETTER_AUTH_SECRETS: `1:${SECRET}` } });
    await app.kitcn("env", "push");
    const { JWKS = "" } = app.convex.state().env;
    app.convex.setState({ env: { BETTER_AUTH_SECRETS: `1:${SECRET}`, JWKS } });
    const { stdout } = await app.kitcn("env", "push");
    expect(app.convex.state().env.JWKS).toBe(JWKS);
    expect(stdout).toContain("BETTER_AUTH_SECRETS, JWKS");
    expect(stdout).not.toContain("The signing key was replaced.");
  });

  test("a rotation sends no file, and says so", async () => {
    const ran = await makeApp().kitcn("env", "push", "--rotate", "--yes", "--from-file", "a.env");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/--rotate.*cannot be used with.*--from-file/);
  });

  test("keys whose grace is over are taken out, with no other call", async () => {
    const key = { id: "k", publicKey: '{"kty":"RSA","n":"x","e":"AQAB"}', createdAt: 2 };
    const old = { ...key, id: "old", createdAt: 1, expiresAt: 5 };
    const app = makeApp("");
    app.convex.setState({
      env: { BETTER_AUTH_SECRET: SECRET, JWKS: JSON.stringify([{ ...key, privateKey: "p" }, old]) },
    });
    const { stdout } = await app.kitcn("env", "push");
    expect(stdout).toContain("taken out of JWKS");
    expect(app.convex.state().calls).toEqual([
      "env list --include-values",
      "batch JWKS",
      "env set --force",
    ]);
    expect(JSON.parse(app.convex.state().env.JWKS!)).toMatchObject([{ id: "k", privateKey: "p" }]);
  });

  test("--dry-run sets nothing and names names", async () => {
    const app = makeApp();
    const { code, stdout } = await app.kitcn("env", "push", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("would set  RESEND, SITE_URL, BETTER_AUTH_SECRET, JWKS");
    expect(stdout).not.toContain("re_1234567890");
    expect(app.convex.state()).toMatchObject({ env: {}, calls: ["env list --include-values"] });
  });

  test("--rotate replaces JWKS only, and asks for --yes", async () => {
    const app = makeApp();
    const env = { BETTER_AUTH_SECRET: SECRET, JWKS: "[]" };
    app.convex.setState({ env });
    expect(await app.kitcn("env", "push", "--rotate")).toMatchObject({ code: 2, stdout: "" });
    expect(app.convex.state().env).toEqual(env);
    const { code } = await app.kitcn("env", "push", "--rotate", "--grace", "--yes");
    expect(code).toBe(0);
    expect(app.convex.state().calls).toContain('run generated/auth:rotateKeys {"grace":true}');
    expect(Object.keys(app.convex.state().env).sort()).toEqual(["BETTER_AUTH_SECRET", "JWKS"]);
    expect(app.convex.state().env.JWKS).toContain('"new"');
    expect(app.convex.state().calls.join("\n")).not.toContain("endSessions");
  });

  test.each([
    { flags: [], ends: true },
    { flags: ["--keep-sessions"], ends: false },
    { flags: ["--grace"], ends: false },
  ])("--rotate $flags ends sessions: $ends", async ({ flags, ends }) => {
    const app = makeApp();
    app.convex.setState({ env: { BETTER_AUTH_SECRET: SECRET, JWKS: "[]" } });
    const ran = await app.kitcn("env", "push", "--rotate", ...flags, "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const calls = app.convex.state().calls.join("\n");
    expect(calls.includes('run generated/auth:endSessions {"limit":1000}')).toBe(ends);
  });

  test("functions that are not pushed: the rest is set, and the next step told", async () => {
    const app = makeApp();
    app.convex.setState({
      env: { BETTER_AUTH_SECRET: SECRET },
      fail: { run: "Error: Could not find function for 'generated/auth:latestJwks'." },
    });
    const { code, stderr } = await app.kitcn("env", "push");
    expect(code).toBe(1);
    expect(stderr).toContain("npx convex dev");
    expect(app.convex.state().env).toMatchObject({ SITE_URL: "http://localhost:3000" });
  });

  test("what the CLI says is shown without values", async () => {
    const app = makeApp();
    app.convex.setState({
      env: { OTHER: "other-secret-value" },
      fail: { "env set": "cannot set re_1234567890 beside other-secret-value" },
    });
    const { code, stderr } = await app.kitcn("env", "push");
    expect(code).toBe(1);
    expect(stderr).toContain("cannot set <RESEND> beside <OTHER>");
  });

  test("no deployment is a clear error", async () => {
    vi.stubEnv("CONVEX_DEPLOYMENT", "");
    const { code, stderr } = await makeApp().kitcn("env", "push");
    expect(code).toBe(1);
    expect(stderr).toContain("npx convex dev");
  });
});

describe("kitcn env push --prod", () => {
  const makeProdApp = (env?: string, dev: Record<string, string> = {}) => {
    const app = makeApp(env);
    app.convex.setState({ dev });
    return app;
  };

  test("refuses the defaults of development, with the fix", async () => {
    const app = makeProdApp();
    const { code, stderr } = await app.kitcn("env", "push", "--prod");
    expect(code).toBe(1);
    expect(stderr).toContain("SITE_URL in convex/.env points at this machine");
    expect(stderr).toContain("--from-file");
    expect(app.convex.state().env).toEqual({});
  });

  test("takes a file of production, overrides nothing, makes a secret of its own", async () => {
    const app = makeProdApp(`SITE_URL=http://localhost:3000\nBETTER_AUTH_SECRET=${SECRET}\n`);
    app.write(".env.production", "SITE_URL=https://a.example.com\nRESEND=re_prod\n");
    app.convex.setState({ env: { RESEND: "re_there" } });
    const file = app.path(".env.production");
    const ran = await app.kitcn("env", "push", "--prod", "--from-file", file);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { env, calls } = app.convex.state();
    expect(env).toMatchObject({ SITE_URL: "https://a.example.com", RESEND: "re_there" });
    expect(env.BETTER_AUTH_SECRET).not.toBe(SECRET);
    expect(calls).toContain("env --prod list --include-values");
    expect(ran.stdout).toContain("kept as it is on the deployment  RESEND");
  });

  test("refuses the secret of development", async () => {
    const app = makeProdApp(`BETTER_AUTH_SECRET=${SECRET}\n`);
    app.write("prod.env", `BETTER_AUTH_SECRET=${SECRET}\n`);
    const ran = await app.kitcn("env", "push", "--prod", "--from-file", app.path("prod.env"));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("secret of development");
    expect(ran.stderr).not.toContain(SECRET);
  });

  test("a production deploy key has production's rules, and no --prod flag", async () => {
    vi.stubEnv("CONVEX_DEPLOY_KEY", "prod:happy-animal-1|deploy-key-secret");
    const app = makeApp("A=https://a.b\n");
    expect(await app.kitcn("env", "push", "--prod")).toMatchObject({ code: 0 });
    expect(app.convex.state().calls[0]).toBe("env list --include-values");
    app.write("convex/.env", "SITE_URL=http://localhost:3000\n");
    expect(await app.kitcn("env", "push")).toMatchObject({ code: 1 });
  });

  test("--overwrite replaces what production has", async () => {
    const app = makeProdApp("");
    app.write("prod.env", "RESEND=re_new_in_prod\n");
    app.convex.setState({ env: { RESEND: "re_there", BETTER_AUTH_SECRET: SECRET, JWKS: "[]" } });
    const push = ["env", "push", "--prod", "--from-file", app.path("prod.env")];
    await app.kitcn(...push);
    expect(app.convex.state().env.RESEND).toBe("re_there");
    await app.kitcn(...push, "--overwrite");
    expect(app.convex.state().env.RESEND).toBe("re_new_in_prod");
  });

  test("--prod with the deploy key of another deployment is a usage error", async () => {
    vi.stubEnv("CONVEX_DEPLOY_KEY", "preview:team:project|deploy-key-secret");
    const ran = await makeApp("").kitcn("env", "push", "--prod");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(
      "--prod needs production, but CONVEX_DEPLOY_KEY is for another deployment",
    );
  });

  test("a missing file and --grace alone are usage errors", async () => {
    const app = makeApp();
    expect(await app.kitcn("env", "push", "--from-file", "nope.env")).toMatchObject({ code: 2 });
    expect(await app.kitcn("env", "push", "--grace")).toMatchObject({ code: 2 });
  });
});
