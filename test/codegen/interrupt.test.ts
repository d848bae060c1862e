// Ctrl-C on the built CLI, wherever it comes: the app as it was or whole, one line, the exit code of the signal,
// and no process left. Whatever takes long announces itself in a file, then waits for ever.
import { chmodSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { isAlive } from "../support/processes.js";
import { cliApp, PACKAGES, type AppOptions, type CliApp } from "./support/cli.js";
import { startKitcn, type Started } from "./support/live-app.js";

const NOTHING = "Interrupted. Nothing was changed.\n";
const BEGAN = "node_modules/.began";

/** Where a local deployment seems to listen, and where none does. */
const deployment = createServer((_request, response) => response.end("1"));
const env = { CONVEX_DEPLOYMENT: "", CONVEX_DEPLOY_KEY: "", CONVEX_SELF_HOSTED_ADMIN_KEY: "key" };
const here = () => `http://127.0.0.1:${(deployment.address() as AddressInfo).port}`;
const nowhere = { ...env, CONVEX_SELF_HOSTED_URL: "" };

beforeAll(() => new Promise<void>((ready) => deployment.listen(0, "127.0.0.1", ready)));
afterAll(() => void deployment.close());

/** Waits until the app's slow program runs; the process ids it announced. */
async function began(app: CliApp, { ended }: Started): Promise<number[]> {
  const announced = vi.waitFor(() => expect(app.has(BEGAN) && app.read(BEGAN)).toMatch(/\n$/), {
    timeout: 120_000,
    interval: 20,
  });
  const early = ended.then((ran) => expect(ran, "ended before it was interrupted").toBe(null));
  await Promise.race([announced, early]);
  return app.read(BEGAN).trim().split(/\s+/).map(Number);
}

/** Runs until the slow part, then sends the signals. */
async function interrupt(
  app: CliApp,
  args: readonly string[],
  {
    signals = ["SIGINT"],
    env = nowhere,
  }: { signals?: NodeJS.Signals[]; env?: typeof nowhere } = {},
) {
  const started = startKitcn([...args, "--cwd", app.root], env);
  const pids = await began(app, started);
  for (const signal of signals) started.child.kill(signal);
  const ran = await started.ended;
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000 });
  // Progress depends on how busy the machine is.
  return { ...ran, stderr: ran.stderr.replace(/^.* \.\.\.\n/gm, "") };
}

describe("while auth.ts is read", () => {
  const slowAuth = (app: CliApp) =>
    `import { writeFileSync } from "node:fs";
     writeFileSync(${JSON.stringify(app.path(BEGAN))}, process.pid + "\\n");
     await new Promise((done) => setTimeout(done, 1_000_000));
     export default () => ({});`;

  test.each([
    { args: ["codegen"], signal: "SIGINT", code: 130 },
    { args: ["add", "auth", "--schema", "--yes"], signal: "SIGTERM", code: 143 },
    { args: ["add", "auth", "--schema", "--check", "--json"], signal: "SIGINT", code: 130 },
    { args: ["add", "auth", "--yes"], signal: "SIGHUP", code: 129 },
  ] as const)("$args, $signal", async ({ args, signal, code }) => {
    const app = cliApp("plain");
    app.write("convex/auth.ts", slowAuth(app));
    const before = app.snapshot();
    const { stdout, ...ran } = await interrupt(app, args, { signals: [signal] });
    expect(ran).toEqual({ code, stderr: NOTHING });
    if ((args as readonly string[]).includes("--json"))
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "INTERRUPTED" } });
    else expect(stdout).toBe("");
    expect(app.snapshot()).toEqual(before);
  });
});

