// From an app without auth to plugins and social providers that are used, by commands alone: the convex CLI pushes what
// they wrote, with its type check, and users call the plugins over HTTP.
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../codegen/support/cli.js";
import { credentials, signUp, visitor } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { startOutside, type Outside } from "../faults/support/outside.js";

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

describe("after a plugin is removed, and social providers are added", () => {
  let gitlab: Outside;
  let printed: { redirects: { development: string } }[];

  beforeAll(async () => {
    gitlab = await startOutside();
    gitlab.serve("/oauth/token", { access_token: "of-ada", token_type: "Bearer" });
    gitlab.serve("/api/v4/user", {
      id: 7,
      name: "Ada",
      email: "ada@gitlab.example.com",
      email_verified: true,
      state: "active",
    });
    await kitcn("remove", "plugin", "username");
    const added = await kitcn("add", "social", "github", "gitlab", "--json");
    ({ items: printed } = JSON.parse(added) as { items: typeof printed });
    // As whoever has a GitLab of their own.
    const auth = app.read("convex/auth.ts");
    app.write("convex/auth.ts", auth.replace("gitlab: {", `$& issuer: "${gitlab.url}",`));
    const checked = await app.kitcn("add", "auth", "--schema", "--check");
    expect(checked, checked.stdout).toMatchObject({ code: 0 });
    await push();
  }, 300_000);
  afterAll(() => gitlab?.stop());

  test("the plugin is gone; its rows stay", async () => {
    const { request } = await signUp(deployment.siteUrl, "later@example.com");
    const { password } = credentials;
    const response = await request("/sign-in/username", { username: "ada", password });
    expect(response.status).toBe(404);
  });

  test("without variables a provider answers by name, and doctor names each of them", async () => {
    const response = await visitor(deployment.siteUrl)("/sign-in/social", { provider: "github" });
    expect(await response.json()).toMatchObject({
      code: "PROVIDER_NOT_CONFIGURED",
      message: expect.stringContaining('"github" has no clientId and no clientSecret') as string,
    });
    const ran = await app.kitcn("doctor", "--json");
    const { findings } = JSON.parse(ran.stdout) as {
      findings: { code: string; message: string }[];
    };
    const missing = findings.filter(({ code }) => code === "MISSING_VARIABLE");
    expect(missing.map(({ message }) => /reads (\w+)/.exec(message)?.[1])).toEqual([
      "GITHUB_CLIENT_ID",
      "GITHUB_CLIENT_SECRET",
      "GITLAB_CLIENT_ID",
      "GITLAB_CLIENT_SECRET",
    ]);
  });

  test("with variables a stranger signs up at the provider", async () => {
    const env = app.read("convex/.env");
    app.write("convex/.env", env.replaceAll(/(_CLIENT_(ID|SECRET))=$/gm, "$1=of-the-test"));
    await kitcn("env", "push");
    const request = visitor(deployment.siteUrl);
    const begin = async (provider: string) => {
      const response = await request("/sign-in/social", { provider, callbackURL: "/welcome" });
      const { url } = (await response.json()) as { url: string };
      return new URL(url);
    };
    expect((await begin("github")).searchParams.get("client_id")).toBe("of-the-test");
    const url = await begin("gitlab");
    expect(url.origin).toBe(gitlab.url);
    expect(url.searchParams.get("redirect_uri")).toBe(printed[1]?.redirects.development);

    const query = new URLSearchParams({ code: "code", state: url.searchParams.get("state") ?? "" });
    const back = await request(`/callback/gitlab?${query}`);
    expect(back.headers.get("location")).toMatch(/\/welcome$/);
    const session = await request("/get-session");
    expect(await session.json()).toMatchObject({ user: { email: "ada@gitlab.example.com" } });
  }, 120_000);
});
