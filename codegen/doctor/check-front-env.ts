// Findings about the addresses of the deployment that a front end has in its .env files. Pure.
import { isLocalUrl, siteUrlOf } from "../env/deployment.js";
import { frontAddressMissing, frontCallsOther, shellCallsOther } from "../errors/doctor-env.js";
import type { Finding } from "./types.js";

/** One variable as the front end gets it: the last of its files, or the shell. */
export type FrontVariable = {
  readonly value: string;
  /** From the repository's folder. Undefined for the shell. */
  readonly file: string | undefined;
  readonly line: number | undefined;
};

export type FrontEnvFacts = {
  /** Names of the address, and of the address of the HTTP routes. */
  readonly url: string;
  readonly site: string;
  /** Where `npx convex dev` or a person writes them, from the repository's folder. */
  readonly file: string;
  /** False if the front end takes the address of the routes from the other address, in Convex's cloud. */
  readonly needsSite: boolean;
  /** Which of the two the front end's modules mention. */
  readonly mentioned: ReadonlySet<string>;
  readonly variables: Readonly<Record<string, FrontVariable | undefined>>;
};

/** The deployment of the backend. */
export type BackendFacts = {
  /** As in `https://happy-animal-123.convex.cloud`; undefined for a deployment on another host. */
  readonly cloudName: string | undefined;
  readonly url: string;
  /** Undefined if nobody knows it. */
  readonly siteUrl: string | undefined;
  /** False where a build gets its addresses elsewhere, as on a server: then no front end lacks one. */
  readonly isOnFile: boolean;
};

/** `FRONT_OTHER_DEPLOYMENT`, `FRONT_ADDRESS_MISSING`. */
export function checkFrontEnv(fronts: readonly FrontEnvFacts[], backend: BackendFacts): Finding[] {
  return fronts.flatMap((front) => {
    const url = front.variables[front.url];
    const site = front.variables[front.site];
    const isStale = url !== undefined && isOther(url.value, backend);
    const isOfStale = isStale && site !== undefined && siteUrlOf(url.value) === site.value;
    const isSiteStale = site !== undefined && (isOfStale || isOtherSite(site.value, backend));
    const isSiteNeeded = front.needsSite || !isCloud(url?.value ?? backend.url);
    return [
      ...(isStale ? [stale(front.url, url, backend.url)] : []),
      ...(isSiteStale ? [stale(front.site, site, backend.siteUrl ?? siteUrlOf(backend.url))] : []),
      ...(url ? [] : missing(front, front.url, backend)),
      ...(site || !isSiteNeeded ? [] : missing(front, front.site, backend)),
    ];
  });
}

// --- internal ---

function stale(name: string, { file, line }: FrontVariable, wanted: string | undefined): Finding {
  const assignment = lineOf(name, wanted);
  return file === undefined || line === undefined
    ? shellCallsOther({ name, assignment })
    : frontCallsOther({ name, assignment, file, line });
}

function missing(front: FrontEnvFacts, name: string, backend: BackendFacts): Finding[] {
  if (!backend.isOnFile || !front.mentioned.has(name)) return [];
  const url = front.variables[front.url]?.value;
  // The address of the routes belongs to the other one, which may be right.
  const known = url !== undefined && !isOther(url, backend) ? siteUrlOf(url) : undefined;
  const site = backend.siteUrl ?? known ?? siteUrlOf(backend.url);
  const assignment = lineOf(name, name === front.url ? backend.url : site);
  return [frontAddressMissing({ name, assignment, file: front.file })];
}

function lineOf(name: string, value: string | undefined): string {
  return `${name}=${value ?? "<the address of the deployment's HTTP routes>"}`;
}

/** True only if it is certain: an address of one's own domain may lead to any deployment. */
function isOther(value: string, { cloudName, url }: BackendFacts): boolean {
  if (isCloud(value)) return cloudName === undefined || nameIn(value) !== cloudName;
  if (!isLocalUrl(value)) return false;
  return cloudName !== undefined || (isLocalUrl(url) && portOf(value) !== portOf(url));
}

/** Two ports of a local deployment are not known to belong together. */
function isOtherSite(value: string, { cloudName }: BackendFacts): boolean {
  if (isCloudSite(value)) return cloudName === undefined || nameIn(value) !== cloudName;
  return isLocalUrl(value) && cloudName !== undefined;
}

function isCloud(value: string): boolean {
  return hostOf(value).endsWith(".convex.cloud");
}

function isCloudSite(value: string): boolean {
  return hostOf(value).endsWith(".convex.site");
}

/** Between the name and the domain there may be a region. */
function nameIn(value: string): string | undefined {
  return hostOf(value).split(".")[0];
}

function hostOf(value: string): string {
  return URL.canParse(value) ? new URL(value).hostname : "";
}

function portOf(value: string): string {
  return URL.canParse(value) ? new URL(value).port : "";
}