describe("while packages are installed", () => {
  const lacking = (name: string): AppOptions => ({
    packages: PACKAGES.filter((one) => one !== name),
    files: {
      "package.json": '{ "name": "x", "dependencies": { "convex": "^1.44.0" } }',
      "package-lock.json": '{ "lockfileVersion": 3 }\n',
    },
  });

  /** Writes what an install writes, then waits, with a program of its own beside it. */
  function slowNpm(app: CliApp, trap = ""): void {
    const script = `#!/bin/sh
${trap}
echo '{ "name": "x", "dependencies": { "better-auth": "1.7.25" } }' > package.json
echo half > package-lock.json
echo half > bun.lock
mkdir -p node_modules/better-auth
echo '{ "version": "1.7.25" }' > node_modules/better-auth/package.json
sleep 1000 &
echo $$ $! > ${app.path(BEGAN)}
wait
sleep 1000
`;
    app.write("node_modules/.bin/npm", script);
    chmodSync(app.path("node_modules/.bin/npm"), 0o755);
  }

  test.each([
    // What a shell starts beside itself does not listen to SIGINT either.
    { signals: ["SIGINT"], args: ["--json"], trap: "", code: 130 },
    { signals: ["SIGTERM"], args: [], trap: "", code: 143 },
    // One that does not listen at all is ended by the second Ctrl-C.
    { signals: ["SIGINT", "SIGINT"], args: [], trap: "trap '' INT TERM", code: 130 },
  ] satisfies { signals: NodeJS.Signals[]; args: string[]; trap: string; code: number }[])(
    "add auth: all is as it was, and can be begun again ($signals $args)",
    async ({ signals, args, trap, code }) => {
      const app = cliApp("plain", lacking("better-auth"));
      slowNpm(app, trap);
      const before = app.snapshot();
      const ran = await interrupt(app, ["add", "auth", "--yes", ...args], { signals });
      expect(ran).toMatchObject({ code, stderr: NOTHING });
      expect(app.snapshot()).toEqual(before);
      expect(app.has("node_modules/better-auth")).toBe(false);
    },
  );

  test("init in an app: all is as it was", async () => {
    const manifest = '{ "name": "x", "dependencies": { "react": "^19", "vite": "^7" } }';
    const app = cliApp("vite", { packages: [], files: { "package.json": manifest } });
    slowNpm(app);
    const before = app.snapshot();
    const ran = await interrupt(app, ["init", "--yes"]);
    expect(ran).toMatchObject({ code: 130, stdout: "", stderr: NOTHING });
    expect(app.snapshot()).toEqual(before);
  });

  test("init of a new app: its files are whole, and the line says what goes on", async () => {
    const app = cliApp("plain");
    const init = ["init", "made", "-t", "vite", "--yes"];
    const whole = cliApp("plain");
    expect(await whole.kitcn(...init, "--no-install")).toMatchObject({ code: 0 });
    slowNpm(app);
    const { stdout, ...ran } = await interrupt(app, init);
    expect({ code: ran.code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(ran.stderr).toMatch(
      /^Interrupted\. The files are written\. To go on: cd \S+made && npm i\n$/,
    );
    expect(app.snapshot()).toEqual(whole.snapshot());
  });
});

describe("while files are written", () => {
  test("they are whole", async () => {
    const app = cliApp("plain");
    const whole = cliApp("plain");
    expect(await whole.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    // Ctrl-C at the first file that is moved into place.
    app.write(
      "node_modules/interrupts.mjs",
      `import fs from "node:fs";
       import { syncBuiltinESMExports } from "node:module";
       const { renameSync } = fs;
       fs.renameSync = (...args) => {
         if (/\\.ts$/.test(args[1])) process.kill(process.pid, "SIGINT");
         renameSync(...args);
       };
       syncBuiltinESMExports();`,
    );
    const NODE_OPTIONS = `--import ${app.path("node_modules/interrupts.mjs")}`;
    const started = startKitcn(["add", "auth", "--yes", "--cwd", app.root], {
      ...nowhere,
      NODE_OPTIONS,
    });
    const { code, stdout, stderr } = await started.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(
      /Interrupted\. The files are written\. To go on: npx kitcn add auth --yes\n$/,
    );
    expect(app.snapshot()).toEqual(whole.snapshot());
  });
});

describe("while the convex CLI runs", () => {
  /** A convex CLI that waits in calls that begin with `call`. */
  function slowConvex(app: CliApp, call: string): void {
    const main = "node_modules/convex/bin/main.js";
    const waits = `
      require("node:fs").writeFileSync(${JSON.stringify(app.path(BEGAN))}, process.pid + "\\n");
      setInterval(() => {}, 1000);`;
    app.write(
      main,
      `if (process.argv.slice(2).join(" ").startsWith("${call}")) {${waits}} else {${app.read(main)}}`,
    );
  }

  test.each([
    { call: "env list", want: NOTHING },
    { call: "env set", want: /had, or with the new ones\. Run the command again to finish\.\n$/ },
    { call: "run", want: /had, or with the new ones\. Run the command again to finish\.\n$/ },
  ])("env push, in $call", async ({ call, want }) => {
    const app = cliApp("plain", { files: { "convex/.env": "SITE_URL=http://localhost:3000\n" } });
    slowConvex(app, call);
    const before = app.snapshot();
    const env = { ...nowhere, CONVEX_DEPLOYMENT: "dev:happy-animal-1" };
    const ran = await interrupt(app, ["env", "push"], { env });
    expect(ran).toMatchObject({ code: 130, stdout: "", stderr: expect.stringMatching(want) });
    expect(app.snapshot()).toEqual(before);
  });

  test("add auth: the files are whole, and a second run finishes", async () => {
    const app = cliApp("plain");
    const whole = cliApp("plain");
    expect(await whole.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    const calm = app.read("node_modules/convex/bin/main.js");
    slowConvex(app, "run");
    const env = { ...nowhere, CONVEX_SELF_HOSTED_URL: here() };
    const ran = await interrupt(app, ["add", "auth", "--yes"], { env });
    expect(ran).toMatchObject({
      code: 130,
      stdout: "",
      stderr: `Interrupted. All files are written, but the deployment is only partly set up. Run the command again to finish.\n`,
    });
    expect(app.snapshot()).toEqual(whole.snapshot());
    app.write("node_modules/convex/bin/main.js", calm);
    const again = await startKitcn(["add", "auth", "--yes", "--cwd", app.root], env).ended;
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(Object.keys(app.convex.state().env).sort()).toEqual([
      "BETTER_AUTH_SECRET",
      "JWKS",
      "SITE_URL",
    ]);
  });

  test("dev: convex dev is gone with it", async () => {
    const app = cliApp("plain");
    expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
    slowConvex(app, "dev");
    const before = app.snapshot();
    const ran = await interrupt(app, ["dev"]);
    expect(ran).toEqual({
      code: 130,
      stdout: "",
      stderr: "Interrupted. Nothing runs any more, and every file is whole.\n",
    });
    expect(app.snapshot()).toEqual(before);
  });
});
