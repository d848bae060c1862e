// Which package manager an app has, and how it says what kitcn wants of it. Reads; starts nothing.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { CodegenError } from "./errors.js";
import { readTextFile } from "./read-text.js";

/**
 * The app's package manager, and its commands.
 *
 * @throws CodegenError `PLUG_AND_PLAY`
 */
export async function packageManager(root: string) {
  const [{ detect }, { resolveCommand }] = await Promise.all([
    import("package-manager-detector/detect"),
    import("package-manager-detector/commands"),
  ]);
  const agent = (await detect({ cwd: root }))?.agent ?? "npm";
  if (usesPlugAndPlay(root, agent)) throw plugAndPlay(root);
  const command = (kind: "install" | "add" | "uninstall", args: readonly string[]) => {
    const resolved = resolveCommand(agent, kind, [...args]);
    return resolved ? [[resolved.command, ...resolved.args]] : [];
  };
  return { agent, command };
}

// --- internal ---

/** Yarn from version 2 on makes no node_modules unless it is told to. */
function usesPlugAndPlay(root: string, agent: string): boolean {
  const folders = [root];
  for (let at = root; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  if (folders.some((folder) => existsSync(join(folder, ".pnp.cjs")))) return true;
  if (agent !== "yarn@berry" || folders.some((one) => existsSync(join(one, "node_modules"))))
    return false;
  const told = folders.map((one) => NODE_LINKER.exec(readTextFile(join(one, ".yarnrc.yml")) ?? ""));
  const linker = process.env.YARN_NODE_LINKER ?? told.find((one) => one !== null)?.[1] ?? "pnp";
  return linker === "pnp";
}

const NODE_LINKER = /^nodeLinker:\s*["']?([\w-]+)/m;

function plugAndPlay(root: string): CodegenError {
  return new CodegenError({
    code: "PLUG_AND_PLAY",
    message: `${root} uses Yarn's Plug'n'Play, which makes no node_modules for kitcn and Convex to read.`,
    hint: "Write `nodeLinker: node-modules` into .yarnrc.yml, run `yarn install`, then run the command again.",
  });
}
