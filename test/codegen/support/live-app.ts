// An app with auth on a running deployment: the unmodified convex CLI, kitcn from this repository's build.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createCookieJar } from "../../support/cookie-fetch.js";
import { cliApp, PACKAGES, type CliApp, type Ran } from "./cli.js";

export const credentials = {
  name: "Ada",
  email: "ada@example.com",
  password: "correct horse battery",
};

const ORIGIN = "http://localhost:3000";
const repo = resolve(".");

/** The app of test/fixtures/apps/plain, with every package a push needs. */
export function liveApp(files: Readonly<Record<string, string>> = {}): CliApp {
  const packages = [...PACKAGES, "convex-helpers", "zod", "hono"];
  return cliApp("plain", { convex: "real", packages, files });
}

/** The CLI that is running; `code` is null where it was killed. */
export type Started = {
  readonly child: ChildProcess;
  readonly ended: Promise<Omit<Ran, "code"> & { code: number | null }>;
};

/** `kitcn ...args` as a process of its own, in an environment of its own, with flags for Node. */
export function startKitcn(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): Started {
  const program = join(repo, "dist/codegen/cli.js");
  const child = spawn(process.execPath, [...nodeFlags, program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => (printed[name] += text));
  const code = new Promise<number | null>((done) => child.once("close", done));
  return { child, ended: code.then((code) => ({ code, ...printed })) };
}

/** The same to its end, in an app. */
export function runKitcn(
  app: CliApp,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Started["ended"] {
  return startKitcn([...args, "--cwd", app.root], env).ended;
}

/**
 * Puts a program between kitcn and the convex CLI, which kills kitcn right before or after the call that
 * `KILL_KITCN` names ("before 2", "after 3"); calls are counted from 1 in each run of kitcn.
 */
export function killSwitch(app: CliApp): void {
  const at = app.path("node_modules/convex");
  rmSync(at);
  const real = join(repo, "node_modules/convex");
  mkdirSync(at);
  // Functions import the rest of the package.
  for (const name of readdirSync(real))
    if (name !== "bin") symlinkSync(join(real, name), join(at, name));
  const files = {
    "bin/package.json": `{ "type": "commonjs" }`,
    "bin/main.js": `
const { spawnSync } = require("node:child_process");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const count = ${JSON.stringify(app.path(".calls"))} + process.ppid;
const call = 1 + (existsSync(count) ? Number(readFileSync(count, "utf8")) : 0);
writeFileSync(count, String(call));
const kill = (when) => {
  if (process.env.KILL_KITCN === when + " " + call) process.kill(process.ppid, "SIGKILL");
};
kill("before");
const { status } = spawnSync(process.execPath, [${JSON.stringify(join(real, "bin/main.js"))}, ...process.argv.slice(2)], { stdio: "inherit" });
kill("after");
process.exitCode = status ?? 1;
`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
}

/** Calls the auth routes as the pages of an origin do in one browser. */
export function visitor(siteUrl: string, origin = ORIGIN, jar = createCookieJar(origin)) {
  return (path: string, body?: object) =>
    jar.fetch(`${siteUrl}/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
}

/** One browser that is signed in, and what it can get. */
export async function signUp(siteUrl: string, email = credentials.email, origin = ORIGIN) {
  const jar = createCookieJar(origin);
  const request = visitor(siteUrl, origin, jar);
  const signedUp = await request("/sign-up/email", { ...credentials, email });
  if (!signedUp.ok) throw new Error(`sign-up: ${signedUp.status} ${await signedUp.text()}`);
  return {
    request,
    /** The signed session token, as its cookie has it. */
    cookie: () => tokenOf(signedUp),
    token: async (): Promise<string> => {
      const response = await request("/convex/token");
      if (!response.ok) throw new Error(`token: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { token: string }).token;
    },
  };
}

// --- internal ---

function tokenOf({ headers }: Response): string {
  const line = headers.getSetCookie().find((one) => one.startsWith("better-auth.session_token="));
  return line?.split(";")[0]?.replace(/^[^=]*=/, "") ?? "";
}
