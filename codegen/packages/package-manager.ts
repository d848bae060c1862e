// Which package manager an app has, and how it says what kitcn wants of it. Reads; starts nothing.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { declaredSpec } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import { CodegenError } from "../errors.js";
import type { Project } from "../types.js";
import { isSatellite, overridesOf } from "./satellites.js";

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

/**
 * The commands that install packages, each given with its version or range.
 *
 * @param input.isForced better-auth changes its version, though package.json names it
 * @throws CodegenError `PLUG_AND_PLAY`
 */
export async function installCommands(
  project: Project,
  {
    packages,
    devPackages,
    isForced = false,
  }: { packages: readonly string[]; devPackages: readonly string[]; isForced?: boolean },
): Promise<string[][]> {
  if (packages.length + devPackages.length === 0) return [];
  const { agent, command } = await packageManager(project.root);
  const isNew = (spec: string) =>
    (isForced && spec.startsWith("better-auth@")) ||
    declaredSpec(project, spec.slice(0, spec.indexOf("@", 1))) === undefined;
  const fresh = packages.filter(isNew);
  // A range is asked for to be kept.
  const exact = fresh.filter((spec) => !RANGE.test(spec));
  const ranges = fresh.filter((spec) => RANGE.test(spec));
  const freshDev = devPackages.filter(isNew);
  return [
    // What package.json names already only has to be fetched, which comes with adding another.
    ...(fresh.length + freshDev.length === 0 ? command("install", []) : []),
    ...(/^npm/.test(agent) ? overrideCommand(fresh) : []),
    ...(exact.length > 0 ? command("add", [...exactFlags(agent), ...exact]) : []),
    ...(ranges.length > 0 ? command("add", ranges) : []),
    ...(freshDev.length > 0 ? command("add", ["-D", ...freshDev]) : []),
  ];
}

// --- internal ---

/** `name@^1.2.0` or `name@~1.2.0`. */
const RANGE = /@[\^~]/;

/** npm refuses Better Auth's separate packages beside a newer better-auth unless it is told which helpers they get. */
function overrideCommand(specs: readonly string[]): string[][] {
  const names = specs.map((spec) => spec.slice(0, spec.indexOf("@", 1))).filter(isSatellite);
  return names.length > 0 ? [["npm", "pkg", "set", ...names.flatMap(overridesOf)]] : [];
}

function exactFlags(agent: string): string[] {
  if (/^(npm|pnpm)/.test(agent)) return ["--save-exact"];
  return /^(yarn|bun)/.test(agent) ? ["--exact"] : [];
}

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
