// What it means when the convex CLI fails: its text in, an error with the next step out. Pure.
// The texts come from the CLI and from the deployment, so unknown ones pass through as they are.
import { CodegenError } from "../errors.js";

export type CliFailure = {
  /** Arguments of the call. Those that may hold values are left out of messages. */
  readonly args: readonly string[];
  /** What the CLI said, without secrets. */
  readonly text: string;
  readonly isOffline: boolean;
};

/** True once the CLI only goes on trying to connect: it never gives up by itself. */
export function isOffline(printed: string): boolean {
  return (printed.match(/Attempting reconnect/g) ?? []).length >= MAX_ATTEMPTS;
}

/**
 * The error for a call that failed: `DEPLOYMENT_UNREACHABLE`, `DEPLOYMENT_REFUSED`, `AUTH_CONFIG_REJECTED`,
 * `NODE_MODULE_IMPORTED`, else `CONVEX_CLI_FAILED`.
 */
export function explainFailure(failure: CliFailure): CodegenError {
  const { args, text } = failure;
  if (failure.isOffline || UNREACHABLE.test(text)) return unreachable(text);
  const variable = UNSET_VARIABLE.exec(text)?.[1];
  if (variable !== undefined) return unsetVariable(variable);
  if (AUTH_CONFIG.test(text)) return authConfigRejected(text);
  if (REFUSED.test(text)) return refused(text);
  const unresolved = NODE_MODULE.exec(text);
  if (unresolved) return nodeModule(unresolved);
  const command = args.filter((one) => !/^[{["]/.test(one)).join(" ");
  return new CodegenError({
    code: "CONVEX_CLI_FAILED",
    message: `\`convex ${command}\` failed:\n${text || "(it printed nothing)"}`,
    hint: "Fix the error above, then run the command again.",
  });
}

// --- internal ---

const MAX_ATTEMPTS = 3;

const UNREACHABLE = /fetch failed|ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN|ETIMEDOUT/;
const UNSET_VARIABLE =
  /Environment variable (\w+) is used in auth config file but its value was not set/;
const AUTH_CONFIG =
  /AuthConfig\w+|InvalidAuthConfig|InvalidProviderDomainUrl|InsecureConfiguration|static JWKS cannot be read/;
const REFUSED =
  /BadAdminKey|InvalidDeploymentAdminKey|BadDeployKey|\b40[13] (Unauthorized|Forbidden)/;
/** The bundler's complaint: which module, and below it the file and line that imports it. */
const NODE_MODULE = /Could not resolve "([\w:/]+)"\s+(\S+?):(\d+):\d+:[^]*?is built into node/;

function nodeModule([, module = "", file = "", line = ""]: RegExpExecArray): CodegenError {
  return new CodegenError({
    code: "NODE_MODULE_IMPORTED",
    message: `${file}:${line} imports Node's module "${module}", which Convex functions that serve HTTP do not have.`,
    hint: 'Import it only in a module that begins with "use node", and call that module as an action. Or remove the package from auth.ts. node_modules/kitcn/docs/limits.md names the plugins that need Node.',
  });
}

function unreachable(text: string): CodegenError {
  const address = /connect \w+ (\S+)/.exec(text)?.[1];
  return new CodegenError({
    code: "DEPLOYMENT_UNREACHABLE",
    message: `The deployment does not answer${address === undefined ? "" : ` at ${address}`}.`,
    hint: "Start it (`npx convex dev` runs a local one), or check the network and CONVEX_SELF_HOSTED_URL. Nothing was set.",
  });
}

function unsetVariable(name: string): CodegenError {
  return new CodegenError({
    code: "AUTH_CONFIG_REJECTED",
    message: `Convex refuses auth.config.ts: it reads ${name}, which the deployment does not have.`,
    hint: `Set it first (npx convex env set ${name} <value>, or a line in convex/.env), or use \`getAuthConfigProvider()\` in auth.config.ts, which works while variables are missing.`,
  });
}

function authConfigRejected(text: string): CodegenError {
  return new CodegenError({
    code: "AUTH_CONFIG_REJECTED",
    message: `Convex refuses auth.config.ts with these variables; nothing was set:\n${text}`,
    hint: "Correct auth.config.ts and push it, or correct the variable that it reads. `npx kitcn doctor` checks both.",
  });
}

function refused(text: string): CodegenError {
  return new CodegenError({
    code: "DEPLOYMENT_REFUSED",
    message: `The deployment refuses this key or login:\n${text}`,
    hint: "Check CONVEX_DEPLOY_KEY or CONVEX_SELF_HOSTED_ADMIN_KEY, or log in with `npx convex login`.",
  });
}
