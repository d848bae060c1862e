// The helper packages that Better Auth's own packages share, and in which range each of them may be taken. Each helper
// has to be there once: two versions are two types, and TypeScript refuses the plugin. Reads package.json files.
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { findPackage } from "../disk/find-package.js";
import { isRecord } from "../disk/project.js";

/** True for a package that is released beside better-auth, and not as a part of it. */
export function isSatellite(name: string): boolean {
  return /^@better-auth\/[\w-]+$/.test(name) && !PARTS.test(name);
}

/** The package of `name@1.2.0`, or of a name alone. */
export function nameOf(spec: string): string {
  return spec.replace(/(?<=.)@.*$/, "");
}

/** "1.7" of 1.7.25 and of ^1.7.0; undefined where no version is named. */
export function releaseOf(spec: string | undefined): string | undefined {
  return /\d+\.\d+/.exec(spec ?? "")?.[0];
}

export const HELPERS = ["better-call", "@better-auth/utils", "@better-fetch/fetch"] as const;

export type Helper = (typeof HELPERS)[number];

/** A range, so that it needs no change after an update. There is a better-call 2 that better-auth 1.7 does not fit. */
export const RANGES: Readonly<Record<Helper, string>> = {
  "better-call": "^1.0.0",
  "@better-auth/utils": ">=0",
  "@better-fetch/fetch": ">=0",
};

/**
 * The helpers that need an override for a separate package.
 *
 * @param which `dependencies`: those alone that it brings along itself; the others it finds beside better-auth
 */
export function helpersOf(name: string, which: "all" | "dependencies"): readonly Helper[] {
  if (which === "all") return HELPERS;
  return name === "@better-auth/expo" ? ["better-call", "@better-fetch/fetch"] : [];
}

/** The versions that the installed better-auth asks for. */
export function helpersBrought(root: string): Readonly<Partial<Record<Helper, string>>> {
  const { dependencies = {} } = helpersAsked(root, "better-auth") ?? {};
  return Object.fromEntries(
    HELPERS.flatMap((helper) => {
      const version = dependencies[helper];
      return typeof version === "string" && /^\d/.test(version) ? [[helper, version]] : [];
    }),
  );
}

/** What an installed package asks for, of each helper and of others. Undefined for one that is not installed. */
export function helpersAsked(
  root: string,
  name: string,
): Record<"peerDependencies" | "dependencies", Readonly<Record<string, unknown>>> | undefined {
  const manifest = manifestOf(root, name);
  if (!manifest) return undefined;
  const { peerDependencies, dependencies } = manifest;
  return {
    peerDependencies: isRecord(peerDependencies) ? peerDependencies : {},
    dependencies: isRecord(dependencies) ? dependencies : {},
  };
}

/** The version of a helper that an installed package finds; undefined if it finds none. */
export function helperBeside(root: string, name: string, helper: Helper): string | undefined {
  const folder = findPackage(root, name);
  const version = folder && manifestOf(realpathSync(folder), helper)?.version;
  return typeof version === "string" ? version : undefined;
}

/** True for a version, and not for a range of them: what Better Auth's packages pin. */
export function isExact(spec: unknown): spec is string {
  return typeof spec === "string" && /^\d+\.\d+\.\d+$/.test(spec);
}

// --- internal ---

function manifestOf(root: string, name: string): Record<string, unknown> | undefined {
  const folder = findPackage(root, name);
  if (folder === undefined) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return isRecord(manifest) ? manifest : {};
}

/** Those that better-auth itself depends on. */
const PARTS = /\/(core|utils|telemetry|cli|(kysely|drizzle|prisma|mongo|memory)-adapter)$/;
