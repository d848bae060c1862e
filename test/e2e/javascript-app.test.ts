// An app without TypeScript on a deployment: the convex CLI pushes its functions, and a user signs up.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, expect, test, vi } from "vitest";
import { cliApp, PACKAGES } from "../codegen/support/cli.js";
import { credentials, signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours

let deployment: Deployment | undefined;
afterAll(() => deployment?.stop());
afterAll(() => void vi.unstubAllEnvs());

test("a JavaScript app is pushed, and signs its users up", { timeout: 300_000 }, async () => {
  deployment = await startDeployment();
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
  const packages = PACKAGES.filter((name) => !/^(typescript|@types\/node)$/.test(name));
  const app = cliApp("vite-js", {
    convex: "real",
    packages: [...packages, "convex-helpers", "zod", "hono"],
    files: {
      "convex/who.js": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
    },
  });
  for (const args of [
    ["init", "--no-install"],
    ["add", "auth"],
  ])
    expect(await app.kitcn(...args, "--yes")).toMatchObject({ code: 0 });
  expect(app.has("convex/auth.js")).toBe(true);
  const ada = await signUp(deployment.siteUrl, credentials.email, "http://localhost:5173");
  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(await ada.token());
  expect(await client.query(whoami, {})).toMatchObject({ email: credentials.email });
});
