// A release of Node that a framework needs, where this machine's is older. Installs from npm, below .tmp only.
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { NPM_INSTALL } from "./commands.js";
import { runIn } from "./packed-app.js";

/**
 * Has the commands that run in the folders below `home` find a Node of this major version, or the newer one that runs
 * the tests.
 *
 * @returns the path of the program
 * @example
 * await linkNode(home, 24);
 * await runIn(join(home, "app"), ["node", "--version"]); // v24.21.0
 */
export async function linkNode(home: string, major: number): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) >= major) return process.execPath;
  const program = await installNode(major);
  // Commands look in the node_modules of all folders around them, before they look at the path.
  const bin = join(home, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await symlink(program, join(bin, "node"));
  return program;
}

// --- internal ---

async function installNode(major: number): Promise<string> {
  const home = resolve(".tmp", `node-${major}`);
  const program = join(home, "node_modules/node/bin/node");
  if (existsSync(program)) return program;
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "package.json"), JSON.stringify({ name: `node-${major}` }));
  const { code, stdout, stderr } = await runIn(home, [...NPM_INSTALL, `node@${major}`]);
  if (code !== 0 || !existsSync(program))
    throw new Error(`npm install node@${major} ended with ${code}\n${stdout}\n${stderr}`);
  return program;
}
