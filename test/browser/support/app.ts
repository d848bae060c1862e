// A web app as users have it, in production: installed, given auth, pushed, built and served on localhost.
// Must not know how a framework looks inside: the fixture and its commands say that.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { x } from "tinyexec";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import { installApp, scaffoldApp, type PackedApp } from "../../support/packed-app.js";
import { descendants, isAlive } from "../../support/processes.js";

export type WebApp = {
  /** Where the app is: always `http://localhost:...`, while the deployment is on 127.0.0.1. */
  readonly origin: string;
  readonly dir: string;
  readonly deployment: Deployment;
  readonly close: () => Promise<void>;
};

export type WebAppOptions = {
  /** A folder below test/fixtures/browser, or a template of `kitcn init -t`. */
  readonly from: { readonly fixture: string } | { readonly template: string };
  /** Variables of the app, by what they hold. */
  readonly env: (urls: {
    convexUrl: string;
    convexSiteUrl: string;
    origin: string;
  }) => Record<string, string>;
  /** Commands of kitcn that grow the app, after `kitcn add auth`. */
  readonly commands?: readonly (readonly string[])[];
  /** True for an app in which nobody writes a line by hand: its rate limits apply, too. */
  readonly isByCommandAlone?: boolean;
  /** Changes to files that `kitcn add auth` wrote, as a user would make them. */
  readonly edits?: Readonly<Record<string, (text: string) => string>>;
  /** Arguments for node that serve the build on a port of 127.0.0.1. */
  readonly serve: (port: number) => readonly string[];
};

/**
 * Makes the app and serves it.
 *
 * @example
 * const app = await startWebApp({ from: { fixture: "vite" }, env, serve });
 * await page.goto(`${app.origin}/auth`);
 */
export async function startWebApp({
  from,
  env,
  commands = [],
  isByCommandAlone = false,
  edits = {},
  serve,
}: WebAppOptions): Promise<WebApp> {
  const app = await makeApp(from);
  const deployment = await startDeployment();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const urls = { convexUrl: deployment.url, convexSiteUrl: deployment.siteUrl, origin };
  try {
    const texts = {
      ".env.local": envText(env(urls)),
      "convex/.env": envText({ SITE_URL: origin }),
    };
    for (const [file, text] of Object.entries(texts)) await writeText(join(app.dir, file), text);
    await runInApp(app, ["kitcn", "add", "auth", "--yes"], deployment);
    for (const command of commands) await runInApp(app, ["kitcn", ...command, "--yes"], deployment);
    if (!isByCommandAlone) await editFile(authFile(app.dir), withoutAddressLimits);
    for (const [file, edit] of Object.entries(edits)) await editFile(join(app.dir, file), edit);
    await runInApp(app, ["convex", "deploy", "--yes"], deployment);
    await buildApp(app);
    const server = await startServer({ app, args: serve(port), origin });
    return {
      origin,
      dir: app.dir,
      deployment,
      close: async () => {
        await server.end();
        await deployment.stop();
      },
    };
  } catch (error) {
    await deployment.stop();
    throw error;
  }
}

/**
 * A port that nobody listens at. Known before an app is built, since the app and its deployment are told. Below the
 * ports that systems hand out by themselves, so that it is still free when the server starts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once("error", () => done(false)).listen(port, "127.0.0.1", () => done(true));
    });
    await new Promise((done) => server.close(done));
    if (isFree) return port;
  }
}

/** Builds an app for production, by its own script. */
export async function buildApp({ dir }: Pick<PackedApp, "dir">): Promise<void> {
  const { exitCode, stdout, stderr } = await x("npm", ["run", "build"], {
    nodeOptions: { cwd: dir, env: PRODUCTION },
  });
  if (exitCode !== 0) throw new Error(`npm run build ended with ${exitCode}\n${stdout}\n${stderr}`);
}

/** Serves a build with node, and waits until it answers. */
export async function startServer({
  app,
  node = process.execPath,
  env = PRODUCTION,
  args,
  origin,
}: {
  readonly app: Pick<PackedApp, "dir">;
  /** The program. Default: the node of the tests. */
  readonly node?: string;
  /** Default: that of production. */
  readonly env?: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly origin: string;
}): Promise<{ readonly end: () => Promise<void> }> {
  const server = spawn(node, args, {
    cwd: app.dir,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => server.kill("SIGKILL"));
  let output = "";
  server.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  server.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (server.exitCode === null && Date.now() < deadline) {
    if (await answers(origin)) return { end: () => end(server) };
    await new Promise((done) => setTimeout(done, 100));
  }
  await end(server);
  throw new Error(`${args.join(" ")} does not answer at ${origin}\n${output}`);
}

// --- internal ---

async function makeApp(from: WebAppOptions["from"]): Promise<PackedApp> {
  if ("template" in from)
    return scaffoldApp({ template: from.template, name: `browser-new-${from.template}` });
  const { fixture } = from;
  const folder = join("test/fixtures/browser", fixture);
  const app = await installApp({ from: folder, name: `browser-${fixture}` });
  await cp(resolve("test/fixtures/browser/shared"), app.dir, { recursive: true });
  return app;
}

/** Not the test runner's NODE_ENV: with that, Next reads no .env.local and Vite bundles React for development. */
const PRODUCTION = { ...process.env, NODE_ENV: "production" };

/** How long a server may take to answer its first request, in ms. */
const START_TIMEOUT_MS = 180_000;

async function runInApp(
  app: PackedApp,
  command: readonly string[],
  deployment: Deployment,
): Promise<void> {
  const { code, stdout, stderr } = await app.run(command, deployment.cliEnv);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}

function envText(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function authFile(dir: string): string {
  const paths = ["convex/auth.ts", "convex/functions/auth.ts"].map((path) => join(dir, path));
  return paths.find((path) => existsSync(path)) ?? join(dir, "convex/auth.ts");
}

/** All visitors of a suite come from one address, and sign up within seconds. */
function withoutAddressLimits(text: string): string {
  return text.replace('storage: "database"', 'storage: "database", customRules: { "/**": false }');
}

async function editFile(path: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(path, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`The edit of ${path} changed nothing:\n${before}`);
  await writeFile(path, after);
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(origin)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((done) => server.once("exit", done));
  // A development server may run in a process of its own.
  const family = descendants(server.pid ?? 0).filter(isAlive);
  server.kill("SIGKILL");
  for (const pid of family) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  await gone;
}
