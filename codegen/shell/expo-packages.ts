// The packages that auth needs in an Expo app, in the releases that go with the app's Expo. Reads only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { declaredSpec, installedIn, packageFolder } from "../disk/project.js";
import { readTextFile } from "../disk/read-text.js";
import type { Project } from "../types.js";

/** What `expoClient()` imports, and the place where it keeps the session. */
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
 * Those packages; where it is not that of the app's better-auth, with the range.
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

/** What `npx expo install` reads: the release of each package that goes with the installed Expo. */
function loadFitting(project: Project): Readonly<Record<string, string | undefined>> {
  const folder = packageFolder(project, "expo");
  const path = folder && join(folder, "bundledNativeModules.json");
  if (path === undefined || !existsSync(path)) return {};
  // A file of Expo's, which maps names to ranges.
  return JSON.parse(readTextFile(path) ?? "{}") as Record<string, string>;
}

/** Without the patch: a registry may not have it yet, and the newest that is there fits as well. */
function looser(spec: string | undefined): string | undefined {
  return spec?.replace(/^~(\d+\.\d+)\.\d+$/, "~$1.0");
}

/** Expo's packages have its own major version. */
function sameMajor(project: Project): string {
  const spec = installedIn(project, "expo") ?? declaredSpec(project, "expo") ?? "";
  const major = /\d+/.exec(spec)?.[0];
  return major === undefined ? "latest" : `~${major}.0.0`;
}
