// From an app without auth to plugins that are used, by commands alone: the convex CLI pushes what they wrote, with its
// type check, and users call the plugins over HTTP.
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../codegen/support/cli.js";
import { credentials, signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";

let deployment: Deployment;
let app: CliApp;

async function kitcn(...args: string[]): Promise<string> {
  const ran = await app.kitcn(...args, "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran.stdout;
}

async function push(): Promise<void> {
  const main = "node_modules/convex/bin/main.js";
  const ran = await x(process.execPath, [main, "dev", "--once"], {
    nodeOptions: { cwd: app.root },
  });
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
}

beforeAll(async () => {
  deployment = await startDeployment();
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
  const packages = [...PACKAGES, "convex-helpers", "zod", "hono"];
  app = cliApp("next", { convex: "real", packages });
  await kitcn("init", "--no-install");
  await kitcn("add", "auth");
  await kitcn("add", "plugin", "organization", "username", "magic-link");
  await push();
}, 600_000);
afterAll(() => deployment?.stop());
afterAll(() => void vi.unstubAllEnvs());

async function user(email: string) {
  const { request } = await signUp(deployment.siteUrl, email);
  const call = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await request(path, body);
    const text = await response.text();
    expect(response.status, `${path}: ${text}`).toBe(200);
    return JSON.parse(text) as Record<string, unknown>;
  };
  return { call };
}

test("an organization is made, and who was invited becomes a member", async () => {
  const owner = await user("owner@example.com");
  const guest = await user("guest@example.com");
  const { id } = await owner.call("/organization/create", { name: "Acme", slug: "acme" });
  const invitation = await owner.call("/organization/invite-member", {
    email: "guest@example.com",
    role: "member",
    organizationId: id,
  });
  await guest.call("/organization/accept-invitation", { invitationId: invitation.id });
  const list = await guest.call("/organization/list");
  expect(list).toMatchObject([{ slug: "acme" }]);
}, 120_000);

test("a user name signs in", async () => {
  const named = await user("named@example.com");
  await named.call("/update-user", { username: "ada" });
  const { password } = credentials;
  expect(await named.call("/sign-in/username", { username: "ada", password })).toMatchObject({
    user: { username: "ada" },
  });
}, 120_000);

test("a link is asked for, and doctor says that nobody sends it yet", async () => {
  const asking = await user("asking@example.com");
  const body = { email: "asking@example.com" };
  expect(await asking.call("/sign-in/magic-link", body)).toMatchObject({ status: true });
  const ran = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
  expect(ran, JSON.stringify(findings)).toMatchObject({ code: 0 });
  const line = app
    .read("convex/auth.ts")
    .split("\n")
    .findIndex((one) => one.includes("TODO(kitcn)"));
  expect(findings).toMatchObject([
    { code: "UNFINISHED_CODE", level: "warning", file: "convex/auth.ts", line: line + 1 },
  ]);
}, 120_000);

test("a plugin that is removed is gone after the next push; its rows stay", async () => {
  await kitcn("remove", "plugin", "username");
  await push();
  const { request } = await signUp(deployment.siteUrl, "later@example.com");
  const { password } = credentials;
  const response = await request("/sign-in/username", { username: "ada", password });
  expect(response.status).toBe(404);
}, 300_000);
