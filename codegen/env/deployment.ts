// Which deployment the convex CLI will act on, and whether a local one answers. Reads only.
import { join } from "node:path";
import { readTextFile } from "../disk/read-text.js";
import type { Project } from "../types.js";
import { parseEnvFile } from "./env-file.js";

/** A deployment as the environment names it. */
export type Deployment =
  | { readonly kind: "self-hosted"; readonly url: string; readonly isLocal: boolean }
  /** Run by the convex CLI on this machine; `urls` are where it may listen. */
  | { readonly kind: "local"; readonly name: string; readonly urls: readonly string[] }
  | {
      readonly kind: "cloud";
      readonly isProduction: boolean;
      readonly isPreview: boolean;
      readonly byDeployKey: boolean;
      /** A key for all previews of a project, which names none of them. */
      readonly isPreviewKey: boolean;
    }
  | { readonly kind: "none" };

/** What the convex CLI would choose: the shell first, then .env.local, then .env. */
export function findDeployment(project: Project): Deployment {
  const env = readEnvironment(project);
  const deployKey = env.CONVEX_DEPLOY_KEY || env.CONVEX_DEPLOYMENT_TOKEN;
  // A key of a project opens all its deployments. The CLI then chooses by its flags alone.
  if (deployKey?.startsWith("project:")) return cloudOf("");
  if (deployKey)
    return {
      kind: "cloud",
      isProduction: isProductionKey(deployKey),
      isPreview: deployKey.startsWith("preview:"),
      byDeployKey: true,
      isPreviewKey: /^preview:[^:|]*:[^:|]*\|/.test(deployKey),
    };
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey } = env;
  if (url && adminKey) return { kind: "self-hosted", url, isLocal: isLocalUrl(url) };
  const name = env.CONVEX_DEPLOYMENT;
  if (!name) return { kind: "none" };
  if (/^(local|anonymous):/.test(name))
    return { kind: "local", name, urls: [...urlOfState(project), ...localUrls(env)] };
  return cloudOf(name);
}

/** The variables that choose a deployment: the shell's first, then .env.local's, then .env's. */
export function readEnvironment({ root }: Project): Record<string, string | undefined> {
  return {
    ...loadEnvFile(join(root, ".env")),
    ...loadEnvFile(join(root, ".env.local")),
    ...process.env,
  };
}

/** True when a deployment on this machine answers within two seconds. */
export async function isReachable(deployment: Deployment): Promise<boolean> {
  const urls =
    deployment.kind === "local"
      ? deployment.urls
      : deployment.kind === "self-hosted" && deployment.isLocal
        ? [deployment.url]
        : [];
  for (const url of urls) if (await answers(url)) return true;
  return false;
}

/** True for a URL, or a bare host, on this machine. */
export function isLocalUrl(value: string): boolean {
  const text = /^[a-z][\w+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    /^127(\.\d+){3}$/.test(hostname) ||
    hostname === "0.0.0.0" ||
    hostname === "[::1]"
  );
}

/** The address of a deployment's HTTP routes: another domain in the cloud, the next port on this machine. */
export function siteUrlOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (hostname.endsWith(".convex.cloud"))
    return `${protocol}//${hostname.replace(/cloud$/, "site")}`;
  return port === "" ? undefined : `${protocol}//${hostname}:${Number(port) + 1}`;
}

/**
 * The values of a .env file; none where there is no file.
 *
 * @throws CodegenError `UNREADABLE_FILE`
 */
export function loadEnvFile(path: string): Record<string, string> {
  return parseEnvFile(readTextFile(path) ?? "");
}

/** The backend that the convex CLI runs beside the app; empty before its first start. */
export function readLocalBackend({ root }: Project): {
  readonly port?: number | undefined;
  readonly adminKey?: string | undefined;
} {
  const text = readTextFile(join(root, ".convex", "local", "default", "config.json")) ?? "";
  return {
    port: Number(/"cloud"\s*:\s*(\d+)/.exec(text)?.[1]) || undefined,
    adminKey: /"adminKey"\s*:\s*"([^"]+)"/.exec(text)?.[1],
  };
}

// --- internal ---

function cloudOf(name: string): Deployment {
  return {
    kind: "cloud",
    isProduction: name.startsWith("prod:"),
    isPreview: name.startsWith("preview:"),
    byDeployKey: false,
    isPreviewKey: false,
  };
}

/** A busy machine takes seconds to answer. Where nothing listens, the error comes at once. */
const PROBE_TIMEOUT_MS = 10_000;

/** Any answer counts: what listens is the convex CLI's to judge. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL("/version", url), {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return true;
  } catch {
    // Refused or too slow: not reachable is the answer, not an error.
    return false;
  }
}

function isProductionKey(key: string): boolean {
  return key.startsWith("prod:") || !/^(dev|preview|project|local):/.test(key);
}

function urlOfState(project: Project): string[] {
  const { port } = readLocalBackend(project);
  return port === undefined ? [] : [`http://127.0.0.1:${port}`];
}

function localUrls(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /(^|_)CONVEX_URL$/.test(name) && value && isLocalUrl(value) ? [value] : [],
  );
}
