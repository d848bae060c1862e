// Apps as users have them: in a folder of their own, with kitcn installed from `npm pack`.
// Writes only below .tmp in the repository.
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { x } from "tinyexec";
import { installIn } from "./installation.js";

export type PackedApp = {
  readonly dir: string;
  /** Runs a bin of the app, as npx would, or the program of a whole path; never throws for a failing command. */
  readonly run: (command: readonly string[], env?: Record<string, string>) => Promise<Ran>;
};

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** For npm: Better Auth's packages of one release ask for other versions of their helpers than its core does. */
export const LENIENT = "--legacy-peer-deps";

/** A strict convex/tsconfig.json, for apps that a test makes of texts. */
export const CONVEX_TSCONFIG = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    module: "ESNext",
    moduleResolution: "Bundler",
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  },
  include: ["./**/*"],
});

const root = resolve(".");

/**
 * For `run`, in the place of "tsc": the repository's TypeScript 7, which takes a third of the CPU time of 5.9. Where a
 * suite asks a compiler several times, the app's own answers at least once.
 */
export const NEWEST_TSC = join(root, "node_modules/typescript7/bin/tsc");

const tmp = join(root, ".tmp");

/**
 * A fresh copy of `from` (a folder of the repository) with the packed kitcn installed by npm, and with `packages`
 * in the versions that the repository has.
 *
 * @example
 * const app = await installApp({ from: "examples/notes", name: "demo" });
 * await app.run(["kitcn", "add", "auth", "--yes"]);
 */
export async function installApp({
  from,
  name,
  packages = [],
}: {
  from: string;
  name: string;
  packages?: readonly string[];
}): Promise<PackedApp> {
  const home = join(tmp, name);
  const dir = join(home, "app");
  await rm(home, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp(join(root, from), dir, { recursive: true });
  const specs = await Promise.all(packages.map(specOf));
  const isLenient = packages.some((one) => one.startsWith("@better-auth/"));
  await installIn(home, { specs, flags: isLenient ? [LENIENT] : [] });
  return appIn(dir);
}

/** What `kitcn init -t <template>` makes in an empty folder, with what its package.json asks for installed. */
export async function scaffoldApp({
  template,
  name,
  init = [],
}: {
  template: string;
  name: string;
  /** More flags of `kitcn init`. */
  init?: readonly string[];
}): Promise<PackedApp> {
  const home = join(tmp, name);
  const dir = join(home, "app");
  await rm(home, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const cli = join(root, "dist/codegen/cli.js");
  const made = await runIn(dir, [
    ...[process.execPath, cli, "init", "-t", template],
    ...["--yes", "--no-install", ...init],
  ]);
  if (made.code !== 0) throw new Error(`kitcn init -t ${template} failed\n${made.stderr}`);
  await installIn(home, { specs: [], flags: [] });
  return appIn(dir);
}

/**
 * Another app beside an installed one, sharing its node_modules: for many apps in one suite.
 * `files` are texts by relative path.
 */
export async function siblingApp(
  installed: PackedApp,
  { name, files }: { name: string; files: Readonly<Record<string, string>> },
): Promise<PackedApp> {
  const dir = join(installed.dir, "..", name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp(join(installed.dir, "package.json"), join(dir, "package.json"));
  await symlink(join(installed.dir, "node_modules"), join(dir, "node_modules"));
  const app = appIn(dir);
  await writeFiles(app, files);
  return app;
}

/** Writes texts by relative path. */
export async function writeFiles(
  { dir }: PackedApp,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

/** Every file of an app but node_modules, by relative path: to compare two states byte for byte. */
export async function snapshotOf({ dir }: PackedApp): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1);
    if (!entry.isFile() || name.startsWith("node_modules")) continue;
    files[name] = await readFile(path, "utf8");
  }
  return files;
}

/** The app in a folder that is installed. */
export function appIn(dir: string): PackedApp {
  return {
    dir,
    run: ([name = "", ...args], env) => runIn(dir, [binOf(dir, name), ...args], env),
  };
}

/** Runs a command, and tells how it ended. */
export async function runIn(
  cwd: string,
  [command = "", ...args]: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const { exitCode, stdout, stderr } = await x(command, args, {
    nodeOptions: { cwd, env: { ...process.env, ...env } },
  });
  return { code: exitCode ?? 1, stdout, stderr };
}

// --- internal ---

/**
 * What npx would start, without the second that npm takes to find it. A package of a workspace has its programs in its
 * own folder or in one above it. The repository's own programs are none of the app's.
 */
function binOf(dir: string, name: string): string {
  if (isAbsolute(name)) return name;
  for (let at = dir; at !== tmp && at !== dirname(at); at = dirname(at)) {
    const path = join(at, "node_modules/.bin", name);
    if (existsSync(path)) return path;
  }
  throw new Error(`the app in ${dir} has no program "${name}"`);
}

async function specOf(name: string): Promise<string> {
  const text = await readFile(join(root, "node_modules", name, "package.json"), "utf8");
  return `${name}@${(JSON.parse(text) as { version: string }).version}`;
}
