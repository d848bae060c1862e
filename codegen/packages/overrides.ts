// Which overrides an app's package manager needs so that Better Auth's separate packages share the helpers of its
// better-auth, and where they are written: package.json or pnpm-workspace.yaml, at the root of the repository. Reads
// files and plans; writes nothing, and never plans a change of a line that is there.
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { findPackage } from "../disk/find-package.js";
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { readTextFile } from "../disk/read-text.js";
import type { FileChange } from "../types.js";
import { helperBeside, helpersBrought, isSatellite, nameOf } from "./helpers.js";
import { hasBunPkg, oldBun, pnpmForm } from "./manager-version.js";
import {
  conflictOf,
  loadOverrides,
  managerOf,
  missingFor,
  overridesFor,
  ownLine,
  type Override,
  type Place,
} from "./override-lines.js";
import { addOverrides, NEW_WORKSPACE, printOverride } from "./pnpm-workspace.js";

/** For commands that nobody's files decide about. */
export const BY_NPM: Place = { root: "", form: "npm" };

/** A change of pnpm-workspace.yaml, with the lines that it adds. */
export type OverrideEdit = FileChange & { readonly lines: readonly string[] };

/** What is missing, and what the app's own lines decide. */
export type OverridesPlan = {
  /** Commands that set what package.json lacks. */
  readonly commands: readonly string[][];
  readonly edits: readonly OverrideEdit[];
  /** Sentences about what keeps two versions of a helper: lines of the user, or an old Bun. */
  readonly conflicts: readonly string[];
  /** Overrides that a person has to write: kitcn cannot edit the file. */
  readonly byHand: readonly string[];
};

/**
 * The place for an app's overrides.
 *
 * @param agent a package manager as `package-manager-detector` names it
 * @param root the folder of the lock file: package managers read overrides only there
 */
export function placeOf(agent: string, root: string): Place {
  if (agent.startsWith("pnpm")) return { root, form: pnpmForm(root) };
  if (agent.startsWith("bun")) return { root, form: "bun" };
  if (agent === "yarn@berry") return { root, form: "yarn-berry" };
  return { root, form: agent.startsWith("yarn") ? "yarn" : "npm" };
}

/**
 * Plans the overrides of some of Better Auth's separate packages.
 *
 * @param app the folder of the package that has better-auth
 */
export function planOverrides(place: Place, names: readonly string[], app: string): OverridesPlan {
  const loaded = loadOverrides(place);
  const brought = helpersBrought(app);
  const all = names
    .flatMap((name) => overridesFor(place, name))
    .map((override) => ({ override, own: ownLine(place, loaded, override) }));
  const conflicts = all.flatMap(({ override, own }) =>
    own ? (conflictOf(place, { own, wanted: brought[override.helper], override }) ?? []) : [],
  );
  // Older Bun applies only lines for every package.
  const left = all.filter(({ own }) => own?.isForAll !== true).map(({ override }) => override);
  if (place.form === "bun" && left.some((one) => mayBeTwice(app, one)))
    conflicts.push(...oldBunConflict(place.root));
  const missing = all.filter(({ own }) => own === undefined).map(({ override }) => override);
  const none = { commands: [], edits: [], conflicts: [...new Set(conflicts)], byHand: [] };
  if (missing.length === 0) return none;
  if (place.form !== "pnpm-yaml") return { ...none, commands: setCommand(place, missing) };
  const path = join(place.root, PNPM_WORKSPACE);
  const before = readTextFile(path);
  const lines = missing.map(printed);
  const entries = missing.map(({ name, helper, range }) => [`${name}>${helper}`, range] as const);
  const after = addOverrides(before ?? NEW_WORKSPACE, entries);
  return after === undefined
    ? { ...none, byHand: lines }
    : { ...none, edits: [{ path, before, after, lines }] };
}

/**
 * The command that installs a package; of Better Auth's separate ones, with what gives it the helpers that are there,
 * but for what the app's own lines decide.
 *
 * @param options.verb `install` for one that package.json names
 * @param options.folder what gets it, below the root. Default: the root
 * @param options.beside what is installed in the same command, each with its version
 */
