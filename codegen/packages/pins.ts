// The line of an app that decides a package's version, whatever a command asks for: an override, or an entry of a
// catalog. Reads package.json, pnpm-workspace.yaml and .yarnrc.yml; plans no change.
import { join } from "node:path";
import { loadYaml, PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { declaredSpec, isRecord } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import type { Project } from "../types.js";
import { packageJsonOf } from "./manager-version.js";
import { loadOverrides, managerOf, OVERRIDES, type Place } from "./override-lines.js";
import { placeIn } from "./satellites.js";

/** Where a line is, and what it says. */
export type Pin = {
  /** Absolute. */
  readonly file: string;
  /** What the line is in: `overrides`, `catalog`, `catalogs.react`. */
  readonly list: string;
  readonly key: string;
  readonly value: string;
  /** True for an override: it wins over what a package.json asks for. */
  readonly isForAll: boolean;
};

/**
 * The line that decides which version of a package an app has. Undefined if it is the app's own package.json, as a
 * command changes it.
 *
 * @throws CodegenError `INVALID_PNPM_WORKSPACE`
 */
export function pinOf(project: Project, name: string): Pin | undefined {
  const place = placeIn(project.root);
  const override = overrideOf(place, name);
  const spec = override?.value ?? declaredSpec(project, name);
  const entry = spec === undefined ? undefined : entryOf(place, name, spec);
  return entry ? { ...entry, isForAll: override !== undefined } : override;
}

/**
 * What to write so that an app gets another version of a package. Undefined where a command can do it.
 *
 * @param version a version, or a range
 */
export function printPinned(project: Project, name: string, version: string): string | undefined {
  const pin = pinOf(project, name);
  if (!pin) return undefined;
  const { file, list, key, value } = pin;
  const place = placeIn(project.root);
  return `Your line "${key}" in ${list} of ${file} keeps it at ${value}. Write "${version}" in that line, then run in ${place.root}: ${managerOf(place)} install`;
}

// --- internal ---

/** A reference to the app's own dependency (`$better-auth`) decides nothing. */
function overrideOf(place: Place, name: string): Pin | undefined {
  const { all, keys } = loadOverrides(place);
  const key = keys.get(name);
  const line = key === undefined ? undefined : all[key];
  const value = isRecord(line) ? line["."] : line;
  if (key === undefined || typeof value !== "string" || value.startsWith("$")) return undefined;
  const file = place.form === "pnpm-yaml" ? PNPM_WORKSPACE : "package.json";
  return { file: join(place.root, file), list: OVERRIDES[place.form], key, value, isForAll: true };
}

/** The entry that `catalog:` or `catalog:react` names. */
function entryOf(
  { root, form }: Place,
  name: string,
  spec: string,
): Omit<Pin, "isForAll"> | undefined {
  const asked = /^catalog:(.*)$/.exec(spec)?.[1];
  if (asked === undefined) return undefined;
  const named = asked !== "" && asked !== "default";
  const list = named ? `catalogs.${asked}` : "catalog";
  for (const [file, all] of catalogHomes(root, form)) {
    const entries = named ? isRecord(all.catalogs) && all.catalogs[asked] : all.catalog;
    const value = isRecord(entries) ? entries[name] : undefined;
    if (typeof value === "string") return { file: join(root, file), list, key: name, value };
  }
  return undefined;
}

/** What may hold catalogs, by file. */
function catalogHomes(root: string, form: Place["form"]): [string, Record<string, unknown>][] {
  if (form !== "bun") {
    const file = form.startsWith("pnpm") ? PNPM_WORKSPACE : ".yarnrc.yml";
    return [[file, readYaml(join(root, file))]];
  }
  const packageJson = packageJsonOf(root);
  const { workspaces } = packageJson;
  return [
    ["package.json", isRecord(workspaces) ? workspaces : {}],
    ["package.json", packageJson],
  ];
}

/** A file that does not parse is reported by those who need it. */
function readYaml(path: string): Record<string, unknown> {
  const value: unknown = loadYaml()
    .parseDocument(readTextFile(path) ?? "")
    .toJS();
  return isRecord(value) ? value : {};
}
