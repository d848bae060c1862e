// Apps that others' creators make, as users have them: members of one workspace, with the packed kitcn.
// Writes only below .tmp in the repository.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { packKitcn } from "./installation.js";
import { appIn, runIn, type PackedApp } from "./packed-app.js";

/**
 * Apps that others' creators make, as the members of one workspace with one installation: each with the packed kitcn,
 * and with what `kitcn add auth` would install.
 *
 * @param input.creators by the app's folder, the command that makes it there
 */
export async function createApps<Name extends string>({
  name,
  creators,
}: {
  name: string;
  creators: Readonly<Record<Name, readonly string[]>>;
}): Promise<Record<Name, PackedApp>> {
  const home = join(tmp, name);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const own = {
    kitcn: `file:${await packKitcn()}`,
    "better-auth": "1.7.25",
    convex: "^1.48.0",
    zod: "^4.6.7",
  };
  for (const [folder, command] of Object.entries<readonly string[]>(creators)) {
    const made = await runIn(home, ["npm", "exec", "--yes", "--", ...command]);
    if (made.code !== 0)
      throw new Error(`${command.join(" ")} failed\n${made.stdout}${made.stderr}`);
    await editManifest(join(home, folder), (dependencies) => ({ ...dependencies, ...own }));
  }
  const workspace = { private: true, workspaces: Object.keys(creators) };
  await writeFile(join(home, "package.json"), JSON.stringify(workspace));
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  const installed = await runIn(home, ["npm", "install", ...flags]);
  if (installed.code !== 0) throw new Error(`npm install failed\n${installed.stderr}`);
  const apps = Object.keys(creators).map((folder) => [folder, appIn(join(home, folder))]);
  return Object.fromEntries(apps) as Record<Name, PackedApp>; // the keys are those of `creators`
}

/** A copy of an app of a workspace, beside it. */
export async function copyApp({ dir }: PackedApp): Promise<PackedApp> {
  const copy = `${dir}-copy`;
  await cp(dir, copy, { recursive: true, verbatimSymlinks: true });
  return appIn(copy);
}

// --- internal ---

const tmp = resolve(".tmp");

async function editManifest(
  dir: string,
  edit: (dependencies: Record<string, string>) => Record<string, string>,
): Promise<void> {
  const path = join(dir, "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const dependencies = edit(manifest.dependencies ?? {});
  await writeFile(path, `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`);
}
