// How many bytes of code each kind of function loads: Convex evaluates a function's modules afresh for every run.
// Measured on the bundle that the unmodified convex CLI makes; no time is.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { liveApp } from "../codegen/support/live-app.js";
import type { CliApp } from "../codegen/support/cli.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { loadBundle, type PushedBundle } from "../support/pushed-bundle.js";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let deployment: Deployment;
let app: CliApp;
let bundle: PushedBundle;

const useDeployment = () =>
  Object.entries(deployment.cliEnv).forEach(([name, value]) => vi.stubEnv(name, value));

beforeAll(async () => {
  deployment = await startDeployment();
  useDeployment();
  app = liveApp({
    "convex/plain.ts": `import { query } from "./_generated/server";
export const now = query({ args: {}, handler: async ({ db }) => (await db.query("messages").collect()).length });
`,
    "convex/userId.ts": `import { getAuthUserId } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });
`,
    "convex/session.ts": `import { getHeaders, getSession } from "kitcn/auth";
import { query } from "./_generated/server";
export const get = query({
  args: {},
  handler: async (ctx) => [(await getSession(ctx))?._id ?? null, [...(await getHeaders(ctx)).keys()].length],
});
`,
    "convex/written.ts": `import { mutation } from "./generated/server";
export const add = mutation({ args: {}, handler: async ({ orm }) => orm.insert("messages", { body: "x", author: "x" }) });
`,
  });
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  bundle = await loadBundle(app);
});
afterAll(() => deployment?.stop());
beforeEach(useDeployment);
afterEach(() => vi.unstubAllEnvs());

test("table", () => {
  const rows = bundle.entries.map((name) => [name, bundle.bytesOf(name)]);
  console.log(JSON.stringify(rows, null, 1));
});
