// Which package manager an app has, and how it says what kitcn wants of it. Reads; starts nothing.
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { declaredSpec, homeOf, installedIn } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import { plugAndPlay } from "../errors/packages.js";
import type { Project } from "../types.js";
import { isSatellite, nameOf } from "./helpers.js";
import { isBerry, managerAt } from "./manager-version.js";
import {
  IN_NEW_WORKSPACE,
  placeOf,
  planOverrides,
  printCommand,
  type OverridesPlan,
} from "./overrides.js";

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
  const home = managerAt(root).root;
  const detected = (await detect({ cwd: home }))?.agent ?? "npm";
  // By the lock file alone it is every Yarn.
  const agent = detected === "yarn" && isBerry(home) ? "yarn@berry" : detected;
  if (usesPlugAndPlay(root, agent)) throw plugAndPlay({ root });
  const command = (kind: "install" | "add" | "uninstall" | "execute", args: readonly string[]) => {
    const resolved = resolveCommand(agent, kind, [...args]);
    if (!resolved) return [];
    // npx asks before it fetches a program, and fails without a terminal.
    const flags = resolved.command === "npx" ? ["--yes"] : [];
    return [[resolved.command, ...flags, ...resolved.args]];
  };
  return { agent, command };
}

/** What one package is to have, each with its version or range. */
export type Wants = {
  readonly project: Project;
  readonly packages: readonly string[];
  readonly devPackages: readonly string[];
  /** Packages that change their version, though package.json names them. */
  readonly forced?: readonly string[];
};

/**
 * The commands that install packages. In a repository of several packages they run at its root, with its package
 * manager's own words for one package.
 *
 * @param overrides what planNewOverrides gave for them. Default: it is asked
 * @throws CodegenError `PLUG_AND_PLAY`
 * @example
 * await installCommands([{ project, packages: ["kitcn@0.1.0"], devPackages: [] }]);
 * // [["npm", "i", "-w", "apps/web", "--save-exact", "kitcn@0.1.0"]]
 */
export async function installCommands(
  all: readonly Wants[],
  overrides?: OverridesPlan,
): Promise<string[][]> {
  const wants = all.filter(({ packages, devPackages }) => packages.length + devPackages.length > 0);
  const [first] = wants;
  if (!first) return [];
  const { agent, command } = await packageManager(homeOf(first.project));
  const { commands, edits } = overrides ?? (await planNewOverrides(wants));
  const isNewWorkspace = edits.some(({ before }) => before === undefined);
  const adds = wants.flatMap((one) =>
    addsOf(agent, one).map((args) => ({
      ...one,
      args:
        isNewWorkspace && one.project.home === undefined ? [...IN_NEW_WORKSPACE, ...args] : args,
    })),
  );
  return [
    // What package.json names already only has to be fetched, which comes with adding another.
    ...(adds.length === 0 ? command("install", []) : []),
    ...settings(agent, wants, commands),
    ...memberCommands(agent, adds).flatMap(({ before, args, after }) =>
      command("add", args).map(([program = "", verb = "", ...rest]) => [
        program,
        ...before,
        verb,
        ...after,
        ...rest,
      ]),
    ),
  ];
}

/**
 * The overrides of Better Auth's separate packages that are installed for the first time. installCommands has the
 * commands among them.
 *
 * @param names packages whose own overrides are looked at, too, though they may be installed
 * @throws CodegenError `PLUG_AND_PLAY`, `INVALID_PNPM_WORKSPACE`
 */
export async function planNewOverrides(
  all: readonly Wants[],
  names: readonly string[] = [],
): Promise<OverridesPlan> {
  const isNewHere = new Set(newNames(all).filter(isSatellite));
  const [first] = all;
  const none = { commands: [], edits: [], conflicts: [], byHand: [] };
  if (!first || (isNewHere.size === 0 && !names.some(isSatellite))) return none;
  const home = homeOf(first.project);
  const place = placeOf((await packageManager(home)).agent, home);
  const { conflicts } = planOverrides(place, names.filter(isSatellite), first.project.root);
  const plan = planOverrides(place, [...isNewHere], first.project.root);
  return { ...plan, conflicts: [...new Set([...conflicts, ...plan.conflicts])] };
}

/**
 * The command, as text, after which npm does what it refused: packages ask for different versions of one package. Undefined for
 * another failure, and for other package managers, which do not look.
 */
export function forcedCommand(
  [program, verb = "", ...rest]: readonly string[],
  printed: string,
): string | undefined {
  if (program !== "npm" || !/\bERESOLVE\b/.test(printed)) return undefined;
  return printCommand(
    printed.includes("@babel/core")
      ? ["npm", "pkg", "set", ...[...NAME_REACT].flatMap(babelOverridesOf)]
      : ["npm", verb, "--legacy-peer-deps", ...rest],
  );
}

