// Which packages the app lacks for auth, and the one command that installs them.
// Planning reads; only runInstall starts a process.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "./errors.js";
import { declaredSpec, installedIn } from "./project.js";
import { run } from "./run.js";
import type { Project } from "./types.js";
import { kitcnVersion } from "./version.js";

/** The better-auth that kitcn is tested with: exact, since its minor versions change types. */
export const BETTER_AUTH_VERSION = "1.7.25";

/** The convex that an app is given when it has none. */
const CONVEX_RANGE = "^1.48.0";

/** What to install. Empty when the app has all of it. */
export type InstallPlan = {
  readonly packages: readonly string[];
  readonly devPackages: readonly string[];
  /** Printable commands, in order. */
  readonly commands: readonly (readonly string[])[];
  /** Sentences about what is there but should be told. */
  readonly notes: readonly string[];
};

/**
 * Plans the installation of kitcn, better-auth and, for TypeScript, the types of `process.env`.
 *
 * @throws CodegenError `UNSUPPORTED_BETTER_AUTH`
 */
export async function planInstall(project: Project): Promise<InstallPlan> {
  const betterAuth = installedIn(project, "better-auth");
  if (betterAuth !== undefined) assertSupported(betterAuth);
  const packages = [
    ...(installedIn(project, "kitcn") === undefined
      ? [specOf(project, "kitcn", kitcnVersion())]
      : []),
    ...(betterAuth === undefined ? [specOf(project, "better-auth", BETTER_AUTH_VERSION)] : []),
  ];
  const needsTypes = usesTypeScript(project) && installedIn(project, "@types/node") === undefined;
  const devPackages = needsTypes ? [NODE_TYPES] : [];
  const isLoose = betterAuth !== undefined && declaredSpec(project, "better-auth") === undefined;
  const looseNotes = isLoose
    ? [
        `better-auth ${betterAuth} is installed, but package.json does not name it. To pin it, install better-auth@${betterAuth} exactly.`,
      ]
    : [];
  const commands =
    packages.length + devPackages.length > 0
      ? await installCommands(project, { packages, devPackages })
      : [];
  // Types alone are no reason to start a package manager: they are told, with the command.
  if (packages.length > 0 || devPackages.length === 0)
    return { packages, devPackages, commands, notes: looseNotes };
  return { packages, devPackages, commands: [], notes: [...looseNotes, typesNote(commands)] };
}

/** Plans the installation of convex, in a package that does not depend on it, and of what it names already. */
export async function planConvexInstall(project: Project): Promise<InstallPlan> {
  const packages =
    installedIn(project, "convex") === undefined ? [specOf(project, "convex", CONVEX_RANGE)] : [];
  const commands =
    packages.length > 0 ? await installCommands(project, { packages, devPackages: [] }) : [];
  return { packages, devPackages: [], commands, notes: [] };
}

/** The one command that installs what package.json names. */
export async function planFirstInstall(root: string): Promise<InstallPlan> {
  const { command } = await packageManager(root);
  return { packages: [], devPackages: [], commands: command("install", []), notes: [] };
}

/**
 * Installs what was planned.
 *
 * @throws CodegenError `INSTALL_FAILED`
 */
export async function runInstall(
  { root }: Pick<Project, "root">,
  plan: InstallPlan,
): Promise<void> {
  for (const [command = "", ...args] of plan.commands) {
    const { code, stdout, stderr } = await run({ command, args, cwd: root });
    if (code === 0) continue;
    throw new CodegenError({
      code: "INSTALL_FAILED",
      message: `\`${[command, ...args].join(" ")}\` failed:\n${(stderr || stdout).trim()}`,
      hint: "Install the packages yourself, then run the command again with --no-install. No file of kitcn's was written.",
    });
  }
}

/** Why a command cannot go on without installing. */
export function missingPackages(plan: InstallPlan): CodegenError {
  return new CodegenError({
    code: "MISSING_PACKAGES",
    message: `The app lacks ${plan.packages.join(" and ")}.`,
    hint: `Run: ${plan.commands.map((one) => one.join(" ")).join(" && ")}`,
  });
}

// --- internal ---

function typesNote(commands: InstallPlan["commands"]): string {
  const line = commands.map((one) => one.join(" ")).join(" && ");
  return `TypeScript needs @types/node to know process.env: ${line}`;
}

const NODE_TYPES = "@types/node@^20";
const SUPPORTED = "1.7.8 or later, below 1.8";

/** A version that package.json asks for already is not ours to change. */
function specOf(project: Project, name: string, version: string): string {
  return `${name}@${declaredSpec(project, name) ?? version}`;
}

function assertSupported(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  if (major === 1 && minor === 7 && patch >= 8) return;
  throw new CodegenError({
    code: "UNSUPPORTED_BETTER_AUTH",
    message: `The app has better-auth ${version}; kitcn needs ${SUPPORTED}.`,
    hint: `Install the tested version: better-auth@${BETTER_AUTH_VERSION}`,
  });
}

function usesTypeScript(project: Project): boolean {
  return (
    existsSync(join(project.functionsDir, "tsconfig.json")) ||
    declaredSpec(project, "typescript") !== undefined
  );
}

async function installCommands(
  project: Project,
  { packages, devPackages }: { packages: readonly string[]; devPackages: readonly string[] },
): Promise<string[][]> {
  const { agent, command } = await packageManager(project.root);
  const isNew = (spec: string) =>
    declaredSpec(project, spec.slice(0, spec.lastIndexOf("@"))) === undefined;
  const fresh = packages.filter(isNew);
  const freshDev = devPackages.filter(isNew);
  return [
    // What package.json names already only has to be fetched.
    ...(fresh.length + freshDev.length < packages.length + devPackages.length
      ? command("install", [])
      : []),
    ...(fresh.length > 0 ? command("add", [...exactFlags(agent), ...fresh]) : []),
    ...(freshDev.length > 0 ? command("add", ["-D", ...freshDev]) : []),
  ];
}

/** The app's package manager, and its commands. */
async function packageManager(root: string) {
  const [{ detect }, { resolveCommand }] = await Promise.all([
    import("package-manager-detector/detect"),
    import("package-manager-detector/commands"),
  ]);
  const agent = (await detect({ cwd: root }))?.agent ?? "npm";
  const command = (kind: "install" | "add", args: readonly string[]) => {
    const resolved = resolveCommand(agent, kind, [...args]);
    return resolved ? [[resolved.command, ...resolved.args]] : [];
  };
  return { agent, command };
}

function exactFlags(agent: string): string[] {
  if (/^(npm|pnpm)/.test(agent)) return ["--save-exact"];
  return /^(yarn|bun)/.test(agent) ? ["--exact"] : [];
}