export function printInstall(
  place: Place,
  name: string,
  {
    verb = "add",
    folder = place.root,
    beside = [],
  }: {
    readonly verb?: "add" | "install";
    readonly folder?: string;
    readonly beside?: readonly string[];
  } = {},
): string {
  const { root, form } = place;
  const program = managerOf(place);
  const satellites = [name, ...beside.map(nameOf)].filter(isSatellite);
  const overrides = satellites.flatMap((one) => missingFor(place, one));
  const path = relative(root, folder).split(sep).join("/");
  const isNew = form === "pnpm-yaml" && !existsSync(join(root, PNPM_WORKSPACE));
  const flags = isNew && overrides.length > 0 && path === "" ? IN_NEW_WORKSPACE : [];
  const add = [program, form === "npm" ? "install" : "add", ...flags, name, ...beside].join(" ");
  const install = verb === "add" ? add : `${program} install`;
  if (overrides.length === 0) return install;
  if (form === "pnpm-yaml") {
    const lines = printLines(overrides.map(printed), { isNew });
    return `${lines}\nThen run${path === "" ? "" : ` in ${folder}`}: ${install}`;
  }
  const set = setCommand(place, overrides).map(printCommand);
  if (path === "") return [...set, install].join(" && ");
  const enter = verb === "add" ? [printCommand(["cd", path])] : [];
  return `In ${root}: ${[...set, ...enter, install].join(" && ")}`;
}

/** Without this flag, pnpm before 10.5 refuses to add a package to the root of a workspace. */
export const IN_NEW_WORKSPACE: readonly string[] = ["-w"];

/** A command to copy. Words with characters that a shell gives a meaning, as `>` and `[`, are in quotes. */
export function printCommand(command: readonly string[]): string {
  return command.map((one) => (/^[\w@./:=,+^~-]+$/.test(one) ? one : `"${one}"`)).join(" ");
}

/** The lines that a person adds to pnpm-workspace.yaml, or to a new one, before a command runs. */
export function printLines(
  lines: readonly string[],
  { isNew }: { readonly isNew: boolean },
): string {
  const list = (indent: string, texts: readonly string[]) =>
    texts.map((text) => `\n${indent}${text}`).join("");
  if (!isNew)
    return `First add these lines to ${PNPM_WORKSPACE}, below "overrides:" (add that key if it is missing):${list("  ", lines)}`;
  const head = list("  ", [...NEW_WORKSPACE.trimEnd().split("\n"), "overrides:"]);
  return `First make the file ${PNPM_WORKSPACE} with these lines:${head}${list("    ", lines)}`;
}

// --- internal ---

function printed({ name, helper, range }: Override): string {
  return printOverride(`${name}>${helper}`, range);
}

/** npm changes package.json for other package managers, too; it comes with Node. */
function setCommand({ form, root }: Place, overrides: readonly Override[]): string[][] {
  if (overrides.length === 0) return [];
  const program = form === "bun" && hasBunPkg(root) ? ["bun", "pm"] : ["npm"];
  return [[...program, "pkg", "set", ...overrides.map((one) => setting(form, one))]];
}

function setting(form: Place["form"], { name, helper, range }: Override): string {
  if (form === "pnpm-json") return `pnpm.overrides[${name}>${helper}]=${range}`;
  if (form === "yarn") return `resolutions[**/${name}/${helper}]=${range}`;
  if (form === "yarn-berry") return `resolutions[${name}/${helper}]=${range}`;
  return `overrides[${name}][${helper}]=${range}`;
}

/** True for a helper that the package finds in another version than better-auth, or may once it is installed. */
function mayBeTwice(app: string, { name, helper }: Override): boolean {
  if (findPackage(app, name) === undefined) return true;
  const [own, other] = [name, "better-auth"].map((one) => helperBeside(app, one, helper));
  return own !== undefined && other !== undefined && own !== other;
}

function oldBunConflict(root: string): string[] {
  const version = oldBun(root);
  return version === undefined
    ? []
    : [
        `Bun ${version} does not apply overrides inside of one package, which Bun 1.4 or later does. Until then the app may have two versions of the helper packages of Better Auth's plugins. Update Bun, and its version in packageManager if package.json has one, then run bun install.`,
      ];
}
