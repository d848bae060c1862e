// What the app with every plugin is asked in one placement. The default suite and the matrix choose which.
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushEveryPlugin, worldOf, type PushedApp } from "./every-plugin-app.js";
import { PASSWORD, type Flow } from "./flows/world.js";
import { LACKING } from "./lacking.js";
import type { PackedApp } from "./packed-app.js";
import { scanBundle } from "./runtime-scan.js";

const here = anyApi["me"]!["here"] as FunctionReference<"query">; // the app's types are not ours

/** Declares the tests of one placement, inside of its `describe`. */
export function everyPluginIn(
  installed: () => PackedApp,
  {
    placement,
    files,
    flows,
  }: {
    readonly placement: string;
    readonly files: Readonly<Record<string, string>>;
    readonly flows: readonly Flow[];
  },
): void {
  let pushed: PushedApp;
  const world = () => worldOf(pushed.deployment);

  beforeAll(async () => {
    pushed = await pushEveryPlugin(installed(), { placement, files });
  }, 600_000);
  afterAll(() => pushed?.deployment.stop());

  test("the bundle asks the runtime for nothing that Convex lacks, except what is listed", async () => {
    const { app, deployment } = pushed;
    const bundle = join(app.dir, "bundle");
    const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
    const ran = await app.run([...command, "--debug-bundle-path", bundle], deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(await scanBundle(join(bundle, "isolate"))).toEqual(Object.keys(LACKING).sort());
  });

  test.each(flows)("$name", ({ run }) => run(world()), 120_000);

  test("Convex knows who is signed in", async () => {
    const { call, signUp } = world();
    const { deployment } = pushed;
    const { token: as, id } = await signUp("knower");
    const { body } = await call("/convex/token", { as });
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(String(body.token));
    expect(await client.query(here, {})).toBe(id);
    const again = { email: "knower@example.com", password: PASSWORD };
    expect((await call("/sign-in/email", { body: again })).token).not.toBe("");
  });
}
