// Preview deployments, by the very commands that docs/previews.md prints: the build of a branch on a host, its next build,
// and a preview by name. Signing in works at the branch's address, and at those that a pattern lets in.
import { readFileSync } from "node:fs";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { x } from "tinyexec";
import { convexProgram } from "../../codegen/env/convex-program.js";
import type { CliApp, Ran } from "../codegen/support/cli.js";
import { credentials, liveApp, runKitcn, signUp } from "../codegen/support/live-app.js";
import { startProject, type Project } from "../deployment/provision.js";
import { commandsOf } from "../docs/support/commands.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours
const DOCUMENT = readFileSync("docs/previews.md", "utf8");
const BRANCH = "feature/sign-in";
const SITE = "https://app-git-feature-sign-in-team.vercel.app";

let project: Project;
let app: CliApp;

type Env = Readonly<Record<string, string>>;

/** A build of the branch on Vercel, with the project's preview deploy key. */
const vercel = (): Env => ({
  ...project.previewEnv,
  VERCEL: "1",
  VERCEL_ENV: "preview",
  VERCEL_GIT_COMMIT_REF: BRANCH,
  VERCEL_BRANCH_URL: new URL(SITE).host,
  VERCEL_URL: "app-1a2b3c-team.vercel.app",
});

/** The commands of the first shell block below a heading. */
function commandsBelow(heading: string): string[][] {
  const section = DOCUMENT.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return commandsOf(block);
}

/** Runs `npx kitcn ...` or `npx convex ...` as the document has it. */
async function shell(
  words: readonly string[],
  env: Env,
): Promise<Omit<Ran, "code"> & { code: unknown }> {
  const [, program = "", ...args] = words;
  if (program === "kitcn") return runKitcn(app, args, env);
  const all = args[0] === "deploy" ? [...args, "--typecheck", "disable"] : args;
  const cli = convexProgram(app.path("node_modules/convex/bin/main.js"));
  const { exitCode, stdout, stderr } = await x(process.execPath, [cli, ...all], {
    nodeOptions: { cwd: app.root, env: { ...process.env, ...env } },
  });
  return { code: exitCode, stdout, stderr };
}

