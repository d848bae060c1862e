// A Node that the app's convex does not run on: said in one sentence, before anything is written.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkPackages } from "../../../codegen/doctor/check-packages.js";
import { findNodeMismatch, isInRange } from "../../../codegen/packages/node-engine.js";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

test.each([
  ["20.19.0", ">=22.0.0", false],
  ["22.0.0", ">=22.0.0", true],
  ["24.1.0", ">= 22", true],
  ["20.19.0", "^20.19.0 || >=22.12.0", true],
  ["21.0.0", "^20.19.0 || >=22.12.0", false],
  ["22.11.0", "^20.19.0 || >=22.12.0", false],
  ["20.19.5", "~20.19", true],
  ["20.20.0", "~20.19", false],
  ["20.3.1", "20", true],
  ["20.3.1", "20.x", true],
  ["21.3.1", "20.x", false],
  ["22.1.0", ">=20 <22", false],
  ["22.0.0", "<=22", true],
  ["22.5.0", ">22", false],
  ["23.0.0", ">22", true],
  ["20.0.0", "*", true],
  ["20.0.0", "lts/*", true],
])("Node %s in %s: %s", (version, range, want) => {
  expect(isInRange(version, range)).toBe(want);
});

const appThatNeeds = (node: string) => {
  const app = cliApp("plain");
  const convex = { name: "convex", version: "1.99.0", engines: { node } };
  app.write("node_modules/convex/package.json", JSON.stringify(convex));
  return app;
};

describe("convex for a newer Node", () => {
  const SAYS = new RegExp(
    `convex 1\\.99\\.0 runs on Node >=99\\.0\\.0, and this is Node ${process.versions.node}\\.[^]*convex@<1\\.99\\.0`,
  );
  test.each([
    [["add", "auth", "--yes"]],
    [["env", "push"]],
    [["env", "push", "--rotate", "--yes"]],
    [["dev"]],
  ])("%j", async (args) => {
    const app = appThatNeeds(">=99.0.0");
    const before = app.snapshot();
    const ran = await app.kitcn(...args);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(SAYS);
    expect(app.snapshot()).toEqual(before);
    expect(app.convex.state().calls).toEqual([]);
  });

  test("env push of an app that has no deployment yet: `convex dev` would not run either", async () => {
    vi.stubEnv("CONVEX_DEPLOYMENT", undefined);
    const { code, stderr } = await appThatNeeds(">=99.0.0").kitcn("env", "push");
    expect(code).toBe(1);
    expect(stderr).toMatch(SAYS);
  });

  // What package.json asks for may turn out to be one that this Node does not run.
  test("that was installed just now: add auth says so, and what was written", async () => {
    const app = cliApp("plain");
    rmSync(app.path("node_modules/convex"), { recursive: true });
    const before = app.snapshot();
    const convex = { name: "convex", version: "1.99.0", engines: { node: ">=99.0.0" } };
    const npm = `#!/bin/sh\nmkdir -p node_modules/convex\nprintf '%s' '${JSON.stringify(convex)}' > node_modules/convex/package.json\n`;
    // Programs of the app are found first.
    mkdirSync(app.path("node_modules/.bin"));
    writeFileSync(app.path("node_modules/.bin/npm"), npm, { mode: 0o755 });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(SAYS);
    expect(ran.stderr).toContain("Packages were installed; no other file was written.");
    expect(ran.stderr).not.toContain("Nothing was written.");
    expect(app.snapshot()).toEqual(before);
  });

  test("doctor", async () => {
    const app = appThatNeeds(">=99.0.0");
    const { code, stdout } = await app.kitcn("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(SAYS);
  });

  test("is a finding with a fix", () => {
    const node = findNodeMismatch(appThatNeeds(">=22"), "20.19.0");
    const versions = { "better-auth": "1.7.25", convex: "1.48.0" };
    const findings = checkPackages({ versions, copies: [], broken: [], node });
    expect(findings).toMatchObject([{ code: "NODE_TOO_OLD", level: "error" }]);
  });
});

test("a Node that it runs on is not mentioned", () => {
  expect(findNodeMismatch(appThatNeeds(">=18"))).toBeUndefined();
});
