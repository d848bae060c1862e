// What `kitcn doctor` says about the variables of a deployment, and about the addresses that a front end has of it.
// Only sentences: each function takes names and texts, and decides nothing. `flag` is `--prod` or empty. None takes a
// value of a variable, but for addresses that a front end shows to anybody.
import type { Finding } from "./finding-codes.js";
import { spaced } from "./words.js";

type Flag = { flag: string };

// The secret. `version`: what a new one begins with, as `1:`, or empty.

export const secretNotSet = ({ flag }: Flag): Finding => ({
  code: "NO_SECRET",
  level: "error",
  message: "BETTER_AUTH_SECRET is not set on the deployment, so no session can be signed.",
  fix: spaced("npx kitcn env push", flag),
});

/** `weakness`: the end of a sentence. */
export const secretWeak = ({
  name,
  weakness,
  level,
  version,
  flag,
}: Flag & {
  name: string;
  weakness: string;
  level: Finding["level"];
  version: string;
}): Finding => ({
  code: "WEAK_SECRET",
  level,
  message: `${name} ${weakness}.`,
  fix: replaceSecret({ name, version, flag }),
});

/** `where`: the place in development that has the same. */
export const secretShared = ({
  name,
  where,
  version,
}: {
  name: string;
  where: string;
  version: string;
}): Finding => ({
  code: "SHARED_SECRET",
  level: "error",
  message: `Production has the same ${name} as development (${where}).`,
  fix: replaceSecret({ name, version, flag: "--prod" }),
});

// The address of the front end.

export const siteUrlNotSet = ({ flag }: Flag): Finding => ({
  code: "NO_SITE_URL",
  level: "error",
  message: "auth.ts reads SITE_URL, which is not set on the deployment.",
  fix: spaced("npx convex env set SITE_URL https://your.site", flag),
});

/** `file`: where it is set. */
export const siteUrlNotPushed = ({ file }: { file: string }): Finding => ({
  code: "NO_SITE_URL",
  level: "error",
  message: `auth.ts reads SITE_URL, which is set in ${file}, but not on the deployment.`,
  fix: "npx kitcn env push",
});

export const siteUrlLocal = (): Finding => ({
  code: "LOCAL_SITE_URL",
  level: "error",
  message: "SITE_URL of production points at a developer's machine.",
  fix: "npx convex env set SITE_URL https://your.site --prod",
});

// Variables of plugins and providers. `of`: what reads it.

/** `envFile`: the file with the variables of development. */
export const variableNotSet = ({
  name,
  of,
  level,
  envFile,
  file,
  line,
}: {
  name: string;
  of: string;
  level: Finding["level"];
  envFile: string;
  file: string;
  line: number;
}): Finding => ({
  code: "MISSING_VARIABLE",
  level,
  message: `${file}:${line} reads ${name} for ${of}, but it is not set on the deployment.`,
  fix: `Write its value into ${envFile}, then run npx kitcn env push.`,
  file,
  line,
});

/** Where no deployment could be asked. `envFile`: the file with the variables of development. */
export const variableNotInFile = ({
  name,
  of,
  envFile,
  file,
  line,
}: {
  name: string;
  of: string;
  envFile: string;
  file: string;
  line: number;
}): Finding => ({
  code: "MISSING_VARIABLE",
  level: "warning",
  message: `${file}:${line} reads ${name} for ${of}, but ${envFile} has no value for it. No deployment was asked.`,
  fix: `Write its value into ${envFile}, then run npx kitcn env push.`,
  file,
  line,
});

export const variableNotInProduction = ({
  name,
  of,
  file,
  line,
}: {
  name: string;
  of: string;
  file: string;
  line: number;
}): Finding => ({
  code: "MISSING_VARIABLE",
  level: "error",
  message: `${file}:${line} reads ${name} for ${of}, but it is not set on the deployment.`,
  fix: `npx convex env set ${name} <value> --prod`,
  file,
  line,
});

// What a front end has in its .env files. `assignment`: the line to write.

export const frontCallsOther = ({
  name,
  assignment,
  file,
  line,
}: {
  name: string;
  assignment: string;
  file: string;
  line: number;
}): Finding => ({
  code: "FRONT_OTHER_DEPLOYMENT",
  level: "warning",
  message: `${name} in ${file}:${line} names another deployment than the backend's, so the front end signs users in there.`,
  fix: `Write in ${file}: ${assignment}`,
  file,
  line,
});

export const shellCallsOther = ({
  name,
  assignment,
}: {
  name: string;
  assignment: string;
}): Finding => ({
  code: "FRONT_OTHER_DEPLOYMENT",
  level: "warning",
  message: `${name} in the environment names another deployment than the backend's, so the front end signs users in there.`,
  fix: `Set it in your shell: ${assignment}`,
});

export const frontAddressMissing = ({
  name,
  assignment,
  file,
}: {
  name: string;
  assignment: string;
  file: string;
}): Finding => ({
  code: "FRONT_ADDRESS_MISSING",
  level: "warning",
  message: `The front end reads ${name}, which ${file} does not set, so it cannot reach the deployment.`,
  fix: `Write in ${file}: ${assignment}`,
  file,
});

// --- internal ---

function replaceSecret({ name, version, flag }: Flag & { name: string; version: string }): string {
  const set = spaced(`npx convex env set ${name} "${version}$(openssl rand -base64 32)"`, flag);
  const push = spaced("npx kitcn env push", flag, "--rotate --yes");
  return `${set}, then ${push}. Everybody has to sign in again.`;
}
