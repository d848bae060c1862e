// Findings about installed packages. Pure.
import { describeMismatch } from "../packages/node-engine.js";
import { installLine, type Misfit } from "../packages/satellites.js";
import { describeBroken } from "../packages/whole-package.js";
import type { Finding, PackageFacts } from "./types.js";

/** `NODE_TOO_OLD`, `PEERS_DO_NOT_FIT`, `NO_BETTER_AUTH`, `PACKAGE_VERSION`, `BROKEN_PACKAGE`, `DUPLICATE_BETTER_AUTH`. */
export function checkPackages({
  versions,
  copies,
  broken,
  node,
  misfits = [],
}: PackageFacts): Finding[] {
  const findings: Finding[] = broken.map((one) => {
    const { message, hint } = describeBroken(one);
    return { code: "BROKEN_PACKAGE", level: "error", message, fix: hint };
  });
  if (node) {
    const { message, hint } = describeMismatch(node);
    findings.push({ code: "NODE_TOO_OLD", level: "error", message, fix: hint });
  }
  findings.push(...misfits.map(checkMisfit));
  for (const { name, min, below } of RANGES) {
    const version = versions[name];
    if (version === undefined)
      findings.push({
        code: name === "better-auth" ? "NO_BETTER_AUTH" : "PACKAGE_VERSION",
        level: "error",
        message: `${name} is not installed.`,
        fix: `npm install "${name}@>=${min} <${below}"`,
      });
    else if (!isSupported(name, version))
      findings.push({
        code: "PACKAGE_VERSION",
        level: "error",
        message: `${name} ${version} is installed; kitcn works with >=${min} <${below}.`,
        fix: `npm install "${name}@>=${min} <${below}"`,
      });
  }
  if (copies.length > 1)
    findings.push({
      code: "DUPLICATE_BETTER_AUTH",
      level: "error",
      message: `better-auth is installed ${copies.length} times, so its parts do not know each other: ${copies.map(({ version, path }) => `${version} in ${path}`).join(", ")}.`,
      fix: "Give every package the same better-auth (`npm dedupe`, or one version in overrides), then install again.",
    });
  return findings;
}

/** The finding about a package that npm will refuse, with the command that makes it fit. */
export function checkMisfit({ name, version, asks }: Misfit): Finding {
  return {
    code: "PEERS_DO_NOT_FIT",
    level: "warning",
    message: `${name} ${version} asks npm for ${asks.join(" and for ")}: the next npm install may end with ERESOLVE.`,
    fix: installLine(name),
  };
}

/** Whether a version of a package is one that kitcn works with. */
export function isSupported(name: PeerName, version: string): boolean {
  const range = RANGES.find((one) => one.name === name);
  return !range || (!isBefore(version, range.min) && isBefore(version, range.below));
}

/** A prerelease counts as the version it leads to. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split(/[.+-]/).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export type PeerName = (typeof RANGES)[number]["name"];

// --- internal ---

/** The peer ranges of package.json. */
const RANGES = [
  { name: "better-auth", min: "1.7.8", below: "1.8.0" },
  { name: "convex", min: "1.44.0", below: "2.0.0" },
] as const;
