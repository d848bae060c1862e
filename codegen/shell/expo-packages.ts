// Lists the packages that auth needs in an Expo app, in the releases that fit the app's Expo. Reads only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { declaredSpec, installedIn, packageFolder } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import type { Project } from "../types.js";

/** The packages that `expoClient()` imports, and the one where it stores the session. */
const OF_EXPO = [
  "expo-constants",
  "expo-linking",
  "expo-network",
  "expo-secure-store",
  "expo-web-browser",
] as const;

/** Both halves of Better Auth's plugin for Expo. */
export const EXPO_PLUGIN = "@better-auth/expo";

/**
 * The specs to install. Expo's own packages have a range.
 *
 * @example
 * expoSpecs(project); // ["@better-auth/expo", "expo-secure-store@~57.0.0", ...]
 */
export function expoSpecs(project: Project): string[] {
  const fits = loadFitting(project);
  return [
    EXPO_PLUGIN,
    ...OF_EXPO.map((name) => `${name}@${looser(fits[name]) ?? sameMajor(project)}`),
  ];
}

// --- internal ---

/** Reads the release of each package that fits the installed Expo, from the file that `npx expo install` reads. */
function loadFitting(project: Project): Readonly<Record<string, string | undefined>> {
  const folder = packageFolder(project, "expo");
  const path = folder && join(folder, "bundledNativeModules.json");
  if (path === undefined || !existsSync(path)) return {};
  // A file of Expo's, which maps names to ranges.
  return JSON.parse(readTextFile(path) ?? "{}") as Record<string, string>;
}

/** The range without its patch version: a registry may lack that one, and any newer patch fits, too. */
function looser(spec: string | undefined): string | undefined {
  return spec?.replace(/^~(\d+\.\d+)\.\d+$/, "~$1.0");
}

/** Expo's packages have its own major version. */
function sameMajor(project: Project): string {
  const spec = installedIn(project, "expo") ?? declaredSpec(project, "expo") ?? "";
  const major = /\d+/.exec(spec)?.[0];
  return major === undefined ? "latest" : `~${major}.0.0`;
}
