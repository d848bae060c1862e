// Findings about installed packages. Pure.
import { brokenPackage, nodeTooOld } from "../errors/packages.js";
import { installLine, type Misfit } from "../packages/satellites.js";
import { isSupported, SUPPORTED } from "../packages/supported.js";
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
    const { message, hint } = brokenPackage(one);
    return { code: "BROKEN_PACKAGE", level: "error", message, fix: hint };
  });
  if (node) {
    const { message, hint } = nodeTooOld(node);
    findings.push({ code: "NODE_TOO_OLD", level: "error", message, fix: hint });
  }
  findings.push(...misfits.map(checkMisfit));
  for (const { name, min, below } of SUPPORTED) {
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
      message: `better-auth is installed ${copies.length} times, so its parts do not work together: ${copies.map(({ version, path }) => `${version} in ${path}`).join(", ")}.`,
      fix: "Give every package the same better-auth (`npm dedupe`, or one version in overrides), then install again.",
    });
  return findings;
}

/** The finding about a package that npm will refuse, with the command that makes it fit. */
export function checkMisfit({ name, version, asks }: Misfit): Finding {
  return {
    code: "PEERS_DO_NOT_FIT",
    level: "warning",
    message: `${name} ${version} asks npm for ${asks.join(" and for ")}: the next npm install may fail with ERESOLVE.`,
    fix: installLine(name),
  };
}
