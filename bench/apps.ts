// The two apps that are measured: ours, made by `kitcn add auth`, and the peer's, made as its guide says.
// Each lives below .tmp with dependencies of its own, since their Better Auth versions exclude each other.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { x } from "tinyexec";
import { startDeployment, type Deployment } from "../test/deployment/index.js";
import { installApp, LENIENT } from "../test/support/packed-app.js";

export type BenchApp = {
  readonly name: "kitcn" | "@convex-dev/better-auth";
  readonly dir: string;
  readonly deployment: Deployment;
  /** Runs a bin of the app. Throws with its output where it fails. */
  readonly run: (...command: string[]) => Promise<string>;
};

/** An app with auth by email and password and static JWKS, pushed to a deployment of its own. */
export async function makeOurs(): Promise<BenchApp> {
  const { dir } = await installApp({
    from: "examples/notes",
    name: "bench",
    packages: ["better-auth", "@better-auth/api-key"],
  });
  await rm(join(dir, "convex/notes.ts"));
  const app = await appIn({ name: "kitcn", dir });
  await app.run("kitcn", "add", "auth", "--yes");
  // The peer counts no requests in its database.
  await setLimits(app, false);
  await app.run("convex", "env", "set", "SITE_URL", app.deployment.siteUrl);
  await addSources(app, "ours", ["counted.ts", "current.ts", "seed.ts"]);
  await push(app);
  return app;
}

/** The same by the peer's guide, with the JWKS it advises to keep static. */
export async function makePeer(): Promise<BenchApp> {
  const dir = resolve(".tmp/bench-peer");
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp(resolve("bench/apps/peer"), dir, { recursive: true });
  const app = await appIn({ name: "@convex-dev/better-auth", dir });
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", LENIENT];
  await run(dir, ["npm", "install", ...flags]);
  await app.run("convex", "env", "set", "SITE_URL", app.deployment.siteUrl);
  await app.run(
    "convex",
    "env",
    "set",
    "BETTER_AUTH_SECRET",
    "a secret for measuring only, not kept",
  );
  await push(app);
  const jwks: unknown = JSON.parse(await app.run("convex", "run", "auth:latestJwks"));
  const text = typeof jwks === "string" ? jwks : JSON.stringify(jwks);
  const source = `export const staticJwks: string | undefined = ${JSON.stringify(text)};\n`;
  await writeFile(join(dir, "convex/jwks.ts"), source);
  await push(app);
  return app;
}

/** Turns the rate limits of our app on or off; to be pushed. */
export async function setLimits({ dir }: BenchApp, enabled: boolean): Promise<void> {
  const file = join(dir, "convex/auth.ts");
  const text = await readFile(file, "utf8");
  const line = /rateLimit: { enabled: (true|false)/;
  if (!line.test(text)) throw new Error("auth.ts says nothing of rate limits");
  await writeFile(file, text.replace(line, `rateLimit: { enabled: ${enabled}`));
}

export async function push(app: BenchApp): Promise<void> {
  await app.run("convex", "deploy", "--yes");
}

/** Copies sources of bench/apps into the app. */
export async function addSources(
  { dir }: BenchApp,
  from: "ours" | "peer",
  files: readonly string[],
): Promise<void> {
  const folder = join(resolve("bench/apps"), from, "convex");
  for (const file of files) await cp(join(folder, file), join(dir, "convex", file));
}

/** The installed version of a package of the app. */
export async function versionOf({ dir }: Pick<BenchApp, "dir">, name: string): Promise<string> {
  const text = await readFile(join(dir, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

// --- internal ---

async function appIn({ name, dir }: Pick<BenchApp, "name" | "dir">): Promise<BenchApp> {
  const deployment = await startDeployment();
  return {
    name,
    dir,
    deployment,
    run: (...command) => run(dir, ["npx", "--no-install", ...command], deployment.cliEnv),
  };
}

async function run(
  cwd: string,
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await x(command, args, {
    nodeOptions: { cwd, env: { ...process.env, ...env } },
  });
  if (exitCode === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}\n${stdout}\n${stderr}`);
}
