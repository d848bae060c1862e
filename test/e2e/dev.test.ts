// `kitcn dev` with the real convex CLI against a deployment: first variables, codegen at a change, and an end
// that leaves nothing behind.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { descendants, isAlive } from "../support/processes.js";
import { installApp, type PackedApp } from "../support/packed-app.js";

let app: PackedApp;
let deployment: Deployment;
let dev: ChildProcess | undefined;
let output = "";

beforeAll(async () => {
  app = await installApp({ from: "examples/notes", name: "dev" });
  const added = await app.run(["kitcn", "add", "auth", "--yes"], { CONVEX_SELF_HOSTED_URL: "" });
  expect(added, added.stderr).toMatchObject({ code: 0 });
  deployment = await startDeployment();
}, 300_000);

afterAll(async () => {
  dev?.kill("SIGKILL");
  await deployment?.stop();
});

const said = (text: string | RegExp) =>
  vi.waitFor(() => expect(output).toMatch(text), { timeout: 90_000, interval: 100 });

test(
  "pushes, bootstraps, refreshes at a change, and ends with Ctrl-C",
  { timeout: 300_000 },
  async () => {
    const main = join(app.dir, "node_modules/kitcn/dist/codegen/cli.js");
    const started = spawn(process.execPath, [main, "dev"], {
      cwd: app.dir,
      env: { ...process.env, ...deployment.cliEnv },
      stdio: ["ignore", "pipe", "pipe"],
    });
    dev = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on("data", (text: Buffer) => (output += text.toString()));
    await said(/convex {2}\| .*functions ready/i);
    await said(/kitcn {3}\| set .*BETTER_AUTH_SECRET/);
    const { stdout } = await app.run(["convex", "env", "list", "--names-only"], deployment.cliEnv);
    expect(stdout).toContain("JWKS");
    // Functions that are not pushed yet are not asked for: the log would show an error for each time.
    expect(output).not.toContain("Could not find public function");

    const generated = join(app.dir, "convex/generated/auth.ts");
    const good = readFileSync(generated, "utf8");
    writeFileSync(generated, `${good}\nexport const stale = 1;\n`);
    const auth = join(app.dir, "convex/auth.ts");
    writeFileSync(auth, `${readFileSync(auth, "utf8")}\n// changed\n`);
    await said(/wrote convex\/generated\/auth\.ts/);
    expect(readFileSync(generated, "utf8")).toBe(good);

    const family = descendants(started.pid ?? 0);
    expect(family.length).toBeGreaterThan(0);
    const ended = new Promise((resolve) => started.on("close", (...how) => resolve(how)));
    started.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(output).toMatch(/^Interrupted\. Nothing runs any more, and every file is whole\.$/m);
    await vi.waitFor(() => expect(family.filter(isAlive)).toEqual([]), { timeout: 20_000 });
  },
);
