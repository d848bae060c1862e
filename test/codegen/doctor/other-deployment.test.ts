// `kitcn doctor` for another deployment than the one whose addresses .env.local has: it asks no address of that one.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment, type CliApp } from "../support/cli.js";

const ADDRESSES =
  "NEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:1\nNEXT_PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:2\n";
const DEVELOPMENT = "http://127.0.0.1:2 does not answer.";
const UNKNOWN = expect.stringContaining("CONVEX_SITE_URL set to its HTTP actions URL") as string;

let app: CliApp;
beforeAll(async () => {
  stubCloudDeployment();
  app = cliApp("plain", { files: { ".env.local": ADDRESSES } });
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
});
beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

test.each<{ given: string; env?: Record<string, string>; args?: string[]; want: string }>([
  { given: "the development deployment", want: DEVELOPMENT },
  { given: "--prod", args: ["--prod"], want: UNKNOWN },
  { given: "a preview", args: ["--preview-name", "mine"], want: UNKNOWN },
  {
    given: "a preview, with an address in the shell",
    env: { CONVEX_SITE_URL: "http://127.0.0.1:3" },
    args: ["--preview-name", "mine"],
    want: "http://127.0.0.1:3 does not answer.",
  },
  {
    given: "a deploy key of the deployment whose addresses are there",
    env: {
      CONVEX_DEPLOY_KEY: "dev:wise-owl-1|key",
      VITE_CONVEX_URL: "http://wise-owl-1.localhost:1",
    },
    want: DEVELOPMENT,
  },
  { given: "a deploy key", env: { CONVEX_DEPLOY_KEY: "prod:wise-owl-1|key" }, want: UNKNOWN },
  {
    given: "--prod, with an address in the shell",
    env: { CONVEX_SITE_URL: "http://127.0.0.1:3" },
    args: ["--prod"],
    want: "http://127.0.0.1:3 does not answer.",
  },
])("$given", async ({ env = {}, args = [], want }) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const { stdout } = await app.kitcn("doctor", ...args, "--json");
  const { unchecked } = JSON.parse(stdout) as { unchecked: { what: string; why: string }[] };
  expect(unchecked.filter(({ what }) => what === "the auth routes")).toEqual([
    { what: "the auth routes", why: want },
  ]);
});
