// What kitcn says about packages: what is not installed, does not fit, or cannot be installed.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

/** `wants`: the Node versions that the package runs on. `command`: installs an older one. */
export const nodeTooOld = ({
  name,
  version,
  wants,
  node,
  command,
}: {
  name: string;
  version: string;
  wants: string;
  node: string;
  command: string;
}): CodegenError =>
  new CodegenError({
    code: "NODE_TOO_OLD",
    message: `${name} ${version} runs on Node ${wants}, and this is Node ${node}.`,
    hint: `Use such a Node, or an older ${name}: ${command}\nNothing was written.`,
  });

/** Package managers take the folder for the package, so it has to go first. */
export const brokenPackage = ({ folder, file }: { folder: string; file: string }): CodegenError =>
  new CodegenError({
    code: "BROKEN_PACKAGE",
    message: `${folder} is incomplete: ${file} is missing, as after an installation that was interrupted.`,
    hint: `Delete ${folder}, install the app's packages again, then run the command again. Nothing was written.`,
  });

export const plugAndPlay = ({ root }: { root: string }): CodegenError =>
  new CodegenError({
    code: "PLUG_AND_PLAY",
    message: `${root} uses Yarn's Plug'n'Play, which makes no node_modules for kitcn and Convex to read.`,
    hint: "Write `nodeLinker: node-modules` into .yarnrc.yml, run `yarn install`, then run the command again.",
  });

export const uninstallFailed = ({ command }: { command: string }): CodegenError =>
  new CodegenError({
    code: "INSTALL_FAILED",
    message: `\`${command}\` failed.`,
    hint: `The files are written. Run \`${command}\` to see why, then the command again.`,
  });

/** `forced`: after it, npm uninstalls what it refused to. */
export const uninstallRefused = ({
  command,
  forced,
}: {
  command: string;
  forced: string;
}): CodegenError =>
  new CodegenError({
    code: "INSTALL_FAILED",
    message: `\`${command}\` failed.`,
    hint: `The files are written. npm refuses, since packages of the app ask for different versions of one package. Run \`${forced}\`, then the command again.`,
  });

/** shadcn's CLI, after the packages of its views were installed. */
export const viewsFailed = ({
  command,
  printed,
  folder,
}: {
  command: string;
  printed: string;
  folder: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "INSTALL_FAILED",
    message: `\`${command}\` failed:\n${printed}`,
    hint: `What kitcn had installed was taken out again, and no file of kitcn's was written. Run \`${command}\`${inFolder(folder)} to see why, as a registry that does not answer, then the command again. Without --ui better-auth-ui, kitcn writes its own page.`,
  });

/** `folder`: where to run it, if that is another than the app's. `file`: what was changed before the command ran. */
export const installFailed = ({
  command,
  printed,
  folder,
  file,
}: {
  command: string;
  printed: string;
  folder: string | undefined;
  file: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "INSTALL_FAILED",
    message: `\`${command}\` failed:\n${printed}`,
    hint: `Run \`${command}\`${inFolder(folder)} until it succeeds, then the command again: it goes on from there. ${writtenOnly(file)}`,
  });

/** npm alone refuses packages that ask for different versions of a third one. `forced`: after it, npm installs them. */
export const versionsConflict = ({
  command,
  printed,
  folder,
  file,
  forced,
}: {
  command: string;
  printed: string;
  folder: string | undefined;
  file: string | undefined;
  forced: string;
}): CodegenError =>
  new CodegenError({
    code: "INSTALL_FAILED",
    message: `\`${command}\` failed:\n${printed}`,
    hint: `As npm says above, packages of the app ask for different versions of one package. Update or remove one of them. Or run \`${forced}\`${inFolder(folder)}: npm then installs them all the same. Then run the command again: it goes on from there. ${writtenOnly(file)}`,
  });

/** pnpm installs the packages, and fails because of scripts that nobody approved. `file`: changed before the command ran. */
export const buildScriptsIgnored = ({
  command,
  printed,
  file,
}: {
  command: string;
  printed: string;
  file: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "BUILD_SCRIPTS_IGNORED",
    message: `\`${command}\` failed:\n${printed}`,
    hint: `\`pnpm approve-builds --all\` allows the scripts and runs them. Then run the command again: it goes on from there. ${writtenOnly(file)}`,
  });

export const missingPackages = ({
  packages,
  command,
  folder,
  before,
}: {
  packages: readonly string[];
  command: string;
  folder: string | undefined;
  /** What a file needs before the command runs, as a sentence with lines. */
  before?: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "MISSING_PACKAGES",
    message: `The app lacks ${packages.join(" and ")}.`,
    hint: `${before === undefined ? "Run" : `${before}\nThen run`}${inFolder(folder)}: ${command}`,
  });

/** `manager`: a package manager, which the app asks for. */
export const noPackageManager = ({ manager }: { manager: string }): CodegenError =>
  new CodegenError({
    code: "NO_PACKAGE_MANAGER",
    message: `The app's lock file or package.json asks for ${manager}, which was not found.`,
    hint: `Install ${manager} (\`npm install -g ${manager}\`, or \`corepack enable\` for pnpm and yarn), then run the command again. No file was changed.`,
  });

/**
 * `command`: installs one that fits. `folder`: where to run it, if that is another than the app's. `pinned`: the sentence
 * for a line that no command changes.
 */
export const unsupportedConvex = ({
  version,
  command,
  folder,
  pinned,
}: {
  version: string;
  command: string;
  folder: string | undefined;
  pinned?: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_CONVEX",
    message: `The app has convex ${version}; kitcn needs 1.44 or later, below 2.`,
    hint: pinned ?? `Install one that fits${inFolder(folder)}: ${command}`,
  });

/** `wanted`: the range; `command`: installs the tested version. `folder`: as above. */
export const unsupportedBetterAuth = ({
  version,
  wanted,
  command,
  folder,
  pinned,
}: {
  version: string;
  wanted: string;
  command: string;
  folder: string | undefined;
  pinned?: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "UNSUPPORTED_BETTER_AUTH",
    message: `The app has better-auth ${version}; kitcn needs ${wanted}.`,
    hint: pinned ?? `Install the tested version${inFolder(folder)}: ${command}`,
  });

// --- internal ---

function writtenOnly(file: string | undefined): string {
  return file === undefined
    ? "No file of kitcn's was written."
    : `kitcn changed ${file}, and no other file.`;
}

function inFolder(folder: string | undefined): string {
  return folder === undefined ? "" : ` in ${folder}`;
}