/** The commands that uninstall packages of some packages of an app. */
export async function uninstallCommands(
  all: readonly { readonly project: Project; readonly names: readonly string[] }[],
): Promise<string[][]> {
  const wants = all.filter(({ names }) => names.length > 0);
  const [first] = wants;
  if (!first) return [];
  const { agent, command } = await packageManager(homeOf(first.project));
  const removes = wants.map(({ project, names }) => ({ project, args: names }));
  return memberCommands(agent, removes).flatMap(({ before, args, after }) =>
    command("uninstall", args).map(([program = "", verb = "", ...rest]) => [
      program,
      ...before,
      verb,
      ...after,
      ...rest,
    ]),
  );
}

// --- internal ---

/** The packages that are installed for the first time, each once. */
function newNames(all: readonly Wants[]): string[] {
  const names = all.flatMap((one) => one.packages.filter((spec) => isNew(one, spec)).map(nameOf));
  return [...new Set(names)];
}

function isNew({ project, forced = [] }: Wants, spec: string): boolean {
  const name = nameOf(spec);
  return forced.includes(name) || declaredSpec(project, name) === undefined;
}

/** The arguments of each command that adds packages to one. A range is asked for to be kept. */
function addsOf(agent: string, wants: Wants): string[][] {
  const fresh = wants.packages.filter((spec) => isNew(wants, spec));
  const exact = fresh.filter((spec) => !RANGE.test(spec));
  const ranges = fresh.filter((spec) => RANGE.test(spec));
  const dev = wants.devPackages.filter((spec) => isNew(wants, spec));
  return [
    ...(exact.length > 0 ? [[...exactFlags(agent), ...exact]] : []),
    ...(ranges.length > 0 ? [ranges] : []),
    ...(dev.length > 0 ? [["-D", ...dev]] : []),
  ];
}

type MemberArgs = { readonly project: Project; readonly args: readonly string[] };

/** Arguments with what names the packages that they are for, before the verb and after it. */
type NamedArgs = {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly args: readonly string[];
};

/** npm and pnpm take several packages in one command. */
function memberCommands(agent: string, all: readonly MemberArgs[]): NamedArgs[] {
  if (!/^(npm|pnpm)/.test(agent))
    return all.map(({ project, args }) => ({ ...namesOf(agent, project), args }));
  const groups = new Map<string, { args: readonly string[]; before: string[]; after: string[] }>();
  for (const { project, args } of all) {
    const { before, after } = namesOf(agent, project);
    // The root's own package is named by another flag, or by none.
    const isRoot = project.home === undefined || project.home === project.root;
    const key = `${isRoot} ${args.join(" ")}`;
    const group = groups.get(key) ?? { args, before: [], after: [] };
    group.before.push(...before);
    group.after.push(...after);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The arguments that name a package to its package manager, for a command that runs at the root of a repository. */
function namesOf(agent: string, project: Project): Omit<NamedArgs, "args"> {
  const { home, root, packageJson } = project;
  if (home === undefined) return { before: [], after: [] };
  const folder = relative(home, root).split(sep).join("/");
  const name = typeof packageJson.name === "string" ? packageJson.name : undefined;
  const isRoot = folder === "";
  if (agent.startsWith("npm")) return { before: [], after: isRoot ? [] : ["-w", folder] };
  if (agent.startsWith("pnpm"))
    return isRoot
      ? { before: [], after: ["-w"] }
      : { before: ["--filter", name ?? `{${folder}}`], after: [] };
  if (agent.startsWith("bun")) return { before: [], after: isRoot ? [] : ["--cwd", folder] };
  if (isRoot) return { before: [], after: agent === "yarn" ? ["-W"] : [] };
  return { before: name === undefined ? ["--cwd", folder] : ["workspace", name], after: [] };
}

/** `name@^1.2.0` or `name@~1.2.0`. */
const RANGE = /@[\^~]/;

/** npm needs more beside some tools; one command sets all of it. */
function settings(
  agent: string,
  wants: readonly Wants[],
  commands: OverridesPlan["commands"],
): OverridesPlan["commands"] {
  const isBound = wants.some(({ project }) =>
    BOUND_TO_BABEL.some((name) => isThere(project, name)),
  );
  if (!agent.startsWith("npm") || !isBound) return commands;
  const more = newNames(wants).flatMap(babelOverridesOf);
  if (more.length === 0) return commands;
  const [first = ["npm", "pkg", "set"]] = commands;
  return [[...first, ...more]];
}

/** Packages whose plugins of Babel ask for Babel 7. shadcn's CLI adds itself to the packages of an app. */
const BOUND_TO_BABEL = ["nuxt", "@preact/preset-vite", "shadcn"];

/** npm looks at all packages of a repository, and those of others lie where this one finds them. */
function isThere(project: Project, name: string): boolean {
  return declaredSpec(project, name) !== undefined || installedIn(project, name) !== undefined;
}

/**
 * What `npm pkg set` takes so that npm installs the packages beside them. They name frameworks of React as optional
 * peers, whose newest tools ask for another major version of Babel, and npm refuses that.
 */
function babelOverridesOf(name: string): string[] {
  return NAME_REACT.has(name) ? [`overrides[${name}][@babel/core]=>=0`] : [];
}

const NAME_REACT: ReadonlySet<string> = new Set(["better-auth", "kitcn"]);

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
