// An installation that moves kitcn's own folder while kitcn runs, as npm's linked strategy does when kitcn gets a peer:
// the command goes on by itself. With the built CLI, in a store as that npm makes it.
import { chmodSync, cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { runIn } from "../support/packed-app.js";
import { cliApp, PACKAGES, type CliApp } from "./support/cli.js";

const repo = resolve(".");
const env = {
  CONVEX_DEPLOYMENT: "",
  CONVEX_DEPLOY_KEY: "",
  CONVEX_SELF_HOSTED_ADMIN_KEY: "key",
  CONVEX_SELF_HOSTED_URL: "",
};

test.each([
  { started: "by the link in .bin", program: "node_modules/.bin/kitcn" },
  { started: "by a path into the store", program: inStore("a") },
])("add auth goes on where kitcn is now, started $started", async ({ program }) => {
  const app = linkedApp();
  const ran = await runIn(app.root, [process.execPath, program, "add", "auth", "--yes"], env);
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  // Progress depends on how busy the machine is.
  expect(ran.stderr.replace(/^.* \.\.\.\n/gm, "")).toBe("");
  expect(app.read("convex/schema.ts")).toContain("session");
  // It is done: nothing is left to a second run.
  const again = await app.kitcn("add", "auth", "--check");
  expect(again, again.stdout).toMatchObject({ code: 0 });
});

test("its one JSON document comes from the run that goes on", async () => {
  const app = linkedApp();
  const program = "node_modules/.bin/kitcn";
  const ran = await runIn(
    app.root,
    [process.execPath, program, "add", "auth", "--yes", "--json"],
    env,
  );
  expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true, status: "written" });
});

test("what fails after it says that packages were installed", async () => {
  const app = linkedApp();
  app.write("convex/auth.ts", "throw new Error('broken'); export default {};");
  const ran = await runIn(
    app.root,
    [process.execPath, "node_modules/.bin/kitcn", "add", "auth", "--yes"],
    env,
  );
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("Packages were installed; no other file was written.");
});

test("where kitcn is nowhere any more, the error names the command", async () => {
  const app = linkedApp("rm node_modules/kitcn");
  const ran = await runIn(
    app.root,
    [process.execPath, inStore("a"), "add", "auth", "--yes", "--ui", "none"],
    env,
  );
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain("The installation moved kitcn itself to another folder.");
  expect(ran.stderr).toContain("To go on: npx kitcn add auth --yes --ui none\n");
});

// --- internal ---

function inStore(name: string): string {
  return `node_modules/.store/kitcn@${name}/node_modules/kitcn/dist/codegen/bin.js`;
}

/** An app without better-auth whose npm installs it, and gives kitcn's folder another name with that. */
function linkedApp(after = ""): CliApp {
  const app = cliApp("plain", {
    packages: PACKAGES.filter((one) => one !== "kitcn" && one !== "better-auth"),
    files: {
      "package.json": '{ "name": "x", "dependencies": { "convex": "^1.44.0", "kitcn": "0.1.0" } }',
      "package-lock.json": '{ "lockfileVersion": 3 }\n',
      "node_modules/.bin/npm": `#!/bin/sh
mv node_modules/.store/kitcn@a node_modules/.store/kitcn@b
ln -sfn .store/kitcn@b/node_modules/kitcn node_modules/kitcn
ln -s ${join(repo, "node_modules/better-auth")} node_modules/better-auth
${after}
`,
    },
  });
  chmodSync(app.path("node_modules/.bin/npm"), 0o755);
  const folder = app.path("node_modules/.store/kitcn@a/node_modules/kitcn");
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "dist", "generated", "templates"])
    cpSync(join(repo, name), join(folder, name), { recursive: true });
  symlinkSync(join(repo, "node_modules"), join(folder, "node_modules"));
  symlinkSync(".store/kitcn@a/node_modules/kitcn", app.path("node_modules/kitcn"));
  symlinkSync("../kitcn/dist/codegen/bin.js", app.path("node_modules/.bin/kitcn"));
  return app;
}
