// The path to production, by the very commands that docs/production.md prints: an empty deployment becomes one
// where people sign in; rules of production, rotation and deploy keys on the way.
import { readFileSync } from "node:fs";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { createRemoteJWKSet, jwtVerify, SignJWT, importJWK } from "jose";
import { symmetricDecrypt } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { convexProgram } from "../../codegen/env/convex-program.js";
import type { CliApp, Ran } from "../codegen/support/cli.js";
import { liveApp, runKitcn, signUp } from "../codegen/support/live-app.js";
import { startProject, type Project } from "../deployment/provision.js";
import { x } from "tinyexec";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours
const DOCUMENT = readFileSync("docs/production.md", "utf8");

let project: Project;
let app: CliApp;
let browser: Awaited<ReturnType<typeof signUp>>;

/** The commands of the first shell block below a heading. */
function commandsBelow(heading: string): string[] {
  const section = DOCUMENT.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return block.split("\n").filter(Boolean);
}

/** Runs `npx kitcn ...` or `npx convex ...` as the document has it. */
async function shell(line: string, env: Readonly<Record<string, string>>) {
  const [, program = "", ...args] = line.split(/\s+/);
  if (program === "kitcn") return runKitcn(app, args, env);
  // Nobody is there to confirm a deployment.
  const all = args[0] === "deploy" ? [...args, "--yes", "--typecheck", "disable"] : args;
  const cli = convexProgram(app.path("node_modules/convex/bin/main.js"));
  const { exitCode, stdout, stderr } = await x(process.execPath, [cli, ...all], {
    nodeOptions: { cwd: app.root, env: { ...process.env, ...env } },
  });
  return { code: exitCode ?? 1, stdout, stderr } satisfies Ran;
}

async function succeeds(line: string, env = project.developerEnv): Promise<string> {
  const ran = await shell(line, env);
  expect(ran, `${line}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}

async function identityOf(token: string): Promise<unknown> {
  const client = new ConvexHttpClient(project.prod.url);
  client.setAuth(token);
  return client.query(whoami, {});
}

const prodEnv = async () => {
  const text = await succeeds("npx convex env list --prod --include-values");
  return (name: string) => new RegExp(`^${name}='?(.*?)'?$`, "m").exec(text)?.[1] ?? "";
};

beforeAll(async () => {
  project = await startProject();
  app = liveApp({
    ".env.production": "SITE_URL=https://app.example.com\n",
    "convex/who.ts": `import { getAuthUserId, getSession } from "kitcn/auth";
import { query } from "./_generated/server";
export const am = query({ args: {}, handler: async (ctx) => ({ id: await getAuthUserId(ctx), session: await getSession(ctx) }) });
`,
  });
  // With lib/get-env.ts, whose variables are missing at the first deployment.
  await succeeds("npx kitcn init --yes --no-install");
  await succeeds("npx kitcn add auth --yes");
  expect(app.read("convex/auth.config.ts")).toContain("getEnv()");
});
afterAll(() => project?.stop());

test("deployed before any variable is there: auth says which command is missing", async () => {
  const [deploy = ""] = commandsBelow("First deployment");
  expect(deploy).toBe("npx convex deploy");
  await succeeds(deploy);
  const response = await fetch(`${project.prod.siteUrl}/api/auth/get-session`);
  expect(response.status).toBeGreaterThanOrEqual(400);
  await expect
    .poll(() => project.prod.logs().join("\n"), { timeout: 30_000 })
    .toContain("npx kitcn env push --prod");
});

test("the values of development do not get to production", async () => {
  const refused = await shell("npx kitcn env push --prod", project.developerEnv);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("SITE_URL in convex/.env points at this machine");
  expect((await prodEnv())("SITE_URL")).toBe("");
});

test("the commands as printed: people sign in, and doctor finds nothing", async () => {
  for (const line of commandsBelow("First deployment").slice(1)) await succeeds(line);
  const env = await prodEnv();
  expect(env("SITE_URL")).toBe("https://app.example.com");
  expect(env("BETTER_AUTH_SECRET")).toMatch(/^[\w-]{43}$/);
  browser = await signUp(project.prod.siteUrl, "ada@example.com", "https://app.example.com");
  const identity = await identityOf(await browser.token());
  expect(identity).toMatchObject({
    id: expect.any(String),
    session: { userId: expect.any(String) },
  });
});

test("tokens pass an independent check by the served keys; forged ones pass nowhere", async () => {
  const token = await browser.token();
  const jwks = createRemoteJWKSet(new URL(`${project.prod.siteUrl}/api/auth/convex/jwks`));
  const { payload, protectedHeader } = await jwtVerify(token, jwks, { audience: "convex" });
  const env = await prodEnv();
  const [key] = JSON.parse(env("JWKS")) as { id: string; privateKey: string }[];
  expect(protectedHeader).toEqual({ alg: "RS256", kid: key!.id });
  const text = await symmetricDecrypt({
    key: env("BETTER_AUTH_SECRET"),
    data: JSON.parse(key!.privateKey) as string,
  });
  const own = await importJWK(JSON.parse(text) as object, "RS256");
  const sign = (claims: object, kid = key!.id) =>
    new SignJWT({ ...payload, ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(own);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nowSeconds = Math.floor(Date.now() / 1000);
  expect(await identityOf(await sign({}))).toMatchObject({ id: payload.sub });
  const forged: Record<string, string> = {
    expired: await sign({ exp: nowSeconds - 60 }),
    "another issuer": await sign({ iss: "https://evil.example" }),
    "another audience": await sign({ aud: "other" }),
    "an unknown kid": await sign({}, "nobody"),
    "alg none": `${part({ alg: "none", kid: key!.id })}.${part(payload)}.`,
    "a changed claim": token.replace(/\.[^.]+\./, `.${part({ ...payload, sub: "someone" })}.`),
  };
  for (const [name, one] of Object.entries(forged))
    await expect(identityOf(one), name).rejects.toThrow();
});

test("the keys rotate as printed: with grace, tokens only, and everything, after which people sign in again", async () => {
  const [graceful = "", hard = "", whole = ""] = commandsBelow("Key rotation");
  const token = await browser.token();
  await succeeds(graceful);
  await identityOf(token);
  await succeeds(hard);
  await expect(identityOf(token)).rejects.toThrow();
  await identityOf(await browser.token());
  await succeeds(whole);
  expect((await browser.request("/convex/token")).status).toBe(401);
  browser = await signUp(project.prod.siteUrl, "again@example.com", "https://app.example.com");
  await identityOf(await browser.token());
});

test("a deploy key in CI acts on production, and changes nothing that is set", async () => {
  const before = (await prodEnv())("BETTER_AUTH_SECRET");
  app.write("convex/.env", "");
  for (const [, line = ""] of DOCUMENT.matchAll(/- run: (npx (?:convex|kitcn env) .*)/g))
    await succeeds(line, project.ciEnv);
  expect((await prodEnv())("BETTER_AUTH_SECRET")).toBe(before);
  await identityOf(await browser.token());
});
