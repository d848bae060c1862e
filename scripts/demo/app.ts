// Makes the demo's app: a copy of examples/notes with its dependencies and the packed kitcn installed.
// Touches nothing outside .tmp/demo.
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { x } from "tinyexec";

export type DemoApp = { readonly dir: string };

const root = resolve(".");
const demoDir = join(root, ".tmp/demo");

/** A fresh copy each time, so that the demo always starts from an app without auth. */
export async function makeApp(): Promise<DemoApp> {
  await rm(demoDir, { recursive: true, force: true });
  const dir = join(demoDir, "app");
  await mkdir(dir, { recursive: true });
  await cp(join(root, "examples/notes"), dir, { recursive: true });
  const tarball = await packKitcn();
  await run({
    command: "npm",
    args: ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball, "better-auth@1.7.25"],
    cwd: dir,
    env: {},
  });
  return { dir };
}

/** Runs a bin of the app, as `npx` would. Throws with the command's whole output when it fails. */
export async function runInApp(
  app: DemoApp,
  { command, env }: { command: readonly string[]; env: Record<string, string> },
): Promise<string> {
  const [bin = "", ...args] = command;
  return run({ command: "npx", args: ["--no-install", bin, ...args], cwd: app.dir, env });
}

// --- internal ---

async function packKitcn(): Promise<string> {
  await run({
    command: "npm",
    args: ["pack", "--silent", "--pack-destination", demoDir],
    cwd: root,
    env: {},
  });
  const tarball = (await readdir(demoDir)).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack wrote no tarball");
  return join(demoDir, tarball);
}

async function run({
  command,
  args,
  cwd,
  env,
}: {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
}): Promise<string> {
  const result = await x(command, [...args], {
    nodeOptions: { cwd, env: { ...process.env, ...env } },
  });
  if (result.exitCode === 0) return result.stdout;
  throw new Error(
    `${command} ${args.join(" ")} ended with ${result.exitCode}\n${result.stdout}\n${result.stderr}`,
  );
}
