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

/** Above what a query of Convex alone evaluates. */
const ABOVE_PLAIN: readonly (readonly [module: string, kilobytes: number])[] = [
  ["userId.js", 10],
  ["session.js", 10],
  ["http.js", 34],
  ["generated/routes.js", 34],
  ["written.js", 60],
  ["generated/store.js", 100],
];

test.each(ABOVE_PLAIN)("%s: at most %i KB more than a plain query", (module, kilobytes) => {
  const more = bundle.bytesOf(module) - bundle.bytesOf("plain.js");
  expect(more).toBeGreaterThan(0);
  expect(more).toBeLessThanOrEqual(kilobytes * 1024);
});

test("http.ts: at most 120 KB until the action itself has to serve, auth.config.ts: 12 KB", () => {
  expect(bundle.bytesOf("http.js")).toBeLessThanOrEqual(120 * 1024);
  expect(bundle.bytesOf("auth.config.js")).toBeLessThanOrEqual(12 * 1024);
});

test("what these modules load has no Better Auth in it, which generated/auth.ts has", () => {
  const isThere = (module: string) =>
    [...bundle.closureOf(module).values()].some((text) => text.includes("better-auth/dist/"));
  for (const [module] of ABOVE_PLAIN) expect(isThere(module), module).toBe(false);
  expect(isThere("generated/auth.js")).toBe(true);
});
