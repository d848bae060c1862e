// The lines of an app's overrides: which of them decides what helper one of Better Auth's separate packages gets, and
// which keeps a second version. Reads package.json and pnpm-workspace.yaml; plans no change.
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { isRecord } from "../disk/project.js";
import { helpersOf, isExact, RANGES, type Helper } from "./helpers.js";
import { packageJsonOf } from "./manager-version.js";
import { readOverrides } from "./pnpm-workspace.js";

/** Where a package manager reads overrides. */
export type Place = {
  readonly root: string;
  readonly form: "npm" | "bun" | "pnpm-yaml" | "pnpm-json" | "yarn" | "yarn-berry";
};

/** The range in which a package gets a helper. */
export type Override = { readonly name: string; readonly helper: Helper; readonly range: string };

/** The lines of an app, and their keys by what they are without versions. */
export type Loaded = {
  readonly all: Readonly<Record<string, unknown>>;
  readonly keys: ReadonlyMap<string, string>;
};

/** A line of the user: its key, and its value. */
export type OwnLine = { readonly key: string; readonly value: unknown; readonly isForAll: boolean };

/** Where each file has overrides. */
export const OVERRIDES: Readonly<Record<Place["form"], string>> = {
  npm: "overrides",
  bun: "overrides",
  "pnpm-yaml": "overrides",
  "pnpm-json": "pnpm.overrides",
  yarn: "resolutions",
  "yarn-berry": "resolutions",
};

/** The program that reads them. */
export function managerOf({ form }: Place): string {
  return form.split("-")[0] ?? form;
}

/** The overrides that a package needs, whether they are there or not. */
export function overridesFor({ form }: Place, name: string): Override[] {
  return helpersOf(name, form.startsWith("yarn") ? "dependencies" : "all").map((helper) => ({
    name,
    helper,
    range: form === "npm" ? ">=0" : RANGES[helper],
  }));
}

/** Those of them that no line of the app decides. A place without a folder has no lines. */
export function missingFor(place: Place, name: string): Override[] {
  if (place.root === "") return overridesFor(place, name);
  const loaded = loadOverrides(place);
  return overridesFor(place, name).filter((one) => ownLine(place, loaded, one) === undefined);
}

/** @throws CodegenError `INVALID_PNPM_WORKSPACE` */
export function loadOverrides({ root, form }: Place): Loaded {
  const all =
    form === "pnpm-yaml" ? readOverrides(root) : recordIn(packageJsonOf(root), OVERRIDES[form]);
  return { all, keys: new Map(Object.keys(all).map((key) => [plainKey(form, key), key])) };
}

/** The line of the user that decides which helper a package gets. */
export function ownLine(
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

/**
 * A sentence about a line that keeps a second version of a helper. Only an exact version that better-auth does not bring
 * is known to be one.
 */
export function conflictOf(
  place: Place,
  { own, wanted, override }: { own: OwnLine; wanted: string | undefined; override: Override },
): string | undefined {
  const { form } = place;
  const { name, helper, range } = override;
  const file = form === "pnpm-yaml" ? PNPM_WORKSPACE : "package.json";
  const again = `then run ${managerOf(place)} install`;
  if (own.value === undefined) {
    const helpers = overridesFor(place, name).map((one) => `"${one.helper}": "${one.range}"`);
    return `${file} has overrides for ${name} as a text. kitcn left it. Write an object, { ".": the text, ${helpers.join(", ")} }, ${again}.`;
  }
  if (!isExact(own.value) || wanted === undefined || own.value === wanted) return undefined;
  const fit = own.isForAll ? wanted : range;
  return `${file} gives ${own.isForAll ? "every package" : name} ${helper} ${own.value}, by your line "${own.key}" in ${OVERRIDES[form]}. kitcn left it. better-auth comes with ${helper} ${wanted}: write "${fit}" in that line, ${again}.`;
}

// --- internal ---

function recordIn(value: unknown, path: string): Record<string, unknown> {
  const keys = path.split(".");
  const found = keys.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
  return isRecord(found) ? found : {};
}

/** A key without versions: `@better-auth/passkey@1.7.6>better-call@1` is one for the same package. */
function plainKey(form: Place["form"], key: string): string {
  // Yarn 2 and later does not take the asterisks.
  const own = form === "yarn" ? key.replace(/^\*\*\//, "") : key;
  if (form.startsWith("yarn")) return own.replace(/(?<=[^/])@[^/]*(?=\/|$)/g, "");
  return key.replace(/(?<=[^>])@[^>/]*(?=>|$)/g, "");
}
