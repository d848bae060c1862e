// What npm installs for an app: done once for each state of the sources and of the app's wishes, and brought into
// apps by hard links. Writes only below .tmp in the repository.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { x } from "tinyexec";

const root = resolve(".");
const kept = join(root, ".tmp/installations");

/** What is of no use any more goes when something new comes, after this long. */
const MAX_AGE_MS = 86_400_000;

const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/** The packed kitcn of today's sources and build. */
export async function packKitcn(): Promise<string> {
  const folder = await makeOnce(`kitcn-${hashOf(packedFiles())}`, (draft) =>
    npm(root, ["pack", "--silent", "--pack-destination", draft]),
  );
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error("npm pack wrote no tarball");
  return join(folder, tarball);
}

/**
 * `npm install` of the packed kitcn and of `specs` in `<home>/app`, whose package.json is there. The tarball lies in
 * `home` then, as package.json says.
 */
export async function installIn(
  home: string,
  { specs, flags }: { specs: readonly string[]; flags: readonly string[] },
): Promise<void> {
  const tarball = await packKitcn();
  const manifest = join(home, "app/package.json");
  const wishes = [tarball, readFileSync(manifest, "utf8"), ...specs, ...flags];
  const made = await makeOnce(hashOf(wishes), async (draft) => {
    const app = join(draft, "app");
    mkdirSync(app);
    copyFileSync(manifest, join(app, "package.json"));
    const packed = join(draft, basename(tarball));
    copyFileSync(tarball, packed);
    await npm(app, ["install", ...QUIET, ...flags, packed, ...specs]);
  });
  linkTree(made, home);
}

/**
 * `npm install` of what the package.json in `dir` asks for, of the packages of today. Apps that differ in their scripts
 * alone get the same.
 */
export async function installWishes(dir: string, flags: readonly string[]): Promise<void> {
  const manifest = readFileSync(join(dir, "package.json"), "utf8");
  const { scripts: _scripts, ...asked } = JSON.parse(manifest) as Record<string, unknown>; // npm's format
  const today = new Date().toISOString().slice(0, 10);
  const made = await makeOnce(hashOf([today, JSON.stringify(asked), ...flags]), async (draft) => {
    writeFileSync(join(draft, "package.json"), manifest);
    await npm(draft, ["install", ...QUIET, ...flags]);
  });
  linkTree(made, dir);
  writeFileSync(join(dir, "package.json"), manifest);
}

// --- internal ---

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await x("npm", [...args], { nodeOptions: { cwd } });
  if (exitCode !== 0) throw new Error(`npm ${args[0]} failed\n${stderr}`);
}

/** A folder of `make`'s, by name; processes that want the same one wait for the first. */
async function makeOnce(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const made = join(kept, name);
  mkdirSync(kept, { recursive: true });
  const lock = `${made}.lock`;
  await acquire(lock);
  try {
    if (existsSync(made)) return made;
    removeOld();
    const draft = `${made}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft);
    await make(draft);
    renameSync(draft, made);
    return made;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A lock is a link to its holder's process id; one whose holder is gone holds nothing. */
async function acquire(lock: string): Promise<void> {
  for (;;) {
    try {
      return symlinkSync(String(process.pid), lock);
    } catch (error) {
      if (!isFileThere(error)) throw error;
    }
    if (!isAlive(holderOf(lock))) rmSync(lock, { force: true });
    else await new Promise((done) => setTimeout(done, 100));
  }
}

function isFileThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}

function holderOf(lock: string): number | undefined {
  try {
    return Number(readlinkSync(lock));
  } catch {
    // It was released since.
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    // No such process.
    return false;
  }
}

function removeOld(): void {
  for (const name of readdirSync(kept)) {
    const path = join(kept, name);
    const made = /^[\w-]+$/.test(name) && statSync(path, { throwIfNoEntry: false });
    if (made && Date.now() - made.mtimeMs > MAX_AGE_MS)
      rmSync(path, { recursive: true, force: true });
  }
}

/** Texts of all that `npm pack` packs, with their names. */
function* packedFiles(): Generator<string | Buffer> {
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    files: string[];
  };
  const folders = files.filter((name) => !name.startsWith("!"));
  const always = ["package.json", "README.md", "LICENSE"];
  for (const name of [...folders.flatMap((folder) => filesIn(folder)), ...always]) {
    yield name;
    yield readFileSync(join(root, name));
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  if (statSync(join(root, folder)).isFile()) return [folder];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    })
    .sort();
}

function hashOf(parts: Iterable<string | Buffer>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest("hex").slice(0, 24);
}

/** Files of packages are shared; those that npm and its callers write over are the app's own. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (/^(package|package-lock|\.package-lock)\.json$/.test(entry.name))
      copyFileSync(source, target);
    else linkSync(source, target);
  }
}
