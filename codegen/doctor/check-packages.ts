// Findings about installed packages. Pure.
import {
  betterAuthNotInstalled,
  betterAuthTwice,
  packageNotInstalled,
  helpersTwice,
  packageUnsupported,
  overridesKeepTwo,
  peersDoNotFit,
} from "../errors/doctor-packages.js";
import { brokenPackage, nodeTooOld } from "../errors/packages.js";
import { managerOf, OVERRIDES, type Place } from "../packages/override-lines.js";
import { BY_NPM, printInstall } from "../packages/overrides.js";
import type { Misfit } from "../packages/satellites.js";
import { isSupported, SUPPORTED } from "../packages/supported.js";
import { findingOf } from "./fix-of.js";
import type { Finding, PackageFacts } from "./types.js";

/** `NODE_TOO_OLD`, `PEERS_DO_NOT_FIT`, `NO_BETTER_AUTH`, `PACKAGE_VERSION`, `BROKEN_PACKAGE`, `DUPLICATE_BETTER_AUTH`. */
export function checkPackages({
  versions,
  copies,
  broken,
  node,
  misfits = [],
  place = BY_NPM,
  pinned = {},
}: PackageFacts): Finding[] {
  const findings: Finding[] = broken.map((one) => findingOf(brokenPackage(one)));
  if (node) findings.push(findingOf(nodeTooOld(node)));
  findings.push(...misfits.flatMap(checkMisfit));
  for (const { name, min, below } of SUPPORTED) {
    const version = versions[name];
    const wants = `>=${min} <${below}`;
    const command = printInstall(place, `"${name}@${wants}"`);
    if (version === undefined)
      findings.push(
        name === "better-auth"
          ? betterAuthNotInstalled({ command })
          : packageNotInstalled({ name, command }),
      );
    else if (!isSupported(name, version))
      findings.push(packageUnsupported({ name, version, wants, fix: pinned[name] ?? command }));
  }
  if (copies.length > 1)
    findings.push(
      betterAuthTwice({
        copies: copies.map(({ version, path }) => `${version} in ${path}`),
        manager: managerOf(place),
        dedupe: DEDUPE[place.form],
        list: OVERRIDES[place.form],
      }),
    );
  return findings;
}

/** The findings about a package that does not fit the app's better-auth, with what makes it fit. */
export function checkMisfit(misfit: Misfit): Finding[] {
  const { name, version, conflicts } = misfit;
  return [
    ...(misfit.asks.length > 0 ? [withoutOverrides(misfit)] : []),
    ...conflicts.map((conflict) => overridesKeepTwo({ name, version, conflict })),
  ];
}

// --- internal ---

function withoutOverrides({ name, version, asks, place, home }: Misfit): Finding {
  const where = home === undefined ? "" : `In ${home}: `;
  // The root of a repository is not what has the package.
  const verb = place.form === "npm" && home === undefined ? "add" : "install";
  const command = `${where}${printInstall(place, name, { verb })}`;
  if (place.form === "npm") return peersDoNotFit({ name, version, asks, command });
  return helpersTwice({ name, version, asks, manager: managerOf(place), command });
}

/** What makes several versions one where ranges allow it. Bun and Yarn 1 have no such command. */
const DEDUPE: Partial<Record<Place["form"], string>> = {
  npm: "npm dedupe",
  "pnpm-json": "pnpm dedupe",
  "pnpm-yaml": "pnpm dedupe",
  "yarn-berry": "yarn dedupe",
};
