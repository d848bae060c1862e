// What it means when the convex CLI fails: its text in, an error with the next step out. Pure.
// The texts come from the CLI and from the deployment, so unknown ones pass through as they are.
import type { CodegenError } from "../errors.js";
import {
  cliFailed,
  configReadsUnset,
  configRejected,
  deploymentSilent,
  loginRefused,
  nodeModuleImported,
} from "../errors/env.js";

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
  if (failure.isOffline || UNREACHABLE.test(text))
    return deploymentSilent({ address: /connect \w+ (\S+)/.exec(text)?.[1] });
  const variable = UNSET_VARIABLE.exec(text)?.[1];
  if (variable !== undefined) return configReadsUnset({ variable });
  if (AUTH_CONFIG.test(text)) return configRejected({ printed: text });
  if (REFUSED.test(text)) return loginRefused({ printed: text });
  const [found, name = "", file = "", line = ""] = NODE_MODULE.exec(text) ?? [];
  if (found !== undefined) return nodeModuleImported({ place: `${file}:${line}`, name });
  const command = args.filter((one) => !/^[{["]/.test(one)).join(" ");
  return cliFailed({ command, printed: text });
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
