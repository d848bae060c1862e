// kill -9 of whole commands: at every file that `add auth` moves, in the middle of its installation, and at each
// call it makes of the convex CLI. The next run ends where one that nobody killed does.
import { chmodSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../codegen/support/cli.js";
import { killSwitch, liveApp, runKitcn, signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";

const NO_DEPLOYMENT = { CONVEX_DEPLOYMENT: "", CONVEX_DEPLOY_KEY: "", CONVEX_SELF_HOSTED_URL: "" };

/** Has kitcn kill itself right before the `KILL_AT`th time that it moves or removes a file of the app. */
function killsItself(app: CliApp): Readonly<Record<string, string>> {
  app.write(
    "node_modules/kills.mjs",
    `import fs from "node:fs";
     import { syncBuiltinESMExports } from "node:module";
     let left = Number(process.env.KILL_AT);
     for (const name of ["renameSync", "rmSync"]) {
       const original = fs[name];
       fs[name] = (path, ...rest) => {
         if (path.startsWith(${JSON.stringify(app.root)}) && --left === 0)
           process.kill(process.pid, "SIGKILL");
         return original(path, ...rest);
       };
     }
     syncBuiltinESMExports();`,
  );
  return { ...NO_DEPLOYMENT, NODE_OPTIONS: `--import ${app.path("node_modules/kills.mjs")}` };
}

describe("add auth, killed while it writes", () => {
  test("at every file: each is as before or as after, and a second run ends with all of them", async () => {
    const whole = cliApp("plain");
    const before = whole.snapshot();
    const add = ["add", "auth", "--yes"];
    expect(await runKitcn(whole, add, NO_DEPLOYMENT)).toMatchObject({ code: 0 });
    const after = whole.snapshot();
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    let at = 1;
    for (; ; at += 1) {
      const app = cliApp("plain");
      const killed = await runKitcn(app, add, { ...killsItself(app), KILL_AT: String(at) });
      if (killed.code !== null) break;
      for (const [name, text] of Object.entries(app.snapshot()))
        if (!name.startsWith(".kitcn-write")) expect([before[name], after[name]]).toContain(text);
      expect(await app.kitcn(...add), `killed at ${at}`).toMatchObject({ code: 0 });
      expect(app.snapshot(), `killed at ${at}`).toEqual(after);
    }
    // The journal, each file, and the folder of the write.
    expect(at - 1).toBe(changed.length + 2);
  }, 900_000); // two commands for each file
});

describe("add auth, killed while it installs", () => {
  const manifest = '{ "name": "x", "dependencies": { "convex": "^1.44.0" } }\n';
  const lacking = () =>
    cliApp("plain", {
      packages: PACKAGES.filter((one) => one !== "better-auth"),
      files: { "package.json": manifest },
    });

  /** An `npm` that installs, with something to do before and after. */
  function fakeNpm(app: CliApp, { first = "", last = "" }): void {
    const source = `${process.cwd()}/node_modules/better-auth`;
    const text = `#!/bin/sh
${first}
echo '{ "name": "x", "dependencies": { "convex": "^1.44.0", "better-auth": "1.7.25" } }' > package.json
ln -sfn ${source} node_modules/better-auth
${last}
`;
    app.write("node_modules/.bin/npm", text);
    chmodSync(app.path("node_modules/.bin/npm"), 0o755);
  }

  test.each([{ first: "kill -9 $PPID; exit 1" }, { last: "kill -9 $PPID" }])(
    "%j: a second run ends as if nothing had been",
    async (kill) => {
      const [app, whole] = [lacking(), lacking()];
      for (const one of [app, whole]) fakeNpm(one, {});
      const add = ["add", "auth", "--yes"];
      expect(await runKitcn(whole, add, NO_DEPLOYMENT)).toMatchObject({ code: 0 });
      fakeNpm(app, kill);
      expect(await runKitcn(app, add, NO_DEPLOYMENT)).toMatchObject({ code: null });
      fakeNpm(app, {});
      expect(await runKitcn(app, add, NO_DEPLOYMENT)).toMatchObject({ code: 0 });
      expect(app.snapshot()).toEqual(whole.snapshot());
    },
  );
});

describe("add auth and env push, killed at each call of the convex CLI", () => {
  let deployment: Deployment;
  let app: CliApp;

  const kitcn = (args: string[], kill = "") =>
    runKitcn(app, args, { ...deployment.cliEnv, KILL_KITCN: kill });
  const listed = async () => {
    const ran = await kitcn(["env", "push", "--dry-run", "--json"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    const { deployment: report } = JSON.parse(ran.stdout) as {
      deployment: { set: string[]; jwks: string };
    };
    return report;
  };

  beforeAll(async () => {
    deployment = await startDeployment();
    app = liveApp();
    killSwitch(app);
  });
  afterAll(() => deployment?.stop());

  test("one step further each time; the run that nobody kills finds all done, and users can sign up", async () => {
    const add = ["add", "auth", "--yes"];
    // Calls: list the variables, set them, push, latestJwks, set JWKS. What is there already is not set again.
    const kills = ["before 1", "after 1", "after 2", "after 2", "after 3", "after 4"];
    for (const kill of kills) {
      const killed = await kitcn(add, kill);
      expect(killed.code, `${kill}: ${killed.stdout}${killed.stderr}`).toBeNull();
    }
    const last = await kitcn(add);
    expect(last, last.stderr).toMatchObject({ code: 0 });
    expect(await listed()).toMatchObject({ set: [], jwks: "unchanged" });
    await signUp(deployment.siteUrl);
    expect(app.has(".kitcn-write")).toBe(false);
  });

  // Calls: list the variables, set them.
  test.each(["before 2", "after 2"])("env push, killed %s", async (kill) => {
    app.write("convex/.env", `${app.read("convex/.env")}NOTE=${kill.replace(" ", "-")}\n`);
    expect(await kitcn(["env", "push"], kill)).toMatchObject({ code: null });
    const ran = await kitcn(["env", "push"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(await listed()).toMatchObject({ set: [], jwks: "unchanged" });
  });
});
