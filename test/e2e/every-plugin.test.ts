// Every plugin of better-auth and its packages in one app, and what users do with them: packed kitcn, the real
// convex CLI, over HTTP.
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { CORE_FLOWS } from "../support/flows/core.js";
import { EVERY_PLUGIN_FILES, EVERY_PLUGIN_PACKAGES } from "../support/flows/every-plugin.js";
import { PACKAGE_FLOWS } from "../support/flows/packages.js";
import { openWorld, PASSWORD } from "../support/flows/world.js";
import { LACKING } from "../support/lacking.js";
import { installApp, siblingApp, type PackedApp } from "../support/packed-app.js";
import { scanBundle } from "../support/runtime-scan.js";

const lastText = anyApi["sent"]!["last"] as FunctionReference<"query">; // the app's types are not ours
const here = anyApi["me"]!["here"] as FunctionReference<"query">; // as above

let installed: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  installed = await installApp({
    from: "examples/notes",
    name: "every-plugin",
    packages: EVERY_PLUGIN_PACKAGES,
  });
}, 600_000);

const world = () =>
  openWorld({
    base: deployment.siteUrl,
    serve: (request) => fetch(request, { redirect: "manual" }),
    lastSent: async () => {
      // What a request sends is sent by a function that it scheduled.
      await deployment.settled();
      return String(await new ConvexHttpClient(deployment.url).query(lastText, {}));
    },
  });

// SSO imports Node modules, which Convex functions that serve HTTP do not have.
const flows = [...CORE_FLOWS, ...PACKAGE_FLOWS].filter(({ name }) => name !== "SSO");

/** auth.ts with more before its rate limits. */
const withOptions = (lines: string) => ({
  ...EVERY_PLUGIN_FILES,
  "convex/auth.ts": EVERY_PLUGIN_FILES["convex/auth.ts"].replace(
    "    rateLimit: {",
    `${lines}\n    rateLimit: {`,
  ),
});
const UUIDS = `    advanced: { database: { generateId: "uuid" } },`;
const TRIGGERS = `    triggers: {
      user: { create: { before: ({ name }) => ({ data: { name } }), after: () => undefined } },
      account: { create: { before: () => undefined } },
      session: { change: () => undefined },
      rateLimit: { change: () => undefined },
      verification: { create: { after: () => undefined } },
    },`;
const cases = [
  { placement: "split", ids: "Convex's own", sources: withOptions(TRIGGERS) },
  { placement: "component", ids: "UUIDs", sources: withOptions(`${UUIDS}\n${TRIGGERS}`) },
];

async function push(app: PackedApp, placement: string, options: readonly string[] = []) {
  deployment = await startDeployment();
  for (const command of [
    ["kitcn", "add", "auth", "--yes", "--placement", placement],
    ["convex", "deploy", "--yes", ...options],
  ]) {
    const ran = await app.run(command, deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  }
}

/**
 * Half of what Convex gives a query or a mutation with all that it calls. It is the CPU time of the function's thread,
 * with loading in it, so a busy machine does not change it.
 */
const HALF_MS = 500;

/** Only the stand-in counts, and only it signs up with code that nothing has compiled yet. */
async function assertSignUpTime(placement: string): Promise<void> {
  if (process.env.CONVEX_SELF_HOSTED_URL) return;
  const used: number[] = [];
  for (const name of ["early", "late"]) {
    await deployment.resetCounters();
    await world().signUp(name);
    used.push((await deployment.counters()).mostCpuMs);
  }
  console.log(`CPU time of a sign-up, placement ${placement}: ${used.join(", then ")} ms`);
  expect(Math.max(...used)).toBeGreaterThan(0);
  expect(Math.max(...used)).toBeLessThanOrEqual(HALF_MS);
}

describe.each(cases)("placement $placement, ids are $ids", ({ placement, sources }) => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await siblingApp(installed, { name: `in-${placement}`, files: sources });
    await push(app, placement);
  }, 600_000);
  afterAll(() => deployment?.stop());

  test("a sign-up uses at most half of a function's CPU time", () => assertSignUpTime(placement));

  test("the bundle asks the runtime for nothing that Convex lacks, except what is listed", async () => {
    const bundle = join(app.dir, "bundle");
    const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
    const ran = await app.run([...command, "--debug-bundle-path", bundle], deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(await scanBundle(join(bundle, "isolate"))).toEqual(Object.keys(LACKING).sort());
  });

  test.each(flows)("$name", ({ run }) => run(world()), 120_000);

  test("Convex knows who is signed in", async () => {
    const { call, signUp } = world();
    const { token: as, id } = await signUp("knower");
    const { body } = await call("/convex/token", { as });
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(String(body.token));
    expect(await client.query(here, {})).toBe(id);
    const again = { email: "knower@example.com", password: PASSWORD };
    expect((await call("/sign-in/email", { body: again })).token).not.toBe("");
  });
});

describe("placement app", () => {
  beforeAll(async () => {
    const app = await siblingApp(installed, { name: "in-app", files: withOptions(TRIGGERS) });
    await push(app, "app", ["--typecheck", "disable"]);
  }, 600_000);
  afterAll(() => deployment?.stop());

  test("a sign-up uses at most half of a function's CPU time", () => assertSignUpTime("app"));
});
