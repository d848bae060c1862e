// Which overrides an app's package manager needs so that Better Auth's separate packages share the helpers of its
// better-auth, and where they are written: package.json or pnpm-workspace.yaml, at the root of the repository. Reads
// files and plans; writes nothing, and never plans a change of a line that is there.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, loadFolder } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import type { FileChange } from "../types.js";
import { helpersBrought, helpersOf, isSatellite, RANGES, type Helper } from "./helpers.js";
import { addOverrides, PNPM_WORKSPACE, printOverride, readOverrides } from "./pnpm-workspace.js";

/** Where a package manager reads overrides. */
export type Place = {
  readonly root: string;
  readonly form: "npm" | "bun" | "pnpm-yaml" | "pnpm-json" | "yarn" | "yarn-berry";
};

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
  const conflicts: string[] = [];
  const missing: Override[] = [];
  for (const override of names.flatMap((name) => overridesFor(place, name))) {
    const own = ownLine(place, loaded, override);
    if (own === undefined) missing.push(override);
    const conflict = own && conflictOf(place, { own, wanted: brought[override.helper], override });
    if (conflict !== undefined) conflicts.push(conflict);
  }
  const old = place.form === "bun" && names.length > 0 ? oldBun(place.root) : undefined;
  if (old !== undefined) conflicts.push(old);
  const none = { commands: [], edits: [], conflicts: [...new Set(conflicts)], byHand: [] };
  if (missing.length === 0) return none;
  if (place.form !== "pnpm-yaml") return { ...none, commands: setCommand(place, missing) };
  const path = join(place.root, PNPM_WORKSPACE);
  const before = readTextFile(path);
  const lines = missing.map(printed);
  const entries = missing.map(({ name, helper, range }) => [`${name}>${helper}`, range] as const);
  const after = addOverrides(before ?? "", entries);
  return after === undefined
    ? { ...none, byHand: lines }
    : { ...none, edits: [{ path, before, after, lines }] };
}

/** The helpers that no line of the app's overrides decides for a package. */
export function helpersWithout(place: Place, name: string): readonly Helper[] {
  const loaded = loadOverrides(place);
  return overridesFor(place, name)
    .filter((one) => ownLine(place, loaded, one) === undefined)
    .map(({ helper }) => helper);
}

/**
 * The command that installs a package; of Better Auth's separate ones, with what gives it the helpers that are there.
 *
 * @param verb `install` for one that package.json names
 */
export function printInstall(place: Place, name: string, verb: "add" | "install" = "add"): string {
  const program = place.form === "npm" ? "npm" : (place.form.split("-")[0] ?? place.form);
  const add = place.form === "npm" ? `npm install ${name}` : `${program} add ${name}`;
  const install = verb === "add" ? add : `${program} install`;
  const overrides = isSatellite(name) ? overridesFor(place, name) : [];
  if (overrides.length === 0) return install;
  if (place.form === "pnpm-yaml")
    return `${printLines(overrides.map(printed))}\nThen run: ${install}`;
  return [...setCommand(place, overrides).map(printCommand), install].join(" && ");
}

/** A command to copy. Words with characters that a shell gives a meaning, as `>` and `[`, are in quotes. */
export function printCommand(command: readonly string[]): string {
  return command.map((one) => (/^[\w@./:=,+^~-]+$/.test(one) ? one : `"${one}"`)).join(" ");
}

/** The lines that a person adds to pnpm-workspace.yaml before a command runs. */
export function printLines(lines: readonly string[]): string {
  const list = lines.map((line) => `\n  ${line}`).join("");
  return `First add these lines to ${PNPM_WORKSPACE}, below "overrides:" (add that key, or the file, if it is missing):${list}`;
}

// --- internal ---

type Override = { readonly name: string; readonly helper: Helper; readonly range: string };
type Loaded = {
  readonly all: Readonly<Record<string, unknown>>;
  readonly keys: ReadonlyMap<string, string>;
};
/** A line of the user: its key, and its value. */
type OwnLine = { readonly key: string; readonly value: unknown; readonly isForAll: boolean };

function overridesFor({ form }: Place, name: string): Override[] {
  return helpersOf(name, form.startsWith("yarn") ? "dependencies" : "all").map((helper) => ({
    name,
    helper,
    range: form === "npm" ? ">=0" : RANGES[helper],
  }));
}

function printed({ name, helper, range }: Override): string {
  return printOverride(`${name}>${helper}`, range);
}

/** npm changes package.json for other package managers, too; it comes with Node. */
function setCommand({ form }: Place, overrides: readonly Override[]): string[][] {
  if (overrides.length === 0) return [];
  const program = form === "bun" ? ["bun", "pm", "pkg", "set"] : ["npm", "pkg", "set"];
  return [[...program, ...overrides.map((one) => setting(form, one))]];
}

function setting(form: Place["form"], { name, helper, range }: Override): string {
  if (form === "pnpm-json") return `pnpm.overrides[${name}>${helper}]=${range}`;
  if (form === "yarn") return `resolutions[**/${name}/${helper}]=${range}`;
  if (form === "yarn-berry") return `resolutions[${name}/${helper}]=${range}`;
  return `overrides[${name}][${helper}]=${range}`;
}

function loadOverrides({ root, form }: Place): Loaded {
  const all =
    form === "pnpm-yaml" ? readOverrides(root) : recordIn(packageJsonOf(root), PATHS[form]);
  return { all, keys: new Map(Object.keys(all).map((key) => [plainKey(form, key), key])) };
}

