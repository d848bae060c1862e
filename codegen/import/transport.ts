// Calls the functions of generated/import.ts: over HTTP where the deployment's address and key are at hand, else by the
// convex CLI. Documents that Convex quotes in its errors are cut out, since they hold password hashes.
import type { Value } from "convex/values";
import type { ConvexCli } from "../env/convex-cli.js";
import {
  isLocalUrl,
  readEnvironment,
  readLocalBackend,
  type Deployment,
} from "../env/deployment.js";
import { CodegenError, errorOfDeployment } from "../errors.js";
import {
  adminKeyRefused,
  deployKeyRefused,
  importFailed,
  importNotDeployed,
  importTooLarge,
  importUnreachable,
} from "../errors/import.js";
import type { Project } from "../types.js";

export type Transport = {
  /** Calls `generated/import:<name>`. @throws CodegenError `IMPORT_FAILED`, `IMPORT_NOT_DEPLOYED`, and of the app */
  readonly call: (name: string, args: object) => Promise<unknown>;
  /** Of the arguments of one call, as `sizeOf` counts them. */
  readonly maxBytes: number;
};

/** Bytes of arguments as JSON. */
export function sizeOf(args: unknown): number {
  return Buffer.byteLength(JSON.stringify(args));
}

/** The way to a deployment. */
export function openTransport(input: {
  readonly project: Project;
  readonly deployment: Deployment;
  readonly cli: ConvexCli;
}): Transport {
  const address = addressOf(input);
  if (!address) return overCli(input.cli);
  return {
    maxBytes: 1024 * 1024,
    call: (name, args) => again(() => post(address, name, args)),
  };
}

// --- internal ---

const MODULE = "generated/import";

/** Linux takes 128 KiB for an argument, and Windows 32,767 characters for all of them, with each quote as two. */
const MAX_ARGUMENT_BYTES = (process.platform === "win32" ? 14 : 90) * 1024;

const MAX_TRIES = 5;
const FIRST_WAIT_MS = 250;

type Address = { readonly url: string; readonly key: string };

/** A deploy key opens the deployment that it names; its address is in the app's own variables. */
function addressOf({
  project,
  deployment,
}: {
  readonly project: Project;
  readonly deployment: Deployment;
}): Address | undefined {
  const env = readEnvironment(project);
  if (deployment.kind === "self-hosted")
    return { url: deployment.url, key: env.CONVEX_SELF_HOSTED_ADMIN_KEY ?? "" };
  if (deployment.kind === "local") return localAddress(project);
  const deployKey = env.CONVEX_DEPLOY_KEY || env.CONVEX_DEPLOYMENT_TOKEN;
  const name = /^(?:\w+:)?([\w-]+)\|/.exec(deployKey ?? "")?.[1];
  if (deployKey === undefined || name === undefined) return undefined;
  const url = Object.entries(env).find(
    ([variable, value]) =>
      /(^|_)CONVEX_URL$/.test(variable) &&
      value !== undefined &&
      URL.canParse(value) &&
      new URL(value).hostname.startsWith(`${name}.`),
  )?.[1];
  return url === undefined ? undefined : { url, key: deployKey };
}

/** The convex CLI keeps the key of the backend that it runs beside the app. */
function localAddress(project: Project): Address | undefined {
  const { port, adminKey } = readLocalBackend(project);
  if (port === undefined || adminKey === undefined) return undefined;
  return { url: `http://127.0.0.1:${port}`, key: adminKey };
}

function overCli(cli: ConvexCli): Transport {
  return {
    maxBytes: MAX_ARGUMENT_BYTES,
    call: async (name, args) => {
      try {
        return await cli.run(`${MODULE}:${name}`, args as Record<string, unknown>);
      } catch (error) {
        if (isTooLong(error)) throw importTooLarge();
        if (!(error instanceof CodegenError)) throw error;
        throw failed(error.message, error.code, dataIn(error.message));
      }
    },
  };
}

/** The operating system does not start a process with such an argument. */
function isTooLong(error: unknown): boolean {
  const { code } = error as { code?: unknown }; // of any error
  return code === "E2BIG" || code === "ENAMETOOLONG";
}

class Passing extends Error {}

/** A batch that was applied changes nothing when it comes again, so any call may be made again. */
async function again<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      if (attempt === MAX_TRIES) throw importUnreachable({ reason: error.message });
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
    }
  }
}

async function post({ url, key }: Address, name: string, args: object): Promise<unknown> {
  const { convexToJson, jsonToConvex } = await import("convex/values");
  const body = JSON.stringify({
    path: `${MODULE}:${name}`,
    format: "convex_encoded_json",
    args: [convexToJson(args as Value)], // plain data
  });
  const headers = { "content-type": "application/json", authorization: `Convex ${key}` };
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL("/api/function", url), { method: "POST", headers, body });
    text = await response.text();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }; // as fetch throws
    throw new Passing(cause?.code ?? "the connection broke");
  }
  const answer = parseAnswer(text);
  if (answer?.status === "success") return jsonToConvex(answer.value as never); // encoded by Convex
  if (answer?.errorMessage !== undefined) {
    if (/OptimisticConcurrencyControlFailure/.test(answer.errorMessage))
      throw new Passing("other writes were faster");
    throw failed(answer.errorMessage, undefined, answer.errorData);
  }
  if (response.status >= 500 || response.status === 429)
    throw new Passing(`HTTP ${response.status}`);
  if (response.status === 401 || response.status === 403)
    throw isLocalUrl(url) ? adminKeyRefused() : deployKeyRefused();
  throw failed(text || `HTTP ${response.status}`);
}

type Answer = {
  readonly status?: string;
  readonly value?: unknown;
  readonly errorMessage?: string;
  readonly errorData?: unknown;
};

function parseAnswer(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer; // as Convex answers
  } catch {
    // A proxy's page: what the status says.
    return undefined;
  }
}

/** The data of a ConvexError, as the convex CLI prints it. */
function dataIn(text: string): unknown {
  const printed = /ConvexError: (\{.*\})/.exec(text)?.[1];
  return printed === undefined ? undefined : parseAnswer(printed);
}

/** The app's own error, as far as it may be shown. */
function failed(message: string, code?: string, data?: unknown): CodegenError {
  const text = withoutDocuments(message);
  if (/Could not find (public )?function/.test(text)) return importNotDeployed();
  if (code === "DEPLOYMENT_UNREACHABLE") return importUnreachable({ reason: text });
  const known = data as { kitcn?: unknown; code?: string; message?: string; hint?: string } | null; // checked below
  if (known?.kitcn === true && known.code !== undefined)
    return errorOfDeployment({ code: known.code, message: known.message, hint: known.hint });
  return importFailed({ reason: text });
}

/** Convex quotes the whole document that a schema refuses. */
function withoutDocuments(text: string): string {
  return text
    .replace(/\b(Object|Value|Validator):[^]*?(?=\n\s*(?:at |Path:)|$)/g, "")
    .replace(/\{[^]*\}/g, "{...}")
    .trim();
}
