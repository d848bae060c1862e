// `kitcn env push` where the deployment signs tokens: the secret is all that it sets up.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const SECRET = "there-there-there-there-there-there-x";

const AUTH = `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  plugins: [convex({ authConfig, signer: "deployment" })],
}));
`;

const makeApp = (auth = AUTH) =>
  cliApp("plain", {
    files: {
      "convex/.env": "SITE_URL=http://localhost:3000\n",
      "convex/auth.ts": auth,
      "convex/auth.config.ts": `import { getAuthConfigProvider } from "kitcn/auth/config";
export default { providers: [getAuthConfigProvider({ signer: "deployment" })] };
`,
    },
  });

test("a fresh deployment: the secret, in one batch, before anything is pushed", async () => {
  const app = makeApp();
  app.convex.setState({ fail: { run: "Error: Could not find function." } });
  const ran = await app.kitcn("env", "push");
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).not.toContain("JWKS");
  const { env, calls } = app.convex.state();
  expect(calls).toEqual([
    "env list --include-values",
    "batch BETTER_AUTH_SECRET,SITE_URL",
    "env set --force",
  ]);
  expect(env.BETTER_AUTH_SECRET).toMatch(/^[\w-]{43}$/);
  expect(await app.kitcn("env", "push")).toMatchObject({ code: 0 });
  expect(app.convex.state().calls.slice(calls.length)).toEqual(["env list --include-values"]);
});

test("--rotate ends the sessions, and says what becomes of tokens", async () => {
  const app = makeApp();
  app.convex.setState({ env: { BETTER_AUTH_SECRET: SECRET } });
  const ran = await app.kitcn("env", "push", "--rotate", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain("stay valid until they expire");
  expect(app.convex.state().calls).toEqual([
    "env list --include-values",
    'run generated/auth:endSessions {"limit":1000}',
  ]);
});

test.each(["--grace", "--keep-sessions"])("--rotate %s has nothing to rotate", async (flag) => {
  const app = makeApp();
  app.convex.setState({ env: { BETTER_AUTH_SECRET: SECRET } });
  const ran = await app.kitcn("env", "push", "--rotate", flag, "--yes");
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain("no signing key to replace");
  expect(app.convex.state().calls).toEqual(["env list --include-values"]);
});

test("an auth.ts that cannot be read: the deployment is asked for its keys, as always", async () => {
  const app = makeApp(`throw new Error("not yet");\n`);
  await app.kitcn("env", "push");
  expect(app.convex.state().calls).toContain("run generated/auth:latestJwks {}");
});