const PATHS = {
  npm: ["overrides"],
  bun: ["overrides"],
  "pnpm-json": ["pnpm", "overrides"],
  yarn: ["resolutions"],
  "yarn-berry": ["resolutions"],
} as const;

function recordIn(value: unknown, path: readonly string[]): Record<string, unknown> {
  const found = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
  return isRecord(found) ? found : {};
}

function packageJsonOf(root: string): Record<string, unknown> {
  return existsSync(join(root, "package.json")) ? loadFolder(root).packageJson : {};
}

/** A key without versions: `@better-auth/passkey@1.7.6>better-call@1` is one for the same package. */
function plainKey(form: Place["form"], key: string): string {
  if (form.startsWith("yarn"))
    return key.replace(/^\*\*\//, "").replace(/(?<=[^/])@[^/]*(?=\/|$)/g, "");
  return key.replace(/(?<=[^>])@[^>/]*(?=>|$)/g, "");
}

/** The line of the user that decides which helper a package gets. */
function ownLine(
  { form }: Place,
  { all, keys }: Loaded,
  { name, helper }: Override,
): OwnLine | undefined {
  const isNested = form === "npm" || form === "bun";
  const separator = form.startsWith("yarn") ? "/" : ">";
  const ofPackage = isNested ? keys.get(name) : keys.get(`${name}${separator}${helper}`);
  const value = ofPackage === undefined ? undefined : all[ofPackage];
  if (ofPackage !== undefined && !isNested) return { key: ofPackage, value, isForAll: false };
  if (ofPackage !== undefined && typeof value === "string")
    return { key: ofPackage, value: undefined, isForAll: false };
  if (ofPackage !== undefined && isRecord(value) && helper in value)
    return { key: `${ofPackage} > ${helper}`, value: value[helper], isForAll: false };
  const ofAll = keys.get(helper);
  return ofAll === undefined ? undefined : { key: ofAll, value: all[ofAll], isForAll: true };
}

/** Only an exact version that better-auth does not bring is known to be a second one. */
function conflictOf(
  place: Place,
  { own, wanted, override }: { own: OwnLine; wanted: string | undefined; override: Override },
): string | undefined {
  const { form } = place;
  const { name, helper, range } = override;
  const file = form === "pnpm-yaml" ? PNPM_WORKSPACE : "package.json";
  const again = `then run ${form.split("-")[0] ?? form} install`;
  if (own.value === undefined) {
    const helpers = overridesFor(place, name).map((one) => `"${one.helper}": "${one.range}"`);
    return `${file} has overrides for ${name} as a text. kitcn left it. Write an object, { ".": the text, ${helpers.join(", ")} }, ${again}.`;
  }
  const isExact = typeof own.value === "string" && /^\d+\.\d+\.\d+$/.test(own.value);
  if (!isExact || wanted === undefined || own.value === wanted) return undefined;
  const fit = own.isForAll ? wanted : range;
  return `${file} gives ${own.isForAll ? "every package" : name} ${helper} ${String(own.value)}, by your line "${own.key}" in overrides. kitcn left it. better-auth comes with ${helper} ${wanted}: write "${fit}" in that line, ${again}.`;
}

/** pnpm 10.5 reads pnpm-workspace.yaml, but not beside overrides in package.json; pnpm 11 reads no other file. */
function pnpmForm(root: string): Place["form"] {
  const [major = 0, minor = 0] = pnpmVersion(root);
  if (major >= 11) return "pnpm-yaml";
  if (major > 0 && (major < 10 || (major === 10 && minor < 5))) return "pnpm-json";
  const { pnpm } = packageJsonOf(root);
  return isRecord(pnpm) && isRecord(pnpm.overrides) ? "pnpm-json" : "pnpm-yaml";
}

/** The pnpm that package.json asks for, that installed the app, or that runs this process. */
function pnpmVersion(root: string): readonly number[] {
  const modules = join(root, "node_modules/.modules.yaml");
  const installed = existsSync(modules) ? readFileSync(modules, "utf8") : "";
  return versionIn([askedOf(root), installed, runningManager()], /(?:^|["\s])pnpm@(\d+)\.(\d+)/);
}

/** Before 1.4, Bun leaves out overrides of one package's dependencies. Undefined also if nothing tells the version. */
function oldBun(root: string): string | undefined {
  const [major, minor = 0] = versionIn([askedOf(root), runningManager()], /^bun@(\d+)\.(\d+)/);
  if (major === undefined || major > 1 || minor >= 4) return undefined;
  return `Bun ${major}.${minor} does not apply overrides inside of one package, which Bun 1.4 or later does. Until then the app may have two versions of the helper packages of Better Auth's plugins. Update Bun, and its version in packageManager if package.json has one, then run bun install.`;
}

/** `pnpm@10.5.0`, as package.json asks for it. */
function askedOf(root: string): string {
  const { packageManager } = packageJsonOf(root);
  return typeof packageManager === "string" ? packageManager : "";
}

function runningManager(): string {
  return process.env.npm_config_user_agent?.replace("/", "@") ?? "";
}

/** Major and minor version by the first text that has them. */
function versionIn(texts: readonly string[], pattern: RegExp): readonly number[] {
  const found = texts.flatMap((text) => pattern.exec(text) ?? []);
  return found.slice(1, 3).map(Number);
}
