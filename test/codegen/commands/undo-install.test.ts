// What an installation leaves behind that was taken back: nothing, wherever its commands ran.
import { expect, test } from "vitest";
import { rememberInstall } from "../../../codegen/commands/undo-install.js";
import { cliApp } from "../support/cli.js";

test.each([
  { name: "no lock file yet", lock: undefined },
  { name: "a lock file", lock: '{ "lockfileVersion": 3 }' },
])("the root of a repository is as it was: $name", async ({ lock }) => {
  const app = cliApp("plain", { files: { "apps/web/package.json": "{}" } });
  if (lock !== undefined) app.write("package-lock.json", lock);
  const before = app.snapshot();
  const project = { root: app.path("apps/web"), home: app.root };
  const undo = await rememberInstall(project, { packages: ["left@1.0.0"], devPackages: [] });
  app.write("package.json", '{ "overrides": {} }');
  app.write("apps/web/package.json", '{ "dependencies": { "left": "1.0.0" } }');
  app.write("package-lock.json", "{}");
  app.write("node_modules/left/package.json", "{}");
  undo();
  expect(app.snapshot()).toEqual(before);
  expect(app.has("node_modules/left")).toBe(false);
});
