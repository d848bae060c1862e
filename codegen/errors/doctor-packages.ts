// What `kitcn doctor` says about installed packages.
// Only sentences: each function takes names and texts, and decides nothing.
import type { Finding } from "./finding-codes.js";

// `wants`: the range of versions that kitcn works with. `command`: installs one of it. `fix`: the same, or what to write.

export const betterAuthNotInstalled = ({ command }: { command: string }): Finding => ({
  code: "NO_BETTER_AUTH",
  level: "error",
  message: "better-auth is not installed.",
  fix: command,
});

export const packageNotInstalled = ({
  name,
  command,
}: {
  name: string;
  command: string;
}): Finding => ({
  code: "PACKAGE_VERSION",
  level: "error",
  message: `${name} is not installed.`,
  fix: command,
});

export const packageUnsupported = ({
  name,
  version,
  wants,
  fix,
}: {
  name: string;
  version: string;
  wants: string;
  fix: string;
}): Finding => ({
  code: "PACKAGE_VERSION",
  level: "error",
  message: `${name} ${version} is installed; kitcn works with ${wants}.`,
  fix,
});

/** `wants`: the first convex whose deployments sign tokens. */
export const convexCannotSign = ({
  version,
  wants,
  command,
}: {
  version: string;
  wants: string;
  command: string;
}): Finding => ({
  code: "PACKAGE_VERSION",
  level: "error",
  message: `convex ${version} is installed; convex({ signer: "deployment" }) in auth.ts needs ${wants} or newer.`,
  fix: command,
});

/** `copies`: each with its version and folder. `list`: what package.json or its like calls overrides. */
export const betterAuthTwice = ({
  copies,
  manager,
  dedupe,
  list,
}: {
  copies: readonly string[];
  manager: string;
  dedupe: string | undefined;
  list: string;
}): Finding => ({
  code: "DUPLICATE_BETTER_AUTH",
  level: "error",
  message: `Different parts of the app take better-auth from different folders, so they do not work together: ${copies.join(", ")}.`,
  fix: `Give every package the same better-auth (${dedupe === undefined ? "" : `\`${dedupe}\`, or `}one version in ${list}), then run ${manager} install.`,
});

/** `asks`: what it wants of npm; `command`: what installs one that fits. */
export const peersDoNotFit = ({
  name,
  version,
  asks,
  command,
}: {
  name: string;
  version: string;
  asks: readonly string[];
  command: string;
}): Finding => ({
  code: "PEERS_DO_NOT_FIT",
  level: "warning",
  message: `${name} ${version} asks npm for ${asks.join(" and for ")}: the next npm install may fail with ERESOLVE.`,
  fix: command,
});

/** The same where the package manager installs it: then both versions of each helper are there. */
export const helpersTwice = ({
  name,
  version,
  asks,
  manager,
  command,
}: {
  name: string;
  version: string;
  asks: readonly string[];
  manager: string;
  command: string;
}): Finding => ({
  code: "PEERS_DO_NOT_FIT",
  level: "warning",
  message: `${name} ${version} asks for ${asks.join(" and for ")}: ${manager} installs both versions, and TypeScript may refuse the plugin.`,
  fix: command,
});

/** `conflict`: which line of overrides it is, and what to write. */
export const overridesKeepTwo = ({
  name,
  version,
  conflict,
}: {
  name: string;
  version: string;
  conflict: string;
}): Finding => ({
  code: "PEERS_DO_NOT_FIT",
  level: "warning",
  message: `${name} ${version} may get other helper packages than better-auth, whatever its overrides: TypeScript may refuse the plugin.`,
  fix: conflict,
});
