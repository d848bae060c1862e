// Which deployment the environment names, and whether it may be finished without asking.
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { findDeployment, isLocalUrl, isReachable } from "../../../codegen/env/deployment.js";
import { cliApp } from "../support/cli.js";

const NAMES = [
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  "CONVEX_DEPLOYMENT",
  "CONVEX_DEPLOY_KEY",
  "CONVEX_DEPLOYMENT_TOKEN",
];

beforeEach(() => NAMES.forEach((name) => vi.stubEnv(name, undefined)));
afterEach(() => vi.unstubAllEnvs());

describe("findDeployment", () => {
  test.each([
    { name: "nothing", files: {}, want: { kind: "none" } },
    {
      name: "self-hosted on this machine",
      files: {
        ".env.local":
          "CONVEX_SELF_HOSTED_URL='http://127.0.0.1:3210'\nCONVEX_SELF_HOSTED_ADMIN_KEY='a|b'\n",
      },
      want: { kind: "self-hosted", url: "http://127.0.0.1:3210", isLocal: true },
    },
    {
      name: "self-hosted elsewhere",
      files: {
        ".env.local":
          "CONVEX_SELF_HOSTED_URL=https://convex.example.com\nCONVEX_SELF_HOSTED_ADMIN_KEY=k\n",
      },
      want: { kind: "self-hosted", isLocal: false },
    },
    {
      name: "a local one, by its state and its URL",
      files: {
        ".env.local":
          "CONVEX_DEPLOYMENT=local:local-team-app\nNEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:3299\n",
        ".convex/local/default/config.json": '{ "ports": { "cloud": 3210, "site": 3211 } }',
      },
      want: { kind: "local", urls: ["http://127.0.0.1:3210", "http://127.0.0.1:3299"] },
    },
    {
      name: "a key of a project, which opens all deployments, whatever CONVEX_DEPLOYMENT says",
      files: {
        ".env.local":
          "CONVEX_DEPLOYMENT=prod:happy-animal-1\nCONVEX_DEPLOY_KEY=project:team:app|k\n",
      },
      want: { kind: "cloud", isProduction: false, byDeployKey: false },
    },
    {
      name: "an anonymous one",
      files: { ".env.local": "CONVEX_DEPLOYMENT=anonymous:anonymous-agent # x\n" },
      want: { kind: "local", name: "anonymous:anonymous-agent" },
    },
    {
      name: "a cloud one; .env.local before .env",
      files: {
        ".env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
        ".env": "CONVEX_DEPLOYMENT=prod:sad-animal-2\n",
      },
      want: { kind: "cloud", isProduction: false, byDeployKey: false },
    },
    {
      name: "a deploy key before all",
      files: { ".env.local": "CONVEX_DEPLOY_KEY=prod:x|y\nCONVEX_DEPLOYMENT=local:x\n" },
      want: { kind: "cloud", isProduction: true, byDeployKey: true },
    },
    {
      name: "a preview key",
      files: { ".env": "CONVEX_DEPLOY_KEY=preview:team:app|y\n" },
      want: { kind: "cloud", isProduction: false, byDeployKey: true },
    },
  ])("$name", ({ files, want }) => {
    const app = cliApp("plain", { files });
    expect(findDeployment(loadProject(app.root))).toMatchObject(want);
  });
});

test("isReachable asks local deployments only", async () => {
  const server = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  expect(await isReachable({ kind: "self-hosted", url, isLocal: true })).toBe(true);
  expect(await isReachable({ kind: "self-hosted", url, isLocal: false })).toBe(false);
  expect(await isReachable({ kind: "local", name: "x", urls: ["http://127.0.0.1:1", url] })).toBe(
    true,
  );
  await new Promise((done) => server.close(done));
  expect(await isReachable({ kind: "self-hosted", url, isLocal: true })).toBe(false);
});

test.each([
  { given: "http://localhost:3000", want: true },
  { given: "localhost", want: true },
  { given: "127.0.0.1:8080", want: true },
  { given: "ws://127.1.2.3", want: true },
  { given: "https://0.0.0.0", want: true },
  { given: "https://example.com/localhost", want: false },
  { given: "https://localhost.run", want: false },
  { given: "not a url", want: false },
])("isLocalUrl($given)", ({ given, want }) => {
  expect(isLocalUrl(given)).toBe(want);
});