async function succeeds(words: readonly string[], env: Env): Promise<string> {
  const ran = await shell(words, env);
  expect(ran, `${words.join(" ")}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}

function previewOf(name: string) {
  const found = project.previews().get(name);
  if (!found) throw new Error(`There is no preview "${name}".`);
  return found;
}

const valuesOf = (name: string, env = project.previewEnv) =>
  succeeds(["npx", "convex", "env", "--preview-name", name, "list", "--include-values"], env);

async function identityAt(name: string, token: string): Promise<unknown> {
  const client = new ConvexHttpClient(previewOf(name).url);
  client.setAuth(token);
  return client.query(whoami, {});
}

async function signInStatus(name: string, origin: string): Promise<number> {
  const { status } = await fetch(`${previewOf(name).siteUrl}/api/auth/sign-in/email`, {
    method: "POST",
    // A browser without cookies is let in from anywhere: there is nothing that a stranger's page could use.
    headers: { "content-type": "application/json", origin, cookie: "other=1" },
    body: JSON.stringify(credentials),
  });
  return status;
}

beforeAll(async () => {
  project = await startProject();
  app = liveApp({
    "convex/who.ts": `import { getAuthUserId, getSession } from "kitcn/auth";
import { query } from "./_generated/server";
export const am = query({ args: {}, handler: async (ctx) => ({ id: await getAuthUserId(ctx), session: await getSession(ctx) }) });
`,
  });
  const manifest = JSON.parse(app.read("package.json")) as object;
  app.write("package.json", JSON.stringify({ ...manifest, scripts: { build: "node --version" } }));
  await succeeds(["npx", "kitcn", "add", "auth", "--yes"], project.developerEnv);
});
afterAll(() => project?.stop());

test("the build of a branch: its preview is made and set up, and people sign in at its address", async () => {
  const build = commandsBelow("In the build");
  expect(build.map((words) => words.slice(0, 3).join(" "))).toEqual([
    "npx convex deploy",
    "npx kitcn env",
  ]);
  for (const words of build) await succeeds(words, vercel());
  const values = await valuesOf(BRANCH);
  expect(values).toContain(`SITE_URL=${SITE}`);
  const browser = await signUp(previewOf(BRANCH).siteUrl, credentials.email, SITE);
  expect(await identityAt(BRANCH, await browser.token())).toMatchObject({
    id: expect.any(String) as string,
    session: { userId: expect.any(String) as string },
  });
  // Again, as at the next commit: nothing that is there changes.
  for (const words of build) await succeeds(words, vercel());
  expect(await valuesOf(BRANCH)).toBe(values);
  expect(await identityAt(BRANCH, await browser.token())).toMatchObject({
    id: expect.any(String) as string,
  });
});

test("other addresses of the host are let in by the pattern, and strangers are not", async () => {
  const commit = "https://app-1a2b3c-team.vercel.app";
  expect(await signInStatus(BRANCH, SITE)).toBe(200);
  expect(await signInStatus(BRANCH, commit)).toBe(403);
  const [, pattern = ""] = /^BETTER_AUTH_TRUSTED_ORIGINS=(.*)$/m.exec(DOCUMENT) ?? [];
  const set = [
    "npx",
    "convex",
    "env",
    "--preview-name",
    BRANCH,
    "set",
    "BETTER_AUTH_TRUSTED_ORIGINS",
  ];
  await succeeds([...set, pattern], project.previewEnv);
  expect(await signInStatus(BRANCH, commit)).toBe(200);
  expect(await signInStatus(BRANCH, "https://app-other.vercel.app")).toBe(403);
});

test("a preview by name, without keys: the secret is all that it gets", async () => {
  const edit = (file: string, from: string | RegExp, to: string) => {
    const before = app.read(file);
    expect(before).toMatch(from);
    app.write(file, before.replace(from, to));
  };
  edit("convex/auth.ts", /jwks: [\w.()]+\.JWKS/, `signer: "deployment"`);
  edit(
    "convex/auth.config.ts",
    /getAuthConfigProvider\([^)]*\)*(?=\])/,
    `getAuthConfigProvider({ signer: "deployment" })`,
  );
  app.write(".env.preview", `SITE_URL=${SITE}\n`);
  const [deploy = [], push = [], doctor = []] = commandsBelow("By name");
  const name = deploy.at(-1)!;
  await succeeds(deploy, project.previewEnv);
  await succeeds([...push, "--from-file", app.path(".env.preview")], project.previewEnv);
  const names = [...(await valuesOf(name)).matchAll(/^(\w+)=/gm)].map(([, one]) => one);
  expect(names.sort()).toEqual(["BETTER_AUTH_SECRET", "SITE_URL"]);
  const browser = await signUp(previewOf(name).siteUrl, credentials.email, SITE);
  const token = await browser.token();
  expect(decodeProtectedHeader(token).alg).toBe("ES256");
  expect(await identityAt(name, token)).toMatchObject({ id: expect.any(String) as string });
  // Whoever is logged in may look at it, too.
  for (const env of [project.previewEnv, project.developerEnv]) await succeeds(doctor, env);
  // Made again, it is empty, and set up by the same command.
  const before = previewOf(name).url;
  await succeeds(deploy, project.previewEnv);
  expect(previewOf(name).url).not.toBe(before);
  expect(await valuesOf(name)).not.toContain("SECRET");
});

test("production is out of reach of a name, and of the key of previews", async () => {
  const named = await shell(["npx", "kitcn", "env", "push", "--preview-name", "x"], project.ciEnv);
  expect(named.code).toBe(2);
  expect(named.stderr).toContain("CONVEX_DEPLOY_KEY is for one deployment");
  const prod = await shell(["npx", "kitcn", "env", "push", "--prod"], project.previewEnv);
  expect(prod.code).toBe(2);
});
