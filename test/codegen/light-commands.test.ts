// What commands do not start and do not load: Better Auth where its tables are not asked for, and the convex CLI
// more than once where nothing is to do. With the built CLI, in processes of its own.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cliApp, type CliApp } from "./support/cli.js";
import { runKitcn, startKitcn } from "./support/live-app.js";

/** Where a local deployment seems to listen. */
const deployment = createServer((_request, response) => response.end("1"));
let app: CliApp;
let live: Record<string, string>;

beforeAll(async () => {
  await new Promise<void>((ready) => deployment.listen(0, "127.0.0.1", ready));
  const { port } = deployment.address() as AddressInfo;
  live = {
    CONVEX_DEPLOYMENT: "",
    CONVEX_DEPLOY_KEY: "",
    CONVEX_SELF_HOSTED_ADMIN_KEY: "key",
    CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${port}`,
  };
  app = cliApp("next", { files: { "convex/.env": "SITE_URL=http://localhost:3000\n" } });
  const added = await runKitcn(app, ["add", "auth", "--yes"], live);
  expect(added.code, added.stderr).toBe(0);
});
afterAll(() => void deployment.close());
beforeEach(() => app.convex.setState({ calls: [] }));

test("a second `add auth` on a deployment that runs starts the convex CLI once", async () => {
  const again = await runKitcn(app, ["add", "auth", "--yes"], { ...live, KITCN_TIMING: "1" });
  expect(again.code, again.stderr).toBe(0);
  expect(app.convex.state().calls).toEqual(["env list --include-values"]);
  expect(again.stderr).toMatch(/ {2}convex CLI .* 1 process\n/);
});

test("what only looks at the app starts no convex CLI", async () => {
  for (const args of [
    ["add", "auth", "--check"],
    ["add", "auth", "--schema", "--yes"],
    ["codegen"],
  ]) {
    const ran = await runKitcn(app, args, live);
    expect(ran.code, ran.stderr).toBe(0);
  }
  expect(app.convex.state().calls).toEqual([]);
});

test.each([
  { args: ["--version"] },
  { args: ["--help"] },
  { args: ["add", "auth", "--help"] },
  { args: ["import", "--help"] },
  { args: ["nonsense"], code: 2 },
  { args: ["init", "--yes", "--no-install"], here: true },
  { args: ["env", "push"], here: true },
  { args: ["env", "push", "--rotate", "--grace", "--yes"], here: true },
])("$args loads nothing of Better Auth", async ({ args, here, code = 0 }) => {
  const ran = await loadedBy(here ? [...args, "--cwd", app.root] : args);
  expect(ran.code, ran.stderr).toBe(code);
  expect(ran.loaded.filter(isBetterAuth)).toEqual([]);
  expect(ran.loaded.some((url) => url.endsWith("/dist/codegen/cli.js"))).toBe(true);
});

test("the list of what is loaded sees Better Auth where it is", async () => {
  const ran = await loadedBy(["codegen", "--cwd", app.root]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.loaded.filter(isBetterAuth)).not.toEqual([]);
});

// --- internal ---

function isBetterAuth(url: string): boolean {
  return /\/node_modules\/(better-auth|@better-auth|better-call)\//.test(url);
}

/** Runs the CLI with a hook that writes down the URL of each module that Node loads. */
async function loadedBy(args: readonly string[]) {
  const list = app.path("node_modules/.loaded");
  const hook = app.path("node_modules/.hook.mjs");
  writeFileSync(list, "");
  writeFileSync(
    hook,
    `import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  appendFileSync(${JSON.stringify(list)}, url + "\\n");
  return next(url, context);
}`,
  );
  const register = `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hook).href)});`;
  const { ended } = startKitcn(args, {
    ...live,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}`,
  });
  const ran = await ended;
  const loaded = readFileSync(list, "utf8").split("\n");
  return { ...ran, loaded };
}
