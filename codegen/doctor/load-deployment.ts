// What a deployment says about itself: variables, the keys of its database, what it serves. Reads only.
import { COMPONENT_NAME } from "../patch/convex-config.js";
import type { ConvexCli } from "../env/convex-cli.js";
import type { Deployment } from "../env/deployment.js";
import { jwksPath } from "../../src/auth/http/base-path.js";
import { deploymentJwksUrl } from "../../src/auth/keys/deployment-keys.js";
import type { ServedFacts, Variables } from "./types.js";

/** Where the deployment's HTTP routes are; undefined where only Convex knows. */
export async function loadSiteUrl(
  deployment: Deployment,
  environment: Variables,
): Promise<string | undefined> {
  if (deployment.kind === "self-hosted")
    return (await urlsOfSelfHosted(deployment.url, environment)).convexSiteUrl;
  const named = Object.entries(environment).find(([name]) => /(^|_)CONVEX_SITE_URL$/.test(name));
  return named?.[1];
}

/** Where the deployment's functions are; undefined where only Convex knows. */
export async function loadCloudUrl(
  deployment: Deployment,
  environment: Variables,
): Promise<string | undefined> {
  if (deployment.kind === "self-hosted") {
    const urls = await urlsOfSelfHosted(deployment.url, environment);
    return urls.convexCloudUrl ?? deployment.url;
  }
  const named = Object.entries(environment).find(([name]) => /(^|_)CONVEX_URL$/.test(name));
  return named?.[1];
}

/** Ids of the keys that Convex publishes for a deployment; undefined where it does not answer with keys. */
export async function loadPublishedKids(cloudUrl: string): Promise<string[] | undefined> {
  try {
    const url = deploymentJwksUrl(cloudUrl);
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? kidsOf(await response.json()) : undefined;
  } catch {
    // Offline, or another thing than JSON: the caller says that it found no keys.
    return undefined;
  }
}

/** Ids of the signing keys in the deployment's database. */
export async function loadStoredKids(
  cli: ConvexCli,
  { inComponent }: { inComponent: boolean },
): Promise<string[]> {
  const operations = [{ kind: "findMany", input: { model: "jwks", where: [] } }];
  const rows = inComponent
    ? await cli.run("store:read", { operations }, { component: COMPONENT_NAME })
    : await cli.run("generated/store:authRead", { operations });
  return rowsOf(rows).map(({ id, publicKey }) => kidOfRow(id, publicKey));
}

/** What the JWKS endpoint answers; undefined when the site does not answer at all. */
export async function loadServed(
  siteUrl: string,
  basePath: string,
): Promise<ServedFacts | undefined> {
  const url = new URL(jwksPath(basePath), siteUrl).href;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status } = response;
    if (!response.ok) return { url, status, reason: reasonOf(await response.text()), kids: [] };
    return { url, status, kids: kidsOf(await response.json()) };
  } catch {
    // Offline, or another thing than JSON: the caller says that it was not checked.
    return undefined;
  }
}

/** As kitcn and Better Auth tell it in `message`, and Convex in `code`, behind the number of the request. */
export function reasonOf(text: string): string | undefined {
  const body = asObject(text);
  const told = [body.message, body.code].find((one) => typeof one === "string");
  const reason = told?.replace(/^\[Request ID: \w+\] Server Error(: |$)/, "").split("\n")[0];
  return reason === "" ? undefined : reason;
}

// --- internal ---

const TIMEOUT_MS = 10_000;

function asObject(text: string): { readonly message?: unknown; readonly code?: unknown } {
  try {
    return Object(JSON.parse(text)) as object; // of anything
  } catch {
    // HTML of a proxy, or an empty body: it says nothing of the failure.
    return {};
  }
}

type CanonicalUrls = { readonly convexSiteUrl?: string; readonly convexCloudUrl?: string };

async function urlsOfSelfHosted(url: string, environment: Variables): Promise<CanonicalUrls> {
  try {
    const response = await fetch(new URL("/api/v1/get_canonical_urls", url), {
      headers: { authorization: `Convex ${environment.CONVEX_SELF_HOSTED_ADMIN_KEY ?? ""}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = (await response.json()) as Readonly<Record<string, unknown>>; // checked below
    const textAt = (name: string) => {
      const value = body[name];
      return typeof value === "string" ? { [name]: value } : {};
    };
    return { ...textAt("convexSiteUrl"), ...textAt("convexCloudUrl") };
  } catch {
    return {};
  }
}

type Row = { readonly id: string; readonly publicKey: string };

/** The first answer of a batch of one. */
function rowsOf(answers: unknown): Row[] {
  const [rows] = Array.isArray(answers) ? (answers as unknown[]) : [];
  return Array.isArray(rows) ? (rows as Row[]) : []; // rows of the jwks model
}

function kidOfRow(id: string, publicKey: string): string {
  const { kid } = JSON.parse(publicKey) as { kid?: unknown }; // written by Better Auth
  return typeof kid === "string" ? kid : id;
}

function kidsOf(body: unknown): string[] {
  const { keys } = (body ?? {}) as { keys?: unknown }; // checked below
  if (!Array.isArray(keys)) return [];
  return (keys as { kid?: unknown }[]).flatMap(({ kid }) => (typeof kid === "string" ? [kid] : []));
}
